"""Actions by which those who act for an organisation change its record."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LEAD, MANAGER, OFFICER, Actor
from maillage.register.models import Organisation

# Fields that those who act for an organisation may change; names, dates, ties and labels need a source.
DESCRIBABLE_FIELDS = ("city", "country", "website", "contact_mail", "note_fr", "note_en")


def _organisation(*, organisation_id: int, **_others: object) -> list[int]:
    return [organisation_id]


@action(
    OFFICER,
    MANAGER,
    LEAD,
    title=gettext_lazy("Describe an organisation"),
    concerns=_organisation,
    changes=("register.organisation", "organisation_id"),
)
def describe_organisation(
    *, actor: Actor, at: dt.datetime, organisation_id: int, changes: dict[str, str], reason: Reason
) -> Organisation:
    """Change fields of an organisation; `changes` holds new texts by name, of those in `DESCRIBABLE_FIELDS`.

    Raises `ActionError` for another field, a text that is too long or no address, an organisation without a name, a
    record that was merged into another, and without a reason.
    """
    if unknown := sorted(set(changes) - set(DESCRIBABLE_FIELDS)):
        raise ActionError(_("This cannot be changed here: %s.") % ", ".join(unknown))
    organisation: Organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if organisation.merged_into_id:
        raise ActionError(_("This record was merged into another; change that one."))
    for name, text in changes.items():
        setattr(organisation, name, text.strip())
    try:
        organisation.prepare()
        organisation.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error
    organisation.save()
    return organisation
