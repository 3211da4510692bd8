from django.db.models.signals import post_migrate, pre_migrate

from maillage.core import rooms
from maillage.core.server_cursors import plan_cursors_whole


class CoreConfig(rooms.RoomConfig):
    name = "maillage.core"
    label = "core"

    def ready(self) -> None:
        super().ready()
        plan_cursors_whole()
        pre_migrate.connect(_before_migrate, sender=self)
        post_migrate.connect(_after_migrate, sender=self)


def _before_migrate(**_: object) -> None:
    # Models are not loaded yet when this module is imported.
    from maillage.core.history import drop_views
    from maillage.core.security.row_policies import drop_policies

    drop_views()
    drop_policies()


def _after_migrate(**_: object) -> None:
    from maillage.core.history import create_views  # as above
    from maillage.core.security.row_policies import create_policies

    create_views()
    create_policies()
