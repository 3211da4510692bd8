from maillage.core import rooms


class PublishingConfig(rooms.RoomConfig):
    name = "maillage.publishing"
    label = "publishing"
