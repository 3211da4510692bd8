"""Outcomes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.calls.call_document import AwardedTo, CallDocument, Outcome
from maillage.calls.models import Application, ApplicationParty, Call, PartyRole
from maillage.core.action_registry import ActionError
from maillage.reviews.models import Decision
from maillage.reviews.queries import submitted_applications


def get_outcome(says: CallDocument, key: str) -> Outcome:
    """An outcome of a call by its key. Raises `ActionError` where it has none of that key."""
    found = next((one for one in says.outcomes if one.key == key), None)
    if found is None:
        raise ActionError(_("The call has no outcome “%s”.") % key[:60])
    return found


def refuse_second_award(application: Application, wanted: Outcome) -> None:
    """Raise `ActionError` where one body would be given one label by two dossiers of a call."""
    says = application.version.call.last.says
    if not wanted.label or says.awarded_to is AwardedTo.TITLE:
        return
    giving = [one.key for one in says.outcomes if one.label == wanted.label]
    lead = application.parties.get(part=PartyRole.LEAD).organisation_id
    led = (
        ApplicationParty.objects.filter(organisation=lead, part=PartyRole.LEAD)
        .exclude(application=application)
        .values("application")
    )
    others = Decision.objects.filter(application__version__call=application.version.call_id, outcome__in=giving)
    if others.filter(application__in=led, application__withdrawn_at=None).exists():
        raise ActionError(_("Another dossier of the same body is proposed for this label."))


def refuse_undecided(call: Call) -> None:
    """Raise `ActionError` where a dossier of the call has no proposal yet."""
    proposed = set(Decision.objects.filter(application__version__call=call).values_list("application_id", flat=True))
    if lacking := sum(1 for one in submitted_applications(call) if one.pk not in proposed):
        told = ngettext("%d dossier has no proposal yet.", "%d dossiers have no proposal yet.", lacking)
        raise ActionError(told % lacking)
