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
    from maillage.kernel.history import (
        drop_views,  # models are not loaded yet when this module is imported
    )

    drop_views()


def _after(**_: Any) -> None:
    from maillage.kernel.history import create_views  # as above

    create_views()
