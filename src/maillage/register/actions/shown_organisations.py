"""The choice of the organisations whose ecosystem the site shows."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import OFFICER, Actor
from maillage.register.models import Organisation, ShownOrganisation

MAX_SHOWN = 12


@action(OFFICER, title=gettext_lazy("Choose the organisations shown"))
def choose_shown_organisations(
    *, actor: Actor, at: dt.datetime, organisation_ids: list[int]
) -> list[ShownOrganisation]:
    """Choose whose ecosystem the site shows, by ids and in their order; an empty list shows none.

    Raises `ActionError` for more than `MAX_SHOWN`, for a record that is not there or was merged into another, and
    where the environment names them.
    """
    if settings.SHOWN_ORGANISATIONS:
        raise ActionError(_("The environment names them (%s); change it there.") % "MAILLAGE_SHOWN")
    ids = list(dict.fromkeys(organisation_ids))
    if len(ids) > MAX_SHOWN:
        raise ActionError(_("Choose at most %d organisations.") % MAX_SHOWN)
    records = Organisation.objects.filter(merged_into=None).in_bulk(ids)
    if missing := [str(pk) for pk in ids if pk not in records]:
        raise ActionError(_("The register has no such organisation: %s. Choose another one.") % ", ".join(missing))
    ShownOrganisation.objects.exclude(organisation__in=ids).delete()
    return [_place(records[pk], position) for position, pk in enumerate(ids)]


def _place(organisation: Organisation, position: int) -> ShownOrganisation:
    row, _made = ShownOrganisation.objects.update_or_create(organisation=organisation, defaults={"position": position})
    return row
