from maillage.core import rooms


class RegisterConfig(rooms.RoomConfig):
    name = "maillage.register"
    label = "register"
