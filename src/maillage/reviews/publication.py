"""What was decided is published, at once or at a set minute: applicants read it, and awards stand in the register."""

import datetime as dt
from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import AwardedTo, CallDocument, Outcome
from maillage.calls.models import Call, Dossier, Part, Party
from maillage.kernel.actions import Impossible, action, follows
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.kernel.periods import months_after
from maillage.labels.models import Award, Label
from maillage.reviews.deciding import authority_of_call, outcome_of, refuse_undecided
from maillage.reviews.facts import cite_call, tell_wave
from maillage.reviews.models import Decision, Panel
from maillage.reviews.notices import tell_decision, tell_not_published


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Set when decisions are published"), concerns=authority_of_call)
def plan_publication(*, actor: Actor, at: dt.datetime, call_id: int, moment: dt.datetime | None = None) -> Panel:
    """Publish at that minute, or, without one, not by itself.

    Raises `Impossible` for a moment that is past, or while anything is not decided.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    panel = Panel.of(call)
    if moment is not None:
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        if moment <= at:
            raise Impossible(_("This moment is past; publish at once instead."))
        refuse_undecided(call)
        _unpublished(call)
    panel.publish_at = moment
    panel.save()
    return panel


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish the decisions of a call"), concerns=authority_of_call)
def publish_decisions(*, actor: Actor, at: dt.datetime, call_id: int) -> Counter[str]:
    """Applicants read what was decided, awards enter the register at once; how many of each outcome.

    A label is held from the day of publication, for the months that the call gives. Raises `Impossible` where anything
    is not decided, or all is published.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    refuse_undecided(call)
    decisions = _unpublished(call)
    for decision in decisions:
        _publish(decision, decision.says, at)
    tell_wave(call, decisions, timezone.localdate(at))
    Panel.objects.filter(call=call).exclude(publish_at=None).update(publish_at=None)
    return Counter(one.outcome for one in decisions)


def _unpublished(call: Call) -> list[Decision]:
    """What waits for publication; a dossier that was withdrawn waits for nothing."""
    found = Decision.objects.filter(dossier__version__call=call, dossier__withdrawn_at=None, published_at=None)
    decisions = list(found.select_for_update(of=("self",)).select_related("dossier", "version").order_by("pk"))
    if not decisions or any(one.decided_at is None for one in decisions):
        raise Impossible(_("Decide first; what is published cannot be taken back."))
    return decisions


def _publish(decision: Decision, says: CallDocument, at: dt.datetime) -> None:
    parties = Party.objects.filter(dossier=decision.dossier_id).exclude(part=Part.OFFICE)
    decision.readers = sorted({*decision.readers, *parties.values_list("organisation_id", flat=True)})
    day = timezone.localdate(at)
    decision.published_at, decision.appeal_until = at, day + dt.timedelta(days=says.appeal_days)
    outcome = outcome_of(says, decision.outcome)
    decision.award = awarded(decision, outcome, day)
    decision.save()
    tell_decision(decision, outcome, at=at)


def awarded(decision: Decision, outcome: Outcome, day: dt.date) -> Award | None:
    """The award that an outcome gives from a day on, to the lead or to what the dossier is about; none without label.

    Raises `Impossible` where the holder was given the same label from that very day, as by a second dossier.
    """
    if not outcome.label:
        return None
    last, holder = last_day(day, outcome.months), holder_of(decision)
    given = {"label": Label.objects.get(key=outcome.label), **holder, "period_start": day.isoformat()}
    if Award.objects.filter(**given).exists():
        told = _("%(body)s is given this label from this day already; propose another outcome for “%(dossier)s”.")
        named = holder["holder"].short_name if holder["holder"] else holder["holder_text"]
        raise Impossible(told % {"body": named, "dossier": decision.dossier.title})
    held: Award = Award.objects.create(
        **given,
        period_end=last.isoformat(),
        probation_until=last if outcome.confirmed_months else None,
        evidence_fr=f"Décision du {day.isoformat()}",
        evidence_en=f"Decision of {day.isoformat()}",
        simulated=decision.says.simulated,
    )
    cite_call(held, decision.dossier.version.call, day)
    return held


def holder_of(decision: Decision) -> dict[str, Any]:
    """Who or what then holds the label, as an award has it: the body that leads, or the title of the dossier."""
    if decision.says.awarded_to is AwardedTo.TITLE:
        return {"holder": None, "holder_text": decision.dossier.title}
    return {"holder": decision.dossier.parties.get(part=Part.LEAD).organisation, "holder_text": ""}


@follows("calls.withdraw_dossier")
def refuse_published(*, value: Dossier, **_others: Any) -> None:
    """A dossier whose decision is published is withdrawn no more: the label is given up, or ended, instead."""
    if Decision.objects.filter(dossier=value).exclude(published_at=None).exists():
        raise Impossible(_("What is decided of this dossier is published; ask the authority to end the label."))


@action(title=gettext_lazy("Give up a publication that was set"))
def give_up_publication(*, actor: Actor, at: dt.datetime, call_id: int, why: str) -> None:
    """What was set cannot be published, for a reason that those who decide are told; they set it anew."""
    panel = Panel.objects.select_related("call").get(call=call_id)
    panel.publish_at = None
    panel.save()
    tell_not_published(panel.call, why, at=at)


def last_day(first: dt.date, months: int) -> dt.date:
    """The last of so many months from a first day on: 60 months from 1 March 2026 end on 28 February 2031."""
    return months_after(first, months) - dt.timedelta(days=1)
