from maillage.core import rooms


class ApiConfig(rooms.RoomConfig):
    name = "maillage.api"
    label = "api"
