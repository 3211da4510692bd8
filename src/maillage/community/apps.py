from maillage.core import rooms


class CommunityConfig(rooms.RoomConfig):
    name = "maillage.community"
    label = "community"
