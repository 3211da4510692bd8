from maillage.core import rooms


class VenturesConfig(rooms.RoomConfig):
    name = "maillage.ventures"
    label = "ventures"
