"""Asking the authority to look at its decision again, and what comes of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

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
    """The lead says what is wrong with the decision on its dossier; who runs the call is told.

    Raises `ActionError` before publication, after the last day, a second time, or without a word.
    """
    decision = Decision.objects.select_for_update(of=("self",)).filter(application=application_id).first()
    if decision is None or decision.published_at is None:
        raise ActionError(_("Nothing is published of this dossier yet."))
    if timezone.localdate(at) > decision.appeal_until:
        raise ActionError(_("The last day to appeal was %s.") % decision.appeal_until.isoformat())
    if not text.strip():
        raise ActionError(_("Say what is wrong."))
    if Appeal.objects.filter(decision=decision).exists():
        raise ActionError(_("An appeal was filed already; its answer will stand here."))
    behalf = actor.acting.organisation if actor.acting else actor.name
    made: Appeal = Appeal.objects.create(decision=decision, text=text.strip()[:20_000], filed_at=at, on_behalf=behalf)
    notify_appeal_filed(made, at=at)
    return made


def _authority_of_appeal(*, appeal_id: int, **_others: Any) -> Iterable[int]:
    path = "decision__application__version__call__label__authority_id"
    return [one for one in Appeal.objects.filter(pk=appeal_id).values_list(path, flat=True) if one]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Answer an appeal"), concerns=_authority_of_appeal)
def answer_appeal(
    *, actor: Actor, at: dt.datetime, appeal_id: int, upheld: bool, answer: str, outcome: str = ""
) -> Appeal:
    """The authority dismisses the appeal, or upholds it with another outcome, which counts from this day on.

    An upheld appeal may go beyond the numbers of the call. Raises `ActionError` without a reason, a second time, or
    where an upheld one changes nothing.
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
    outcome = get_outcome(decision.says, key)
    if outcome.key == decision.outcome:
        raise ActionError(_("An appeal that is upheld leads to another outcome; choose which."))
    refuse_second_award(decision.application, outcome)
    appeal.before = decision.outcome
    decision.outcome, decision.decided_at = outcome.key, at
    held = decision.award
    if held and held.label.key == outcome.label and held.period_end >= day.isoformat():
        _change_award_term(held, outcome)
    else:
        if held:
            _end_award(held, day)
        decision.award = create_award(decision, outcome, day)
    decision.save()


def _change_award_term(award: Award, outcome: Outcome) -> None:
    """The same label for another term, from the first day that it was held."""
    last = last_day_of_term(dt.date.fromisoformat(award.period_start), outcome.months)
    award.period_end, award.probation_until = last.isoformat(), last if outcome.confirmed_months else None
    award.save()


def _end_award(award: Award, day: dt.date) -> None:
    """What was awarded first is held until the day before the other outcome counts, one day at least.

    One that had ended before stays as it ended.
    """
    before = max(award.period_start, (day - dt.timedelta(days=1)).isoformat())
    award.period_end = min(award.period_end, before)
    award.probation_until = None
    award.save()
