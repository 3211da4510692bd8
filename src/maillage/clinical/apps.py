from maillage.core import rooms


class ClinicalConfig(rooms.RoomConfig):
    name = "maillage.clinical"
    label = "clinical"
