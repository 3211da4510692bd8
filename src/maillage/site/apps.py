from maillage.core import rooms
from maillage.site.environment import check_environment


class SiteConfig(rooms.RoomConfig):
    name = "maillage.site"
    label = "site"

    def ready(self) -> None:
        check_environment()
        super().ready()
