from maillage.core import rooms


class CallsConfig(rooms.RoomConfig):
    name = "maillage.calls"
    label = "calls"
