"""What is due of a follow-up: one list for the pages and for the notices."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
    """Something due by a day; `about` names it among all of the follow-up, `what` is told in the active language."""

    follow_up: FollowUp
    kind: str
    about: str
    what: Any
    day: dt.date
    overdue: bool

    def __str__(self) -> str:
        return str(_DUE_TEXTS[self.kind, self.overdue]) % {"what": self.what, "day": formats.day(self.day)}


def list_due_items(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> list[DueItem]:
    """What ends within the days that the charter says or has ended, and what is overdue; the earliest first.

    Once the label is held no more, only the reviews of its term are.
    """
    after = follow_up.award.possible.upper
    if after and after <= day:
        return [one for one in _due_reviews(follow_up, says, day) if one.day <= after]
    found = [
        *_due_certificates(follow_up, says, day),
        *_due_proofs(follow_up, says, day),
        *_due_findings(follow_up, day),
        *_due_reviews(follow_up, says, day),
    ]
    return sorted(found, key=lambda one: (one.day, one.about))


def _due_certificates(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    held = list(follow_up.certificates.all())
    for one in held:
        state = expiry_state(one.valid_until, day, says.warn_days)
        if state != CommitmentState.HELD and not is_renewed(one, held):
            about = f"certificate-{one.pk}"
            yield DueItem(
                follow_up, "certificate", about, one.standard, one.valid_until, state == CommitmentState.LACKING
            )


def _due_proofs(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    for commitment in says.commitments():
        for asked in commitment.asked:
            if asked.kind not in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION) or not asked.months:
                continue
            proof = latest_proof(follow_up, commitment, asked, day)
            if proof is None:
                continue
            until = add_months(proof.given_on, asked.months)
            state = expiry_state(until, day, says.warn_days)
            if state != CommitmentState.HELD:
                yield DueItem(
                    follow_up, "proof", f"proof-{proof.pk}", asked.title, until, state == CommitmentState.LACKING
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


def _due_reviews(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[DueItem]:
    for one in review_statuses(follow_up, says, day):
        if one.state in (CharterReviewState.DUE, CharterReviewState.OVERDUE) and one.due_on:
            overdue = one.state == CharterReviewState.OVERDUE
            yield DueItem(follow_up, "review", f"review-{one.review.key}", one.review.title, one.due_on, overdue)
