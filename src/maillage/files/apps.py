from maillage.core import rooms


class FilesConfig(rooms.RoomConfig):
    name = "maillage.files"
    label = "files"
