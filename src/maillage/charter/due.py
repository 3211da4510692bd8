"""What is due of a follow-up: one list for the pages and for the notices."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.charter.document import CharterDocument, Kind
from maillage.charter.models import FollowUp, Stage
from maillage.charter.queries import open_findings
from maillage.charter.standing import ReviewState, State, last_proof, renewed, reviews_of, state_until
from maillage.kernel import wording
from maillage.kernel.periods import months_after

_WORDS: dict[tuple[str, bool], str | Promise] = {
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
class Due:
    """Something due by a day; `about` names it among all of the follow-up, `what` is told in the active language."""

    follow_up: FollowUp
    kind: str
    about: str
    what: Any
    day: dt.date
    overdue: bool

    def __str__(self) -> str:
        return str(_WORDS[self.kind, self.overdue]) % {"what": self.what, "day": wording.day(self.day)}


def dues_of(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> list[Due]:
    """What ends within the days that the charter says or has ended, and what is overdue; the earliest first.

    Once the label is held no more, only the reviews of its term are.
    """
    after = follow_up.award.possible.upper
    if after and after <= day:
        return [one for one in _reviews(follow_up, says, day) if one.day <= after]
    found = [
        *_certificates(follow_up, says, day),
        *_proofs(follow_up, says, day),
        *_findings(follow_up, day),
        *_reviews(follow_up, says, day),
    ]
    return sorted(found, key=lambda one: (one.day, one.about))


def _certificates(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[Due]:
    held = list(follow_up.certificates.all())
    for one in held:
        state = state_until(one.valid_until, day, says.warn_days)
        if state != State.HELD and not renewed(one, held):
            about = f"certificate-{one.pk}"
            yield Due(follow_up, "certificate", about, one.standard, one.valid_until, state == State.LACKING)


def _proofs(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[Due]:
    for commitment in says.commitments():
        for asked in commitment.asked:
            if asked.kind not in (Kind.ATTACHMENT, Kind.DECLARATION) or not asked.months:
                continue
            proof = last_proof(follow_up, commitment, asked, day)
            if proof is None:
                continue
            until = months_after(proof.given_on, asked.months)
            state = state_until(until, day, says.warn_days)
            if state != State.HELD:
                yield Due(follow_up, "proof", f"proof-{proof.pk}", asked.title, until, state == State.LACKING)


def _findings(follow_up: FollowUp, day: dt.date) -> Iterator[Due]:
    for finding in open_findings(follow_up):
        if finding.due_on < day:
            yield Due(follow_up, "finding", finding.about, finding.text, finding.due_on, overdue=True)
        if finding.stage != Stage.RUNNING:
            continue
        for step in finding.steps.all():
            if step.done_on is None and step.due_on < day:
                yield Due(follow_up, "step", f"step-{step.pk}", step.text, step.due_on, overdue=True)


def _reviews(follow_up: FollowUp, says: CharterDocument, day: dt.date) -> Iterator[Due]:
    for one in reviews_of(follow_up, says, day):
        if one.state in (ReviewState.DUE, ReviewState.OVERDUE) and one.due_on:
            overdue = one.state == ReviewState.OVERDUE
            yield Due(follow_up, "review", f"review-{one.review.key}", one.review.title, one.due_on, overdue)
