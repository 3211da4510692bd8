"""What the pages of an award and of a convention show besides their facts."""

from typing import Any

from maillage.calls.call_document import AgreementHeading, HeadingKind
from maillage.calls.models import Application, Call
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.label_agreements.completeness import agreement_digest, missing_items, unsigned_organisations
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import Clause, LabelAgreement, LabelAgreementVersion
from maillage.label_agreements.queries import (
    agreement_parties,
    agreements,
    cell_text,
    clause_text,
    clauses_by_heading,
    members_on,
    perimeter_entities,
    required_signers,
    share_text,
    version_changes,
)
from maillage.labels.models import Award
from maillage.presentation.action_forms import is_action_allowed
from maillage.reviews.models import Decision
from maillage.web.listing.page_parts import register_record_sections


def award_agreement_section(request: Request, award: Award) -> dict[str, Any]:
    """The entities that belong to the holder on the day read, and the way to the convention, for whoever reads it."""
    return {
        "members": list(members_on(award, request.as_of.on, actor=request.actor)),
        "agreement": agreements(actor=request.actor).filter(award=award).first(),
        "to_open": decision_awaiting_agreement(request, Decision.objects.filter(award=award).first()),
    }


def agreement_after_decision(request: Request, decision: Decision | None) -> LabelAgreement | None:
    """The convention that follows a decision, where the reader may read it."""
    award = decision.award_id if decision else None
    return agreements(actor=request.actor).filter(award=award).first() if award else None


def decision_awaiting_agreement(request: Request, decision: Decision | None) -> Decision | None:
    """The decision, if the reader may now open the convention that follows it."""
    if decision is None or decision.published_at is None or decision.award_id is None:
        return None
    if not is_action_allowed(request, "label_agreements.open_agreement", decision_id=decision.pk):
        return None
    # The authority of a label reads decisions, and not every dossier they are of.
    with read_everything():
        begun = LabelAgreement.objects.filter(award=decision.award_id).exists()
        gives = bool(Application.objects.get(pk=decision.application_id).version.call.last.says.agreement)
    return decision if gives and not begun else None


def agreements_after_decisions(
    request: Request, call: Call, decisions: dict[int, Decision]
) -> dict[int, dict[str, Any]]:
    """By dossier (id), the convention that follows its decision, or the decision where it may be opened now.

    For whoever runs the call, and so reads all of its conventions.
    """
    awarded = {application: one for application, one in decisions.items() if one.published_at and one.award_id}
    if not awarded or not call.last.says.agreement:
        return {}
    begun = {one.award_id: one for one in agreements(actor=request.actor).filter(
        award__in=[one.award_id for one in awarded.values()])}  # fmt: skip
    opens = is_action_allowed(request, "label_agreements.open_agreement", decision_id=next(iter(awarded.values())).pk)
    return {
        application: {"agreement": begun.get(one.award_id), "to_open": one if opens else None}
        for application, one in awarded.items()
    }


@register_record_sections("conventions")
def agreement_sections(request: Request, agreement: LabelAgreement) -> dict[str, Any]:
    """One version with its headings, perimeter, signatures and changes, and what the reader may do with it."""
    versions = list(agreement.versions.order_by("-number"))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), versions[0])
    version.agreement = agreement
    digest = version.digest or agreement_digest(version)
    draft = version.in_force_at is None
    writes = is_action_allowed(request, "label_agreements.begin_amendment", agreement_id=agreement.pk)
    clauses = clauses_by_heading(version)
    return {
        "template": "conventions/convention",
        "version": version,
        "versions": versions,
        "in_force": version.pk == agreement.in_force_id,
        "headings": [_shown(one, clauses.get(one.key)) for one in agreement.says.agreement],
        "entities": [(one, share_text(one.share)) for one in perimeter_entities(version)],
        "changes": version_changes(version),
        "parties": agreement_parties(agreement),
        "digest": digest,
        "signatures": _signatures(version, digest),
        "missing": missing_items(version) if draft else [],
        "may_write": draft and writes,
        "may_amend": writes and versions[0].in_force_at is not None,
        "may_sign": _may_sign(request, version, digest) if draft else None,
        "standing": "",
    }


def _shown(heading: AgreementHeading, clause: Clause | None) -> dict[str, Any]:
    """A heading with what stands under it: a table for objectives, a file, or words."""
    value = clause.value if clause else None
    shown: dict[str, Any] = {
        "heading": heading,
        "clause": clause,
        "value": value,
        "words": "",
        "columns": (),
        "rows": [],
    }
    if heading.kind is HeadingKind.OBJECTIVES:
        columns = question_for_heading(heading).columns
        rows = [[cell_text(column, row.get(column.key, "")) for column in columns] for row in value or []]
        return shown | {"columns": columns, "rows": rows}
    return shown | {"words": clause_text(heading, clause) if heading.kind is HeadingKind.TEXT else ""}


def _signatures(version: LabelAgreementVersion, digest: str) -> list[dict[str, Any]]:
    """Who signs, and whether what they signed is what stands there."""
    signed = {one.organisation_id: one for one in version.signatures.all()}
    return [
        {"body": one, "signed": held, "current": bool(held and held.digest == digest)}
        for one in required_signers(version)
        for held in [signed.get(one.pk)]
    ]


def _may_sign(request: Request, version: LabelAgreementVersion, digest: str) -> int:
    """The body that the reader may sign for now (its id), or 0; those that have signed what stands there are past."""
    for one in unsigned_organisations(version, digest):
        about = {"agreement_id": version.agreement_id, "organisation_id": one.pk}
        if one.pk in request.actor.reach and is_action_allowed(request, "label_agreements.sign_agreement", **about):
            return one.pk
    return 0
