from maillage.core import rooms


class DeskConfig(rooms.RoomConfig):
    name = "maillage.desk"
