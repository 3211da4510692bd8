"""What is due in a follow-up; pages and notifications use the same list."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.charter.charter_document import CharterDocument, EvidenceKind
from maillage.charter.compliance import (
    CharterReviewState,
    CommitmentState,
    expiry_state,
    is_renewed,
    latest_proof,
    review_statuses,
)
from maillage.charter.models import FindingStage, FollowUp
from maillage.charter.queries import open_findings
from maillage.core import formats
from maillage.core.periods import add_months

_DUE_TEXTS: dict[tuple[str, bool], str | Promise] = {
    ("certificate", False): _("The certificate %(what)s ends on %(day)s."),
    ("certificate", True): _("The certificate %(what)s ended on %(day)s."),
    ("proof", False): _("To be given again by %(day)s: %(what)s"),
    ("proof", True): _("Was to be given again by %(day)s: %(what)s"),
    ("finding", True): _("A finding was to be settled by %(day)s: %(what)s"),
    ("step", True): _("A step of a plan was to be done by %(day)s: %(what)s"),
    ("review", False): _("To be held by %(day)s: %(what)s"),
    ("review", True): _("Was to be held by %(day)s: %(what)s"),
}


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something due by a day; `about` is its key within the follow-up, `what` its text in the active language."""

    follow_up: FollowUp
    kind: str
    about: str
    what: object
    day: dt.date
    overdue: bool

    def __str__(self) -> str:
        return str(_DUE_TEXTS[self.kind, self.overdue]) % {"what": self.what, "day": formats.day(self.day)}


def list_due_items(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> list[DueItem]:
    """What has ended or ends within the charter's `warn_days`, and what is overdue; the earliest first.

    After the term of the label, only the reviews that were due within it.
    """
    term_end = follow_up.award.possible.upper
    if term_end and term_end <= day:
        return [due_item for due_item in _due_reviews(follow_up, document, day) if due_item.day <= term_end]
    due_items = [
        *_due_certificates(follow_up, document, day),
        *_due_proofs(follow_up, document, day),
        *_due_findings(follow_up, day),
        *_due_reviews(follow_up, document, day),
    ]
    return sorted(due_items, key=lambda due_item: (due_item.day, due_item.about))


def _due_certificates(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    certificates = list(follow_up.certificates.all())
    for certificate in certificates:
        state = expiry_state(certificate.valid_until, day, document.warn_days)
        if state != CommitmentState.HELD and not is_renewed(certificate, certificates):
            about, overdue = f"certificate-{certificate.pk}", state == CommitmentState.LACKING
            yield DueItem(follow_up, "certificate", about, certificate.standard, certificate.valid_until, overdue)


def _due_proofs(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    for commitment in document.commitments():
        for request in commitment.asked:
            if request.kind not in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION) or not request.months:
                continue
            proof = latest_proof(follow_up, commitment, request, day)
            if proof is None:
                continue
            until = add_months(proof.given_on, request.months)
            state = expiry_state(until, day, document.warn_days)
            if state != CommitmentState.HELD:
                yield DueItem(
                    follow_up, "proof", f"proof-{proof.pk}", request.title, until, state == CommitmentState.LACKING
                )


def _due_findings(follow_up: FollowUp, day: dt.date) -> Iterator[DueItem]:
    for finding in open_findings(follow_up):
        if finding.due_on < day:
            yield DueItem(follow_up, "finding", finding.about, finding.text, finding.due_on, overdue=True)
        if finding.stage != FindingStage.RUNNING:
            continue
        for step in finding.steps.all():
            if step.done_on is None and step.due_on < day:
                yield DueItem(follow_up, "step", f"step-{step.pk}", step.text, step.due_on, overdue=True)


def _due_reviews(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    for status in review_statuses(follow_up, document, day):
        if status.state in (CharterReviewState.DUE, CharterReviewState.OVERDUE) and status.due_on:
            about, overdue = f"review-{status.review.key}", status.state == CharterReviewState.OVERDUE
            yield DueItem(follow_up, "review", about, status.review.title, status.due_on, overdue)
