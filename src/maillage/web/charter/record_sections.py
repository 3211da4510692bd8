"""Sections about charters on the pages of charters, follow-ups, labels and awards."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from django.utils.translation import gettext as _

from maillage.charter.charter_document import Commitment, EvidenceKind, EvidenceRequest
from maillage.charter.compliance import (
    CharterReviewState,
    CharterReviewStatus,
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
def charter_sections(request: Request, charter: Charter) -> dict[str, object]:
    """The version of the day read, all versions, and due items of the follow-ups that the reader may see."""
    day = request.as_of.on
    current = charter.on(day)
    visible = (
        current_follow_ups(actor=request.actor, day=day)
        .filter(label=charter.label_id)
        .order_by("holder__sort_name", "pk")
    )
    listed = list(visible[:_SHOWN])
    return {
        "template": "charter/charter",
        "document": current.document,
        "sections": [
            (section, [_commitment_context(commitment) for commitment in section.commitments])
            for section in current.document.sections
        ],
        "versions": list(charter.versions.order_by("-version")[:20]),
        "follow_ups": listed,
        "dues": sorted(
            chain.from_iterable(list_due_items(follow_up, current.document, day) for follow_up in listed),
            key=lambda due: due.day,
        ),
        "may_publish": is_action_allowed(request, "charter.publish_charter", text=charter.last.text),
        "standing": "",
    }


def _commitment_context(commitment: Commitment) -> dict[str, object]:
    evidence = [
        {"asked": evidence_request, "title": evidence_title(evidence_request)} for evidence_request in commitment.asked
    ]
    return {"commitment": commitment, "mark": CertaintyMark(commitment.mark).label, "asked": evidence}


def evidence_title(evidence_request: EvidenceRequest) -> str:
    """The title of a piece of evidence."""
    if evidence_request.kind is EvidenceKind.FIGURE:
        return (
            str(FIGURES[evidence_request.figure].title)
            if evidence_request.figure in FIGURES
            else evidence_request.figure
        )
    fixed = {EvidenceKind.CERTIFICATES: _("Certificates"), EvidenceKind.OBJECTIVES: _("Objectives in numbers")}
    return fixed.get(evidence_request.kind) or str(evidence_request.title)


@register_record_sections("follow-ups")
def follow_up_sections(request: Request, record: FollowUp) -> dict[str, object]:
    """State of each commitment, certificates, findings, objectives, reviews, and the reader's actions."""
    day = request.as_of.on
    follow_up: FollowUp = follow_ups(actor=request.actor).get(pk=record.pk)
    version = charter_version_of(follow_up, day)
    document = version.document
    files = files_by_digest(follow_up, actor=request.actor)
    compliance = compliance_by_section(follow_up, document, day)
    counts = Counter(status.state for _section, statuses in compliance for status in statuses)
    about = {"follow_up_id": follow_up.pk}
    return {
        "template": "charter/follow_up",
        "charter": version.charter,
        "counts": [(state, counts[state], _MARKS[state]) for state in CommitmentState if counts[state]],
        "sections": [
            (section, [_status_context(status, files) for status in statuses]) for section, statuses in compliance
        ],
        "dues": list_due_items(follow_up, document, day),
        "certificates": _certificates(follow_up, files, day),
        "findings": sorted(
            follow_up.findings.all(),
            key=lambda finding: (finding.stage == FindingStage.CLOSED, finding.due_on, finding.pk),
        ),
        "objectives": _objectives(follow_up, files, day),
        "reviews": [_review_context(review, files) for review in review_statuses(follow_up, document, day)],
        "day": day,
        "may_prove": is_action_allowed(request, "charter.give_proof", **about),
        "may_judge": is_action_allowed(request, "charter.make_finding", **about),
        "standing": "",
    }


def _status_context(status: CommitmentStatus, files: Mapping[str, object]) -> dict[str, object]:
    evidence = [
        {
            "one": evidence_status,
            "title": evidence_title(evidence_status.asked),
            "class": _MARKS[evidence_status.state],
            "state": CommitmentState(evidence_status.state).label,
            "file": files.get(evidence_status.digest),
        }
        for evidence_status in status.evidence
    ]
    accepts_evidence = any(
        evidence_status.asked.kind in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION)
        for evidence_status in status.evidence
    )
    return {
        "standing": status,
        "mark": CertaintyMark(status.commitment.mark).label,
        "state": CommitmentState(status.state).label,
        "class": _MARKS[status.state],
        "evidence": evidence,
        "gives": accepts_evidence,
    }


def _certificates(follow_up: FollowUp, files: Mapping[str, object], day: dt.date) -> list[dict[str, object]]:
    certificates = sorted(
        follow_up.certificates.all(), key=lambda certificate: (certificate.valid_until, certificate.pk), reverse=True
    )
    return [
        {
            "one": certificate,
            "file": files.get(certificate.digest),
            "renewed": is_renewed(certificate, certificates),
            "ended": certificate.valid_until < day,
        }
        for certificate in certificates
    ]


def _objectives(follow_up: FollowUp, files: Mapping[str, object], day: dt.date) -> list[dict[str, object]]:
    rows = []
    for objective in sorted(follow_up.objectives.all(), key=lambda objective: objective.pk):
        years = target_results(follow_up, objective, day)
        figure = FIGURES.get(objective.figure)
        rows.append(
            {
                "one": objective,
                "years": [(year, files.get(year.digest)) for year in years],
                "drawing": objective_drawing(years),
                "figure": figure.title if figure else "",
            }
        )
    return rows


def _review_context(review: CharterReviewStatus, files: Mapping[str, object]) -> dict[str, object]:
    file = files.get(review.meeting.digest) if review.meeting else None
    return {
        "one": review,
        "state": CharterReviewState(review.state).label,
        "class": _REVIEW_MARKS.get(review.state, "quiet"),
        "file": file,
    }


def award_charter_section(request: Request, award: Award) -> dict[str, object]:
    """The charter of the label, and the follow-up of this holder if the reader may see it."""
    follow_up = FollowUp.objects.visible_to(request.actor).filter(award=award).first()
    return {"charter": _charter_of_label(request, award.label_id), "follow_up": follow_up}


def label_charter_section(request: Request, label: Label) -> dict[str, object]:
    """The charter of the label; where it has none, whether the reader may begin one."""
    charter, actor = _charter_of_label(request, label.pk), request.actor
    runs_label = (
        actor.acting is not None and actor.acting.role == LABEL_OFFICER and bool(actor.reach & set(label.operator_ids))
    )
    return {"charter": charter, "may_begin": not charter and (actor.is_officer or runs_label)}


def _charter_of_label(request: Request, label_id: int) -> Charter | None:
    return charters(actor=request.actor).filter(label=label_id).first()
