"""Sections about label agreements on the pages of awards and label agreements."""

from django.http import Http404

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


def award_agreement_section(request: Request, award: Award) -> dict[str, object]:
    """The members of the holder's perimeter on the day read, and the label agreement if the reader may see it."""
    return {
        "members": list(members_on(award, request.as_of.on, actor=request.actor)),
        "agreement": agreements(actor=request.actor).filter(award=award).first(),
        "to_open": decision_awaiting_agreement(request, Decision.objects.filter(award=award).first()),
    }


def agreement_after_decision(request: Request, decision: Decision | None) -> LabelAgreement | None:
    """The label agreement that follows a decision, if there is one that the reader may see."""
    award = decision.award_id if decision else None
    return agreements(actor=request.actor).filter(award=award).first() if award else None


def decision_awaiting_agreement(request: Request, decision: Decision | None) -> Decision | None:
    """The decision, if the reader may now open the label agreement that follows it; None otherwise."""
    if decision is None or decision.published_at is None or decision.award_id is None:
        return None
    if not is_action_allowed(request, "label_agreements.open_agreement", decision_id=decision.pk):
        return None
    # The authority of a label reads decisions, but not all of their applications.
    with read_everything():
        exists = LabelAgreement.objects.filter(award=decision.award_id).exists()
        has_agreement = bool(Application.objects.get(pk=decision.application_id).version.call.last.document.agreement)
    return decision if has_agreement and not exists else None


def agreements_after_decisions(
    request: Request, call: Call, decisions: dict[int, Decision]
) -> dict[int, dict[str, object]]:
    """By id of application, the label agreement that follows its decision, or the decision where one may be opened now.

    For those who run the call, who may see all of its label agreements.
    """
    awarded = {
        application: decision
        for application, decision in decisions.items()
        if decision.published_at and decision.award_id
    }
    if not awarded or not call.last.document.agreement:
        return {}
    award_ids = [decision.award_id for decision in awarded.values()]
    existing = agreements(actor=request.actor).filter(award__in=award_ids)
    agreements_by_award: dict[int | None, LabelAgreement] = {agreement.award_id: agreement for agreement in existing}
    may_open = is_action_allowed(
        request, "label_agreements.open_agreement", decision_id=next(iter(awarded.values())).pk
    )
    return {
        application: {
            "agreement": agreements_by_award.get(decision.award_id),
            "to_open": decision if may_open else None,
        }
        for application, decision in awarded.items()
    }


@register_record_sections("conventions")
def agreement_sections(request: Request, agreement: LabelAgreement) -> dict[str, object]:
    """One version (`?version=`, or the last) with headings, perimeter, signatures, changes and the reader's actions."""
    versions = list(agreement.versions.order_by("-number"))
    if not versions:
        raise Http404("No version of this agreement was known then.")
    number = request.GET.get("version", "")
    version = next((version for version in versions if str(version.number) == number), versions[0])
    version.agreement = agreement
    digest = version.digest or agreement_digest(version)
    draft = version.in_force_at is None
    may_write = is_action_allowed(request, "label_agreements.begin_amendment", agreement_id=agreement.pk)
    clauses = clauses_by_heading(version)
    return {
        "template": "conventions/convention",
        "version": version,
        "versions": versions,
        "in_force": version.pk == agreement.in_force_id,
        "headings": [
            _heading_context(heading, clauses.get(heading.key)) for heading in agreement.call_document.agreement
        ],
        "entities": [(entity, share_text(entity.share)) for entity in perimeter_entities(version)],
        "changes": version_changes(version),
        "parties": agreement_parties(agreement),
        "digest": digest,
        "signatures": _signatures(version, digest),
        "missing": missing_items(version) if draft else [],
        "may_write": draft and may_write,
        "may_amend": may_write and versions[0].in_force_at is not None,
        "may_sign": _organisation_to_sign_for(request, version, digest) if draft else None,
        "standing": "",
    }


def _heading_context(heading: AgreementHeading, clause: Clause | None) -> dict[str, object]:
    """A heading with its clause: a table for objectives, a file, or a text."""
    value = clause.value if clause else None
    context: dict[str, object] = {
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
        return context | {"columns": columns, "rows": rows}
    return context | {"words": clause_text(heading, clause) if heading.kind is HeadingKind.TEXT else ""}


def _signatures(version: LabelAgreementVersion, digest: str) -> list[dict[str, object]]:
    """The organisations that sign, each with its signature and whether it is for the current text."""
    signatures = {signature.organisation_id: signature for signature in version.signatures.all()}
    return [
        {"organisation": organisation, "signed": signature, "current": bool(signature and signature.digest == digest)}
        for organisation in required_signers(version)
        for signature in [signatures.get(organisation.pk)]
    ]


def _organisation_to_sign_for(request: Request, version: LabelAgreementVersion, digest: str) -> int:
    """The id of an organisation that the reader may sign for now, or 0; those with a current signature are skipped."""
    for organisation in unsigned_organisations(version, digest):
        about = {"agreement_id": version.agreement_id, "organisation_id": organisation.pk}
        if organisation.pk in request.actor.reach and is_action_allowed(
            request, "label_agreements.sign_agreement", **about
        ):
            return organisation.pk
    return 0
