"""What the pages of a charter, of a follow-up, of a label and of an award show besides their facts."""

import datetime as dt
from collections import Counter
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from maillage.charter.charter_document import Commitment, EvidenceKind, EvidenceRequest
from maillage.charter.compliance import (
    CharterReviewState,
    CommitmentState,
    CommitmentStatus,
    compliance_by_section,
    is_renewed,
    review_statuses,
    target_results,
)
from maillage.charter.due_items import list_due_items
from maillage.charter.models import Charter, FindingStage, FollowUp
from maillage.charter.queries import charter_version_of, charters, current_follow_ups, files_by_digest, follow_ups
from maillage.core.actors import LABEL_OFFICER
from maillage.core.request import Request
from maillage.labels.models import Award, Label
from maillage.labels.vocabulary import CertaintyMark
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.figure_provider import FIGURES
from maillage.web.charter.objective_drawing import objective_drawing
from maillage.web.listing.page_parts import register_record_sections

_SHOWN = 200
_MARKS = {
    CommitmentState.FINDING: "mark-contradicted",
    CommitmentState.LACKING: "mark-contradicted",
    CommitmentState.ENDING: "mark-dated",
    CommitmentState.HELD: "mark-confirmed",
}
_REVIEW_MARKS = {CharterReviewState.HELD: "mark-confirmed", CharterReviewState.DUE: "mark-dated",
                 CharterReviewState.OVERDUE: "mark-contradicted"}  # fmt: skip


@register_record_sections("charters")
def charter_sections(request: Request, charter: Charter) -> dict[str, Any]:
    """What applies on the day, its versions, and what is due of the holders whom the reader may follow."""
    day = request.as_of.on
    current = charter.on(day)
    seen = (
        current_follow_ups(actor=request.actor, day=day)
        .filter(label=charter.label_id)
        .order_by("holder__sort_name", "pk")
    )
    held = list(seen[:_SHOWN])
    return {
        "template": "charter/charter",
        "says": current.says,
        "sections": [(section, [_commitment(one) for one in section.commitments]) for section in current.says.sections],
        "versions": list(charter.versions.order_by("-version")[:20]),
        "follow_ups": held,
        "dues": sorted(
            chain.from_iterable(list_due_items(one, current.says, day) for one in held), key=lambda due: due.day
        ),
        "may_publish": is_action_allowed(request, "charter.publish_charter", text=charter.last.text),
        "standing": "",
    }


def _commitment(one: Commitment) -> dict[str, Any]:
    asked = [{"asked": each, "title": evidence_title(each)} for each in one.asked]
    return {"commitment": one, "mark": CertaintyMark(one.mark).label, "asked": asked}


def evidence_title(asked: EvidenceRequest) -> str:
    """What one piece of evidence is called."""
    if asked.kind is EvidenceKind.FIGURE:
        return str(FIGURES[asked.figure].title) if asked.figure in FIGURES else asked.figure
    fixed = {EvidenceKind.CERTIFICATES: _("Certificates"), EvidenceKind.OBJECTIVES: _("Objectives in numbers")}
    return fixed.get(asked.kind) or str(asked.title)


@register_record_sections("follow-ups")
def follow_up_sections(request: Request, record: FollowUp) -> dict[str, Any]:
    """How each commitment stands, certificates, findings, objectives, reviews, and what the reader may do."""
    day = request.as_of.on
    follow_up: FollowUp = follow_ups(actor=request.actor).get(pk=record.pk)
    version = charter_version_of(follow_up, day)
    says = version.says
    files = files_by_digest(follow_up, actor=request.actor)
    found = compliance_by_section(follow_up, says, day)
    counts = Counter(one.state for _section, each in found for one in each)
    about = {"follow_up_id": follow_up.pk}
    return {
        "template": "charter/follow_up",
        "charter": version.charter,
        "counts": [(state, counts[state], _MARKS[state]) for state in CommitmentState if counts[state]],
        "sections": [(section, [_stands(one, files) for one in each]) for section, each in found],
        "dues": list_due_items(follow_up, says, day),
        "certificates": _certificates(follow_up, files, day),
        "findings": sorted(
            follow_up.findings.all(), key=lambda one: (one.stage == FindingStage.CLOSED, one.due_on, one.pk)
        ),
        "objectives": _objectives(follow_up, files, day),
        "reviews": [_review(one, files) for one in review_statuses(follow_up, says, day)],
        "day": day,
        "may_prove": is_action_allowed(request, "charter.give_proof", **about),
        "may_judge": is_action_allowed(request, "charter.make_finding", **about),
        "standing": "",
    }


def _stands(one: CommitmentStatus, files: dict[str, Any]) -> dict[str, Any]:
    evidence = [
        {
            "one": each,
            "title": evidence_title(each.asked),
            "class": _MARKS[each.state],
            "state": CommitmentState(each.state).label,
            "file": files.get(each.digest),
        }
        for each in one.evidence
    ]
    gives = any(each.asked.kind in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION) for each in one.evidence)
    return {
        "standing": one,
        "mark": CertaintyMark(one.commitment.mark).label,
        "state": CommitmentState(one.state).label,
        "class": _MARKS[one.state],
        "evidence": evidence,
        "gives": gives,
    }


def _certificates(follow_up: FollowUp, files: dict[str, Any], day: dt.date) -> list[dict[str, Any]]:
    held = sorted(follow_up.certificates.all(), key=lambda one: (one.valid_until, one.pk), reverse=True)
    return [
        {"one": one, "file": files.get(one.digest), "renewed": is_renewed(one, held), "ended": one.valid_until < day}
        for one in held
    ]


def _objectives(follow_up: FollowUp, files: dict[str, Any], day: dt.date) -> list[dict[str, Any]]:
    found = []
    for one in sorted(follow_up.objectives.all(), key=lambda each: each.pk):
        years = target_results(follow_up, one, day)
        known = FIGURES.get(one.figure)
        found.append(
            {
                "one": one,
                "years": [(year, files.get(year.digest)) for year in years],
                "drawing": objective_drawing(years),
                "figure": known.title if known else "",
            }
        )
    return found


def _review(one: Any, files: dict[str, Any]) -> dict[str, Any]:
    file = files.get(one.meeting.digest) if one.meeting else None
    return {"one": one, "state": CharterReviewState(one.state).label, "class": _REVIEW_MARKS.get(one.state, "quiet"),
            "file": file}  # fmt: skip


def award_charter_section(request: Request, award: Award) -> dict[str, Any]:
    """The charter of the label, and the follow-up of this holder for those who read it."""
    found = FollowUp.objects.visible_to(request.actor).filter(award=award).first()
    return {"charter": _charter(request, award.label_id), "follow_up": found}


def label_charter_section(request: Request, label: Label) -> dict[str, Any]:
    """The charter of the label; where it has none, whether the reader may begin one."""
    charter, actor = _charter(request, label.pk), request.actor
    runs = actor.acting is not None and actor.acting.role == LABEL_OFFICER and bool(actor.reach & set(label.offices))
    return {"charter": charter, "may_begin": not charter and (actor.is_officer or runs)}


def _charter(request: Request, label_id: int) -> Charter | None:
    return charters(actor=request.actor).filter(label=label_id).first()
