"""How a holder stands with the charter on a day: computed from what is known, attached and found; never typed."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from maillage.charter.document import Asked, CharterDocument, Commitment, Kind, Review, Section
from maillage.charter.models import Certificate, Finding, FollowUp, Meeting, Objective, Proof, Target
from maillage.charter.queries import figure_of, open_findings
from maillage.kernel import wording
from maillage.kernel.periods import months_after

_YEAR = 12


class State(models.TextChoices):
    """How a commitment stands, the most urgent first."""

    FINDING = "finding", _("finding open")
    LACKING = "lacking", _("lacking")
    ENDING = "ending", _("about to end")
    HELD = "held", _("held")


_URGENCY = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence asked for, as it stands: what is said, from what, since when, and until when it does."""

    asked: Asked
    state: State
    said: str = ""
    note: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    digest: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment with its evidence and the findings that are open on it."""

    commitment: Commitment
    state: State
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


def state_until(until: dt.date | None, day: dt.date, warn_days: int) -> State:
    """Whether what does until a day, that day included, does on another; nothing ends where no day is given."""
    if until is None:
        return State.HELD
    if until < day:
        return State.LACKING
    return State.ENDING if until <= day + dt.timedelta(days=warn_days) else State.HELD


def standings(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> list[tuple[Section, list[Standing]]]:
    """Each section of the charter with how its commitments stand on a day."""
    return [(section, [_standing(follow_up, one, says, day) for one in section.commitments])
            for section in says.sections]  # fmt: skip


def _standing(follow_up: FollowUp, commitment: Commitment, says: CharterDocument, day: dt.date) -> Standing:
    evidence = tuple(_TOLD[asked.kind](follow_up, commitment, asked, says, day) for asked in commitment.asked)
    findings = tuple(one for one in open_findings(follow_up) if one.commitment == commitment.key)
    states = [State.FINDING] * bool(findings) + [one.state for one in evidence]
    return Standing(commitment, min(states, key=_URGENCY.__getitem__), evidence, findings)


def _figure(follow_up: FollowUp, _of: Commitment, asked: Asked, _says: CharterDocument, day: dt.date) -> Evidence:
    """The figure of the last year; below the least that does, or without any need to count, it is lacking."""
    since = months_after(day, -_YEAR)
    found = figure_of(follow_up, asked.figure, since, day)
    if found is None:
        return Evidence(asked, State.LACKING)
    enough = asked.least is None or found.value >= asked.least
    return Evidence(asked, State.HELD if enough else State.LACKING, with_unit(found.value, found.unit), found.evidence,
                    since=since, url=found.url)  # fmt: skip


def with_unit(value: Decimal, unit: str) -> str:
    """A number with its unit, as the language writes it."""
    return f"{wording.number(value)} {unit}".strip()


def _certificates(follow_up: FollowUp, _of: Commitment, asked: Asked, says: CharterDocument, day: dt.date) -> Evidence:
    """One in force is enough, and does until the last of them ends."""
    valid = [one for one in follow_up.certificates.all() if one.valid_from <= day <= one.valid_until]
    if not valid:
        return Evidence(asked, State.LACKING)
    until = max(one.valid_until for one in valid)
    said = ", ".join(sorted({one.standard for one in valid}))
    since = min(one.valid_from for one in valid)
    return Evidence(asked, state_until(until, day, says.warn_days), said, since=since, until=until)


def _objectives(follow_up: FollowUp, _of: Commitment, asked: Asked, _says: CharterDocument, day: dt.date) -> Evidence:
    """At least one target for the year of the day."""
    number = sum(1 for one in follow_up.objectives.all() if any(each.year == day.year for each in one.targets.all()))
    told = ngettext("%(number)d target for %(year)s", "%(number)d targets for %(year)s", number)
    return Evidence(asked, State.HELD if number else State.LACKING, told % {"number": number, "year": day.year})


def _given(follow_up: FollowUp, of: Commitment, asked: Asked, says: CharterDocument, day: dt.date) -> Evidence:
    """What the holder attached or declared last, until it must be given again."""
    proof = last_proof(follow_up, of, asked, day)
    if proof is None:
        return Evidence(asked, State.LACKING)
    until = months_after(proof.given_on, asked.months) if asked.months else None
    return Evidence(asked, state_until(until, day, says.warn_days), proof.text, since=proof.given_on, until=until,
                    digest=proof.digest)  # fmt: skip


def last_proof(follow_up: FollowUp, commitment: Commitment, asked: Asked, day: dt.date) -> Proof | None:
    """What was given last, up to a day: a file where something is to be attached, else a text."""
    fits = [
        one for one in follow_up.proofs.all()
        if one.commitment == commitment.key and bool(one.digest) == (asked.kind is Kind.ATTACHMENT)
        and one.given_on <= day
    ]  # fmt: skip
    return max(fits, key=lambda one: (one.given_on, one.pk), default=None)


_TOLD: dict[Kind, Callable[[FollowUp, Commitment, Asked, CharterDocument, dt.date], Evidence]] = {
    Kind.FIGURE: _figure,
    Kind.CERTIFICATES: _certificates,
    Kind.OBJECTIVES: _objectives,
    Kind.ATTACHMENT: _given,
    Kind.DECLARATION: _given,
}


def renewed(certificate: Certificate, others: Iterable[Certificate]) -> bool:
    """Whether another certificate of the same standard outlasts this one."""
    same = certificate.standard.casefold()
    return any(one.standard.casefold() == same and one.valid_until > certificate.valid_until for one in others)


class ReviewState(models.TextChoices):
    """Where a review of the period is."""

    HELD = "held", pgettext_lazy("state of a review of the period", "held")
    COMING = "coming", pgettext_lazy("state of a review of the period", "to come")
    DUE = "due", pgettext_lazy("state of a review of the period", "due")
    OVERDUE = "overdue", pgettext_lazy("state of a review of the period", "overdue")
    BEFORE = "before", _("due before this was followed")
    UNKNOWN = "unknown", _("the day of the award is not known")


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """A review of the period: the day by which it is due, its meeting once held."""

    review: Review
    state: ReviewState
    due_on: dt.date | None
    meeting: Meeting | None


def reviews_of(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> list[ReviewStanding]:
    """Each review that the charter asks for, as it stands on a day."""
    held = {one.review: one for one in follow_up.meetings.all() if one.held_on <= day}
    return [_review(follow_up, one, held.get(one.key), says.warn_days, day) for one in says.reviews]


def _review(
    follow_up: FollowUp, review: Review, meeting: Meeting | None, warn_days: int, day: dt.date
) -> ReviewStanding:
    awarded = follow_up.award.days.lower
    due_on = months_after(awarded, review.months) if awarded else None
    return ReviewStanding(review, _review_state(follow_up, due_on, meeting, warn_days, day), due_on, meeting)


def _review_state(
    follow_up: FollowUp, due_on: dt.date | None, meeting: Meeting | None, warn_days: int, day: dt.date
) -> ReviewState:
    if meeting:
        return ReviewState.HELD
    if due_on is None:
        return ReviewState.UNKNOWN
    if due_on < follow_up.begun_on:
        return ReviewState.BEFORE
    by_time = {State.LACKING: ReviewState.OVERDUE, State.ENDING: ReviewState.DUE, State.HELD: ReviewState.COMING}
    return by_time[state_until(due_on, day, warn_days)]


@dataclass(frozen=True, slots=True)
class YearReached:
    """A target with what was reached, by a figure (then with what it was counted from) or as declared."""

    target: Target
    reached: Decimal | None
    evidence: str
    digest: str
    short: bool


def years_of(follow_up: FollowUp, objective: Objective, day: dt.date) -> list[YearReached]:
    """The targets of an objective by year, each with what was reached up to a day."""
    targets = sorted(objective.targets.all(), key=lambda one: one.year)
    return [_reached(follow_up, objective, one, day) for one in targets]


def _reached(follow_up: FollowUp, objective: Objective, target: Target, day: dt.date) -> YearReached:
    reached, evidence = target.reached, target.evidence
    if objective.figure:
        first = dt.date(target.year, 1, 1)
        last = min(dt.date(target.year, 12, 31), day)
        found = figure_of(follow_up, objective.figure, first, last) if first <= day else None
        reached, evidence = (found.value, found.evidence) if found else (None, "")
    over = None if reached is None else reached - target.target
    short = over is not None and (over > 0 if objective.fewer else over < 0)
    return YearReached(target, reached, evidence, target.digest, short)
