"""Outcomes of a call, and the checks that a decision must pass."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.calls.call_document import AwardedTo, CallDocument, Outcome
from maillage.calls.models import Application, ApplicationParty, Call, PartyRole
from maillage.core.action_registry import ActionError
from maillage.reviews.models import Decision
from maillage.reviews.queries import submitted_applications


def get_outcome(document: CallDocument, key: str) -> Outcome:
    """The outcome of a call with this key. Raises `ActionError` where there is none."""
    outcome = next((outcome for outcome in document.outcomes if outcome.key == key), None)
    if outcome is None:
        raise ActionError(_("The call has no outcome “%s”.") % key[:60])
    return outcome


def refuse_second_award(application: Application, wanted: Outcome) -> None:
    """Raise `ActionError` where one organisation would receive one label by two applications to a call."""
    document = application.version.call.last.document
    if not wanted.label or document.awarded_to is AwardedTo.TITLE:
        return
    giving = [outcome.key for outcome in document.outcomes if outcome.label == wanted.label]
    lead = application.parties.get(part=PartyRole.LEAD).organisation_id
    led = (
        ApplicationParty.objects.filter(organisation=lead, part=PartyRole.LEAD)
        .exclude(application=application)
        .values("application")
    )
    others = Decision.objects.filter(application__version__call=application.version.call_id, outcome__in=giving)
    if others.filter(application__in=led, application__withdrawn_at=None).exists():
        raise ActionError(_("Another application of the same organisation is proposed for this label."))


def refuse_undecided(call: Call) -> None:
    """Raise `ActionError` where an application to the call has no proposal yet."""
    proposed = set(Decision.objects.filter(application__version__call=call).values_list("application_id", flat=True))
    if lacking := sum(1 for application in submitted_applications(call) if application.pk not in proposed):
        message = ngettext("%d application has no proposal yet.", "%d applications have no proposal yet.", lacking)
        raise ActionError(message % lacking)
