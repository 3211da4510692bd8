from maillage.core import rooms


class NotificationsConfig(rooms.RoomConfig):
    name = "maillage.notifications"
    label = "notifications"
