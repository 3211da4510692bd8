from maillage.core import rooms


class PartnershipsConfig(rooms.RoomConfig):
    name = "maillage.partnerships"
    label = "partnerships"
