from maillage.core import rooms


class WebhooksConfig(rooms.RoomConfig):
    name = "maillage.api.webhooks"
    label = "webhooks"
