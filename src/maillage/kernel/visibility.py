"""Who sees a record. Every read of every room starts from `visible_to(actor)`."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import Actor


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    NETWORK = "network", _("network")
    ORGANISATION = "organisation", _("organisation")
    NAMED = "named", _("named persons")


class VisibleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        """The records this actor may read: all for an officer of the site, else the public ones."""
        return self if actor.is_officer else self.filter(visibility=Visibility.PUBLIC)
