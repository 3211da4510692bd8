from maillage.core import rooms


class SearchConfig(rooms.RoomConfig):
    name = "maillage.search"
    label = "search"
