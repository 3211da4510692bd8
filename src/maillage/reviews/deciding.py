"""From the ranking to the award: the panel's order, proposals, the authority's decision, its publication."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import CallDocument, Outcome
from maillage.calls.models import Call, Dossier, Part, Party
from maillage.calls.queries import offices_of_dossier
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.kernel.periods import months_after
from maillage.labels.models import Award, Label
from maillage.reviews.models import RUNNING, Decision, Place, Review
from maillage.reviews.queries import judged


def _authority(*, call_id: int, **_others: Any) -> Iterable[int]:
    """Only the authority decides and publishes, not who runs the call for it."""
    found = Call.objects.filter(pk=call_id).values_list("label__authority_id", flat=True)
    return [one for one in found if one]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Place a dossier in the ranking"), concerns=offices_of_dossier)
def place_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int, place: int, reason: str) -> Place:
    """The panel puts a dossier elsewhere than its marks do. Raises `Impossible` without a reason."""
    if place < 1 or not reason.strip():
        raise Impossible(_("Give a place from 1 on, and the panel’s reason."))
    dossier = Dossier.objects.select_related("version__call__label").get(pk=dossier_id)
    values = {"place": place, "reason": reason.strip(), "offices": dossier.version.call.offices}
    made: Place = Place.objects.update_or_create(dossier=dossier, defaults=values)[0]
    return made


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Propose what is decided"), concerns=offices_of_dossier)
def propose_outcome(
    *, actor: Actor, at: dt.datetime, dossier_id: int, outcome: str, reason: str = "", base: str = ""
) -> Decision:
    """Propose an outcome for a dossier, on the one (`base`, empty for none) that was read.

    Raises `Impossible` for an outcome the call does not have or that is used up, once it is decided, or where somebody
    has proposed another in the meantime.
    """
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("version__call__label").get(pk=dossier_id)
    says = dossier.version.call.last.says
    wanted = _outcome(says, outcome)
    if dossier.sent_at is None or dossier.withdrawn_at:
        raise Impossible(_("This dossier is not sent."))
    held: Decision | None = Decision.objects.filter(dossier=dossier).first()
    if held and held.decided_at:
        raise Impossible(_("This dossier is decided."))
    if (held.outcome if held else "") not in (base, outcome):
        raise Impossible(_("Somebody has proposed something else in the meantime; read it again."))
    _refuse_beyond(dossier, wanted)
    values = {"outcome": outcome, "reason": reason.strip(), "proposed_at": at, "feedback": _feedback(dossier),
              "readers": dossier.version.call.offices}  # fmt: skip
    made: Decision = Decision.objects.update_or_create(dossier=dossier, defaults=values)[0]
    return made


def _outcome(says: CallDocument, key: str) -> Outcome:
    found = next((one for one in says.outcomes if one.key == key), None)
    if found is None:
        raise Impossible(_("The call has no outcome “%s”.") % key[:60])
    return found


def _refuse_beyond(dossier: Dossier, wanted: Outcome) -> None:
    """No more of an outcome than the call has; proposals for one call are made one at a time."""
    Call.objects.select_for_update().get(pk=dossier.version.call_id)
    others = Decision.objects.filter(dossier__version__call=dossier.version.call_id, outcome=wanted.key)
    if wanted.most and others.exclude(dossier=dossier).count() >= wanted.most:
        told = _("The call has at most %(most)d of “%(title)s”, and all are proposed.")
        raise Impossible(told % {"most": wanted.most, "title": wanted.title})


def _feedback(dossier: Dossier) -> str:
    """What the reviewers wrote to the applicant, without who they are."""
    sent = Review.objects.filter(assignment__dossier=dossier, assignment__state__in=RUNNING).exclude(sent_at=None)
    return "\n\n".join(text for text in sent.order_by("sent_at").values_list("to_applicant", flat=True) if text)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Decide as proposed"), concerns=_authority)
def decide(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """The authority takes over every proposal; how many. Raises `Impossible` where a dossier has none."""
    call = Call.objects.select_for_update().get(pk=call_id)
    undecided = {one.pk for one in judged(call)} - set(
        Decision.objects.filter(dossier__version__call=call).values_list("dossier_id", flat=True)
    )
    if undecided:
        raise Impossible(_("%d dossiers have no proposal yet.") % len(undecided))
    open_ones = Decision.objects.filter(dossier__version__call=call, decided_at=None)
    return sum(1 for one in open_ones if _decided(one, at))


def _decided(decision: Decision, at: dt.datetime) -> bool:
    decision.decided_at = at
    decision.save()
    return True


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish the decisions of a call"), concerns=_authority)
def publish_decisions(*, actor: Actor, at: dt.datetime, call_id: int) -> Counter[str]:
    """Applicants read what was decided, awards enter the register at once; how many of each outcome.

    A label is held from the day of publication, for the months that the call gives. Raises `Impossible` where anything
    is not decided, or all is published.
    """
    call = Call.objects.select_for_update().get(pk=call_id)
    says = call.last.says
    decisions = list(Decision.objects.filter(dossier__version__call=call, published_at=None))
    if not decisions or any(one.decided_at is None for one in decisions):
        raise Impossible(_("Decide first; what is published cannot be taken back."))
    day = timezone.localdate(at)
    for decision in decisions:
        _publish(decision, _outcome(says, decision.outcome), at, day, says.appeal_days)
    return Counter(one.outcome for one in decisions)


def _publish(decision: Decision, outcome: Outcome, at: dt.datetime, day: dt.date, appeal_days: int) -> None:
    parties = Party.objects.filter(dossier=decision.dossier_id).exclude(part=Part.OFFICE)
    decision.readers = sorted({*decision.readers, *parties.values_list("organisation_id", flat=True)})
    decision.published_at, decision.appeal_until = at, day + dt.timedelta(days=appeal_days)
    if outcome.label:
        lead = parties.get(part=Part.LEAD).organisation
        decision.award = Award.objects.create(
            label=Label.objects.get(key=outcome.label),
            holder=lead,
            period_start=day.isoformat(),
            period_end=last_day(day, outcome.months).isoformat(),
            evidence_fr=f"Décision du {day.isoformat()}",
            evidence_en=f"Decision of {day.isoformat()}",
        )
    decision.save()


def last_day(first: dt.date, months: int) -> dt.date:
    """The last of so many months from a first day on: 60 months from 1 March 2026 end on 28 February 2031."""
    return months_after(first, months) - dt.timedelta(days=1)
