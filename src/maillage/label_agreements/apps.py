from maillage.core import rooms


class LabelAgreementsConfig(rooms.RoomConfig):
    name = "maillage.label_agreements"
    label = "label_agreements"
