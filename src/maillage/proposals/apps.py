from maillage.core import rooms


class ProposalsConfig(rooms.RoomConfig):
    name = "maillage.proposals"
    label = "proposals"
