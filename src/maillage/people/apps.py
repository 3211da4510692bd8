from maillage.core import rooms


class PeopleConfig(rooms.RoomConfig):
    name = "maillage.people"
    label = "people"
