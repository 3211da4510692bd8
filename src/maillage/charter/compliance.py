"""How a holder stands with the charter on a day: computed from what is known, attached and found; never typed."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from maillage.charter.charter_document import (
    CharterDocument,
    CharterReview,
    CharterSection,
    Commitment,
    EvidenceKind,
    EvidenceRequest,
)
from maillage.charter.models import Certificate, Finding, FollowUp, Objective, Proof, ReviewMeeting, Target
from maillage.charter.queries import holder_figure, open_findings
from maillage.core import formats
from maillage.core.periods import add_months

_MONTHS_PER_YEAR = 12


class CommitmentState(models.TextChoices):
    """How a commitment stands, the most urgent first."""

    FINDING = "finding", _("finding open")
    LACKING = "lacking", _("lacking")
    ENDING = "ending", _("about to end")
    HELD = "held", _("held")


_URGENCY = {state: place for place, state in enumerate(CommitmentState)}


@dataclass(frozen=True, slots=True)
class EvidenceStatus:
    """One piece of evidence asked for, as it stands: what is said, from what, since when, and until when it does."""

    asked: EvidenceRequest
    state: CommitmentState
    said: str = ""
    note: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    digest: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CommitmentStatus:
    """A commitment with its evidence and the findings that are open on it."""

    commitment: Commitment
    state: CommitmentState
    evidence: tuple[EvidenceStatus, ...]
    findings: tuple[Finding, ...]


def expiry_state(until: dt.date | None, day: dt.date, warn_days: int) -> CommitmentState:
    """Whether what does until a day, that day included, does on another; nothing ends where no day is given."""
    if until is None:
        return CommitmentState.HELD
    if until < day:
        return CommitmentState.LACKING
    return CommitmentState.ENDING if until <= day + dt.timedelta(days=warn_days) else CommitmentState.HELD


def compliance_by_section(
    follow_up: FollowUp, says: CharterDocument, day: dt.date
) -> list[tuple[CharterSection, list[CommitmentStatus]]]:
    """Each section of the charter with how its commitments stand on a day."""
    return [(section, [_commitment_status(follow_up, one, says, day) for one in section.commitments])
            for section in says.sections]  # fmt: skip


def _commitment_status(
    follow_up: FollowUp, commitment: Commitment, says: CharterDocument, day: dt.date
) -> CommitmentStatus:
    evidence = tuple(
        _EVIDENCE_BY_KIND[asked.kind](follow_up, commitment, asked, says, day) for asked in commitment.asked
    )
    findings = tuple(one for one in open_findings(follow_up) if one.commitment == commitment.key)
    states = [CommitmentState.FINDING] * bool(findings) + [one.state for one in evidence]
    return CommitmentStatus(commitment, min(states, key=_URGENCY.__getitem__), evidence, findings)


def _figure_evidence(
    follow_up: FollowUp, _of: Commitment, asked: EvidenceRequest, _says: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """The figure of the last year; below the least that does, or without any need to count, it is lacking."""
    since = add_months(day, -_MONTHS_PER_YEAR)
    found = holder_figure(follow_up, asked.figure, since, day)
    if found is None:
        return EvidenceStatus(asked, CommitmentState.LACKING)
    enough = asked.least is None or found.value >= asked.least
    return EvidenceStatus(
        asked,
        CommitmentState.HELD if enough else CommitmentState.LACKING,
        number_with_unit(found.value, found.unit),
        found.evidence,
        since=since,
        url=found.url,
    )


def number_with_unit(value: Decimal, unit: str) -> str:
    """A number with its unit, as the language writes it."""
    return f"{formats.number(value)} {unit}".strip()


def _certificate_evidence(
    follow_up: FollowUp, _of: Commitment, asked: EvidenceRequest, says: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """One in force is enough, and does until the last of them ends."""
    valid = [one for one in follow_up.certificates.all() if one.valid_from <= day <= one.valid_until]
    if not valid:
        return EvidenceStatus(asked, CommitmentState.LACKING)
    until = max(one.valid_until for one in valid)
    said = ", ".join(sorted({one.standard for one in valid}))
    since = min(one.valid_from for one in valid)
    return EvidenceStatus(asked, expiry_state(until, day, says.warn_days), said, since=since, until=until)


def _objective_evidence(
    follow_up: FollowUp, _of: Commitment, asked: EvidenceRequest, _says: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """At least one target for the year of the day."""
    number = sum(1 for one in follow_up.objectives.all() if any(each.year == day.year for each in one.targets.all()))
    told = ngettext("%(number)d target for %(year)s", "%(number)d targets for %(year)s", number)
    return EvidenceStatus(
        asked, CommitmentState.HELD if number else CommitmentState.LACKING, told % {"number": number, "year": day.year}
    )


def _submitted_evidence(
    follow_up: FollowUp, of: Commitment, asked: EvidenceRequest, says: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """What the holder attached or declared last, until it must be given again."""
    proof = latest_proof(follow_up, of, asked, day)
    if proof is None:
        return EvidenceStatus(asked, CommitmentState.LACKING)
    until = add_months(proof.given_on, asked.months) if asked.months else None
    return EvidenceStatus(
        asked,
        expiry_state(until, day, says.warn_days),
        proof.text,
        since=proof.given_on,
        until=until,
        digest=proof.digest,
    )


def latest_proof(follow_up: FollowUp, commitment: Commitment, asked: EvidenceRequest, day: dt.date) -> Proof | None:
    """What was given last, up to a day: a file where something is to be attached, else a text."""
    fits = [
        one for one in follow_up.proofs.all()
        if one.commitment == commitment.key and bool(one.digest) == (asked.kind is EvidenceKind.ATTACHMENT)
        and one.given_on <= day
    ]  # fmt: skip
    return max(fits, key=lambda one: (one.given_on, one.pk), default=None)


_EVIDENCE_BY_KIND: dict[
    EvidenceKind, Callable[[FollowUp, Commitment, EvidenceRequest, CharterDocument, dt.date], EvidenceStatus]
] = {
    EvidenceKind.FIGURE: _figure_evidence,
    EvidenceKind.CERTIFICATES: _certificate_evidence,
    EvidenceKind.OBJECTIVES: _objective_evidence,
    EvidenceKind.ATTACHMENT: _submitted_evidence,
    EvidenceKind.DECLARATION: _submitted_evidence,
}


def is_renewed(certificate: Certificate, others: Iterable[Certificate]) -> bool:
    """Whether another certificate of the same standard outlasts this one."""
    same = certificate.standard.casefold()
    return any(one.standard.casefold() == same and one.valid_until > certificate.valid_until for one in others)


class CharterReviewState(models.TextChoices):
    """Where a review of the period is."""

    HELD = "held", pgettext_lazy("state of a review of the period", "held")
    COMING = "coming", pgettext_lazy("state of a review of the period", "to come")
    DUE = "due", pgettext_lazy("state of a review of the period", "due")
    OVERDUE = "overdue", pgettext_lazy("state of a review of the period", "overdue")
    BEFORE = "before", _("due before this was followed")
    UNKNOWN = "unknown", _("the day of the award is not known")


@dataclass(frozen=True, slots=True)
class CharterReviewStatus:
    """A review of the period: the day by which it is due, its meeting once held."""

    review: CharterReview
    state: CharterReviewState
    due_on: dt.date | None
    meeting: ReviewMeeting | None


def review_statuses(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> list[CharterReviewStatus]:
    """Each review that the charter asks for, as it stands on a day."""
    held = {one.review: one for one in follow_up.meetings.all() if one.held_on <= day}
    return [_review_status(follow_up, one, held.get(one.key), says.warn_days, day) for one in says.reviews]


def _review_status(
    follow_up: FollowUp, review: CharterReview, meeting: ReviewMeeting | None, warn_days: int, day: dt.date
) -> CharterReviewStatus:
    awarded = follow_up.award.days.lower
    due_on = add_months(awarded, review.months) if awarded else None
    return CharterReviewStatus(review, _review_state(follow_up, due_on, meeting, warn_days, day), due_on, meeting)


def _review_state(
    follow_up: FollowUp, due_on: dt.date | None, meeting: ReviewMeeting | None, warn_days: int, day: dt.date
) -> CharterReviewState:
    if meeting:
        return CharterReviewState.HELD
    if due_on is None:
        return CharterReviewState.UNKNOWN
    if due_on < follow_up.begun_on:
        return CharterReviewState.BEFORE
    by_time = {
        CommitmentState.LACKING: CharterReviewState.OVERDUE,
        CommitmentState.ENDING: CharterReviewState.DUE,
        CommitmentState.HELD: CharterReviewState.COMING,
    }
    return by_time[expiry_state(due_on, day, warn_days)]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target with what was reached, by a figure (then with what it was counted from) or as declared."""

    target: Target
    reached: Decimal | None
    evidence: str
    digest: str
    short: bool


def target_results(follow_up: FollowUp, objective: Objective, day: dt.date) -> list[TargetResult]:
    """The targets of an objective by year, each with what was reached up to a day."""
    targets = sorted(objective.targets.all(), key=lambda one: one.year)
    return [_target_result(follow_up, objective, one, day) for one in targets]


def _target_result(follow_up: FollowUp, objective: Objective, target: Target, day: dt.date) -> TargetResult:
    reached, evidence = target.reached, target.evidence
    if objective.figure:
        first = dt.date(target.year, 1, 1)
        last = min(dt.date(target.year, 12, 31), day)
        found = holder_figure(follow_up, objective.figure, first, last) if first <= day else None
        reached, evidence = (found.value, found.evidence) if found else (None, "")
    over = None if reached is None else reached - target.target
    short = over is not None and (over > 0 if objective.fewer else over < 0)
    return TargetResult(target, reached, evidence, target.digest, short)
