from maillage.core import rooms


class LabelsConfig(rooms.RoomConfig):
    name = "maillage.labels"
    label = "labels"
