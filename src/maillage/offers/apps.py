from maillage.core import rooms


class OffersConfig(rooms.RoomConfig):
    name = "maillage.offers"
    label = "offers"
