from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    name = "maillage.kernel"
    label = "kernel"

    def ready(self) -> None:
        pre_migrate.connect(_before, sender=self)
        post_migrate.connect(_after, sender=self)


def _before(**_: Any) -> None:
    # Models are not loaded yet when this module is imported.
    from maillage.kernel.history import drop_views
    from maillage.kernel.policies import drop_policies

    drop_views()
    drop_policies()


def _after(**_: Any) -> None:
    from maillage.kernel.history import create_views  # as above
    from maillage.kernel.policies import create_policies

    create_views()
    create_policies()
