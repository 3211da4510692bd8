"""The state of a holder's commitments, reviews and targets on a day, computed from evidence and findings."""

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
    """The state of a commitment, the most urgent first."""

    FINDING = "finding", _("finding open")
    LACKING = "lacking", _("lacking")
    ENDING = "ending", _("about to end")
    HELD = "held", _("held")


_URGENCY = {state: place for place, state in enumerate(CommitmentState)}


@dataclass(frozen=True, slots=True)
class EvidenceStatus:
    """The state of a piece of evidence: its text (`said`), its source (`note`), and the days it is valid."""

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
    """A commitment with its evidence and its open findings."""

    commitment: Commitment
    state: CommitmentState
    evidence: tuple[EvidenceStatus, ...]
    findings: tuple[Finding, ...]


def expiry_state(until: dt.date | None, day: dt.date, warn_days: int) -> CommitmentState:
    """The state on `day` of evidence valid up to and including `until`; without an end it is `HELD`."""
    if until is None:
        return CommitmentState.HELD
    if until < day:
        return CommitmentState.LACKING
    return CommitmentState.ENDING if until <= day + dt.timedelta(days=warn_days) else CommitmentState.HELD


def compliance_by_section(
    follow_up: FollowUp, document: CharterDocument, day: dt.date
) -> list[tuple[CharterSection, list[CommitmentStatus]]]:
    """Each section of the charter with the state of its commitments on a day."""
    return [
        (section, [_commitment_status(follow_up, commitment, document, day) for commitment in section.commitments])
        for section in document.sections
    ]


def _commitment_status(
    follow_up: FollowUp, commitment: Commitment, document: CharterDocument, day: dt.date
) -> CommitmentStatus:
    evidence = tuple(
        _EVIDENCE_BY_KIND[request.kind](follow_up, commitment, request, document, day) for request in commitment.asked
    )
    findings = tuple(finding for finding in open_findings(follow_up) if finding.commitment == commitment.key)
    states = [CommitmentState.FINDING] * bool(findings) + [item.state for item in evidence]
    return CommitmentStatus(commitment, min(states, key=_URGENCY.__getitem__), evidence, findings)


def _figure_evidence(
    follow_up: FollowUp, _commitment: Commitment, request: EvidenceRequest, _document: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """The figure of the last year; lacking where it is unknown or below the required minimum."""
    since = add_months(day, -_MONTHS_PER_YEAR)
    figure = holder_figure(follow_up, request.figure, since, day)
    if figure is None:
        return EvidenceStatus(request, CommitmentState.LACKING)
    enough = request.least is None or figure.value >= request.least
    return EvidenceStatus(
        request,
        CommitmentState.HELD if enough else CommitmentState.LACKING,
        number_with_unit(figure.value, figure.unit),
        figure.evidence,
        since=since,
        url=figure.url,
    )


def number_with_unit(value: Decimal, unit: str) -> str:
    """A number with its unit, in the format of the active language."""
    return f"{formats.number(value)} {unit}".strip()


def _certificate_evidence(
    follow_up: FollowUp, _commitment: Commitment, request: EvidenceRequest, document: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """One certificate in force is enough; the commitment is kept until the last of them ends."""
    certificates = follow_up.certificates.all()
    valid = [certificate for certificate in certificates if certificate.valid_from <= day <= certificate.valid_until]
    if not valid:
        return EvidenceStatus(request, CommitmentState.LACKING)
    until = max(certificate.valid_until for certificate in valid)
    standards = ", ".join(sorted({certificate.standard for certificate in valid}))
    since = min(certificate.valid_from for certificate in valid)
    return EvidenceStatus(request, expiry_state(until, day, document.warn_days), standards, since=since, until=until)


def _objective_evidence(
    follow_up: FollowUp, _commitment: Commitment, request: EvidenceRequest, _document: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """At least one target for the year of the day."""
    objectives = follow_up.objectives.all()
    number = sum(1 for objective in objectives if any(target.year == day.year for target in objective.targets.all()))
    message = ngettext("%(number)d target for %(year)s", "%(number)d targets for %(year)s", number)
    state = CommitmentState.HELD if number else CommitmentState.LACKING
    return EvidenceStatus(request, state, message % {"number": number, "year": day.year})


def _submitted_evidence(
    follow_up: FollowUp, commitment: Commitment, request: EvidenceRequest, document: CharterDocument, day: dt.date
) -> EvidenceStatus:
    """The last file or declaration of the holder, valid until it must be renewed."""
    proof = latest_proof(follow_up, commitment, request, day)
    if proof is None:
        return EvidenceStatus(request, CommitmentState.LACKING)
    until = add_months(proof.given_on, request.months) if request.months else None
    return EvidenceStatus(
        request,
        expiry_state(until, day, document.warn_days),
        proof.text,
        since=proof.given_on,
        until=until,
        digest=proof.digest,
    )


def latest_proof(follow_up: FollowUp, commitment: Commitment, request: EvidenceRequest, day: dt.date) -> Proof | None:
    """The latest proof up to a day: a file where `request` is an attachment, else a declaration."""
    proofs = [
        proof for proof in follow_up.proofs.all()
        if proof.commitment == commitment.key and bool(proof.digest) == (request.kind is EvidenceKind.ATTACHMENT)
        and proof.given_on <= day
    ]  # fmt: skip
    return max(proofs, key=lambda proof: (proof.given_on, proof.pk), default=None)


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
    return any(other.standard.casefold() == same and other.valid_until > certificate.valid_until for other in others)


class CharterReviewState(models.TextChoices):
    """The state of a review of the period."""

    HELD = "held", pgettext_lazy("state of a review of the period", "held")
    COMING = "coming", pgettext_lazy("state of a review of the period", "to come")
    DUE = "due", pgettext_lazy("state of a review of the period", "due")
    OVERDUE = "overdue", pgettext_lazy("state of a review of the period", "overdue")
    BEFORE = "before", _("due before this was followed")
    UNKNOWN = "unknown", _("the day of the award is not known")


@dataclass(frozen=True, slots=True)
class CharterReviewStatus:
    """A review of the period, with its due day, and its meeting once it was held."""

    review: CharterReview
    state: CharterReviewState
    due_on: dt.date | None
    meeting: ReviewMeeting | None


def review_statuses(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> list[CharterReviewStatus]:
    """The state on a day of each review that the charter asks for."""
    meeting_by_review = {meeting.review: meeting for meeting in follow_up.meetings.all() if meeting.held_on <= day}
    return [
        _review_status(follow_up, review, meeting_by_review.get(review.key), document.warn_days, day)
        for review in document.reviews
    ]


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
    review_states = {
        CommitmentState.LACKING: CharterReviewState.OVERDUE,
        CommitmentState.ENDING: CharterReviewState.DUE,
        CommitmentState.HELD: CharterReviewState.COMING,
    }
    return review_states[expiry_state(due_on, day, warn_days)]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target with the result, counted by a figure or declared; `short` where the result misses the target."""

    target: Target
    reached: Decimal | None
    evidence: str
    digest: str
    short: bool


def target_results(follow_up: FollowUp, objective: Objective, day: dt.date) -> list[TargetResult]:
    """The targets of an objective by year, each with its result up to a day."""
    targets = sorted(objective.targets.all(), key=lambda target: target.year)
    return [_target_result(follow_up, objective, target, day) for target in targets]


def _target_result(follow_up: FollowUp, objective: Objective, target: Target, day: dt.date) -> TargetResult:
    reached, evidence = target.reached, target.evidence
    if objective.figure:
        first = dt.date(target.year, 1, 1)
        last = min(dt.date(target.year, 12, 31), day)
        figure = holder_figure(follow_up, objective.figure, first, last) if first <= day else None
        reached, evidence = (figure.value, figure.evidence) if figure else (None, "")
    difference = None if reached is None else reached - target.target
    short = difference is not None and (difference > 0 if objective.fewer else difference < 0)
    return TargetResult(target, reached, evidence, target.digest, short)
