"""Publishing decisions, at once or at a planned minute: applicants read them, and awards enter the register."""

import datetime as dt
from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.calls.models import ApplicationParty, Call, PartyRole
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.awards import create_award
from maillage.reviews.models import Decision, Panel
from maillage.reviews.notifications import notify_decision, notify_not_published
from maillage.reviews.outcomes import get_outcome, refuse_undecided
from maillage.reviews.queries import authority_of_call
from maillage.reviews.waves import save_wave


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Set when decisions are published"), concerns=authority_of_call)
def plan_publication(*, actor: Actor, at: dt.datetime, call_id: int, moment: dt.datetime | None = None) -> Panel:
    """Publish at that minute; `None` cancels the plan.

    Raises `ActionError` for a moment in the past, or while an application is not decided.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    panel = Panel.get_or_create_for(call)
    if moment is not None:
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        if moment <= at:
            raise ActionError(_("This moment is past; publish at once instead."))
        refuse_undecided(call)
        _lock_unpublished(call)
    panel.publish_at = moment
    panel.save()
    return panel


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish the decisions of a call"), concerns=authority_of_call)
def publish_decisions(*, actor: Actor, at: dt.datetime, call_id: int) -> Counter[str]:
    """Publish the decisions of a call and create their awards; returns how many of each outcome.

    A label is held from the day of publication, for the months that the call gives. Raises `ActionError` where an
    application is not decided, or all is published.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    refuse_undecided(call)
    decisions = _lock_unpublished(call)
    for decision in decisions:
        _publish_decision(decision, decision.call_document, at)
    save_wave(call, decisions, timezone.localdate(at))
    Panel.objects.filter(call=call).exclude(publish_at=None).update(publish_at=None)
    return Counter(decision.outcome for decision in decisions)


def _lock_unpublished(call: Call) -> list[Decision]:
    """The decisions to publish, locked; those on withdrawn applications are left out."""
    waiting = Decision.objects.filter(
        application__version__call=call, application__withdrawn_at=None, published_at=None
    )
    decisions = list(waiting.select_for_update(of=("self",)).select_related("application", "version").order_by("pk"))
    if not decisions or any(decision.decided_at is None for decision in decisions):
        raise ActionError(_("Decide first; what is published cannot be taken back."))
    return decisions


def _publish_decision(decision: Decision, document: CallDocument, at: dt.datetime) -> None:
    parties = ApplicationParty.objects.filter(application=decision.application_id).exclude(part=PartyRole.OFFICE)
    decision.readers = sorted({*decision.readers, *parties.values_list("organisation_id", flat=True)})
    day = timezone.localdate(at)
    decision.published_at, decision.appeal_until = at, day + dt.timedelta(days=document.appeal_days)
    outcome = get_outcome(document, decision.outcome)
    decision.award = create_award(decision, outcome, day)
    decision.save()
    notify_decision(decision, outcome, at=at)


@action(title=gettext_lazy("Give up a publication that was set"))
def give_up_publication(*, actor: Actor, at: dt.datetime, call_id: int, why: str) -> None:
    """Cancel a planned publication that failed, and tell those who decide why; they plan it again."""
    panel = Panel.objects.select_related("call").get(call=call_id)
    panel.publish_at = None
    panel.save()
    notify_not_published(panel.call, why, at=at)
