"""Who of a team takes care of a row of the desk, and the rows that a person has put off."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.models import tracked
from maillage.register.models import Organisation


@tracked
class RowOwner(models.Model):
    """The person who takes care of a row for a team: the organisation that is waited for, or the officers of the site.

    A row is named by its kind and by a number, which is lasting within the kind.
    """

    kind = models.CharField(max_length=40)
    number = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))

    confidential: ClassVar = ("owner", "organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "organisation"], nulls_distinct=False, name="row_has_one_owner_per_team"
            )
        ]


@tracked
class Snooze(models.Model):
    """A person does not want to see a row before a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    number = models.BigIntegerField()
    until = models.DateField(_("until"))

    confidential: ClassVar = ("person", "")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "number"], name="snoozed_once")]
