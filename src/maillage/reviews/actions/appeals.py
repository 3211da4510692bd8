"""Appeals against a decision, and their answers."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import Outcome
from maillage.calls.models import Call
from maillage.calls.queries import lead_of_application
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.labels.models import Award
from maillage.reviews.awards import create_award, last_day_of_term
from maillage.reviews.models import Appeal, Decision
from maillage.reviews.notifications import notify_appeal_answered, notify_appeal_filed
from maillage.reviews.outcomes import get_outcome, refuse_second_award


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Appeal against a decision"), concerns=lead_of_application)
def file_appeal(*, actor: Actor, at: dt.datetime, application_id: int, text: str) -> Appeal:
    """File an appeal of the application's lead against its decision; whoever runs the call is told.

    Raises `ActionError` before publication, after the last day, for a second appeal, or without a text.
    """
    decision = Decision.objects.select_for_update(of=("self",)).filter(application=application_id).first()
    if decision is None or decision.published_at is None or decision.appeal_until is None:
        raise ActionError(_("No decision on this application is published yet."))
    if timezone.localdate(at) > decision.appeal_until:
        raise ActionError(_("The last day to appeal was %s.") % decision.appeal_until.isoformat())
    if not text.strip():
        raise ActionError(_("Say what is wrong."))
    if Appeal.objects.filter(decision=decision).exists():
        raise ActionError(_("An appeal was already filed; the answer will appear here."))
    behalf = actor.acting.organisation if actor.acting else actor.name
    appeal: Appeal = Appeal.objects.create(decision=decision, text=text.strip()[:20_000], filed_at=at, on_behalf=behalf)
    notify_appeal_filed(appeal, at=at)
    return appeal


def _authority_of_appeal(*, appeal_id: int, **_others: object) -> Iterable[int]:
    path = "decision__application__version__call__label__authority_id"
    return [
        authority_id
        for authority_id in Appeal.objects.filter(pk=appeal_id).values_list(path, flat=True)
        if authority_id
    ]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Answer an appeal"), concerns=_authority_of_appeal)
def answer_appeal(
    *, actor: Actor, at: dt.datetime, appeal_id: int, upheld: bool, answer: str, outcome: str = ""
) -> Appeal:
    """Dismiss an appeal, or uphold it with another outcome, which counts from this day on.

    An upheld appeal may exceed the numbers of the call. Raises `ActionError` without a text, for an appeal already
    answered, or where an upheld one changes nothing.
    """
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("decision__application__version__call").get(
        pk=appeal_id)  # fmt: skip
    if appeal.answered_at:
        raise ActionError(_("This appeal is answered."))
    if not answer.strip():
        raise ActionError(_("Say why: who appealed reads it."))
    if upheld:
        _change_decision(appeal, outcome, at)
    appeal.answered_at, appeal.upheld, appeal.answer = at, upheld, answer.strip()
    appeal.save()
    notify_appeal_answered(appeal, at=at)
    return appeal


def _change_decision(appeal: Appeal, key: str, at: dt.datetime) -> None:
    decision, day = appeal.decision, timezone.localdate(at)
    Call.objects.select_for_update(no_key=True).get(versions__applications=decision.application_id)
    outcome = get_outcome(decision.call_document, key)
    if outcome.key == decision.outcome:
        raise ActionError(_("An appeal that is upheld leads to another outcome; choose which."))
    refuse_second_award(decision.application, outcome)
    appeal.before = decision.outcome
    decision.outcome, decision.decided_at = outcome.key, at
    award = decision.award
    if award and award.label.key == outcome.label and award.period_end >= day.isoformat():
        _change_award_term(award, outcome)
    else:
        if award:
            _end_award(award, day)
        decision.award = create_award(decision, outcome, day)
    decision.save()


def _change_award_term(award: Award, outcome: Outcome) -> None:
    """Give the same label another term, counted from its first day."""
    last = last_day_of_term(dt.date.fromisoformat(award.period_start), outcome.months)
    award.period_end, award.probation_until = last.isoformat(), last if outcome.confirmed_months else None
    award.save()


def _end_award(award: Award, day: dt.date) -> None:
    """End the first award on the day before the new outcome counts, but not before its first day.

    An award that had already ended is left as it was.
    """
    before = max(award.period_start, (day - dt.timedelta(days=1)).isoformat())
    award.period_end = min(award.period_end, before)
    award.probation_until = None
    award.save()
