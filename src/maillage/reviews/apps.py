from maillage.core import rooms


class ReviewsConfig(rooms.RoomConfig):
    name = "maillage.reviews"
    label = "reviews"
