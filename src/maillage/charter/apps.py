from maillage.core import rooms


class CharterConfig(rooms.RoomConfig):
    name = "maillage.charter"
    label = "charter"
