"""What the pages of an award and of a convention show besides their facts."""

from typing import Any

from maillage.calls.document import Heading, HeadingKind
from maillage.calls.models import Call, Dossier
from maillage.conventions.headings import question_of
from maillage.conventions.models import Clause, Convention, ConventionVersion
from maillage.conventions.queries import (
    cell_words,
    changes_of,
    clause_words,
    clauses_of,
    conventions,
    members_of,
    parties_of,
    perimeter_of,
    share_words,
    signers_of,
)
from maillage.conventions.signing import digest_of, missing_of, unsigned_of
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.labels.models import Award
from maillage.reviews.models import Decision
from maillage.web.acting import may


def on_award(request: Request, award: Award) -> dict[str, Any]:
    """The entities that belong to the holder on the day read, and the way to the convention, for whoever reads it."""
    return {
        "members": list(members_of(award, request.reading.on, actor=request.actor)),
        "convention": conventions(actor=request.actor).filter(award=award).first(),
        "to_open": to_open(request, Decision.objects.filter(award=award).first()),
    }


def convention_of(request: Request, decision: Decision | None) -> Convention | None:
    """The convention that follows a decision, where the reader may read it."""
    award = decision.award_id if decision else None
    return conventions(actor=request.actor).filter(award=award).first() if award else None


def to_open(request: Request, decision: Decision | None) -> Decision | None:
    """The decision, if the reader may now open the convention that follows it."""
    if decision is None or decision.published_at is None or decision.award_id is None:
        return None
    if not may(request, "conventions.open_convention", decision_id=decision.pk):
        return None
    # The authority of a label reads decisions, and not every dossier they are of.
    with everything():
        begun = Convention.objects.filter(award=decision.award_id).exists()
        gives = bool(Dossier.objects.get(pk=decision.dossier_id).version.call.last.says.convention)
    return decision if gives and not begun else None


def following_of(request: Request, call: Call, decisions: dict[int, Decision]) -> dict[int, dict[str, Any]]:
    """By dossier (id), the convention that follows its decision, or the decision where it may be opened now.

    For whoever runs the call, and so reads all of its conventions.
    """
    awarded = {dossier: one for dossier, one in decisions.items() if one.published_at and one.award_id}
    if not awarded or not call.last.says.convention:
        return {}
    begun = {one.award_id: one for one in conventions(actor=request.actor).filter(
        award__in=[one.award_id for one in awarded.values()])}  # fmt: skip
    opens = may(request, "conventions.open_convention", decision_id=next(iter(awarded.values())).pk)
    return {
        dossier: {"convention": begun.get(one.award_id), "to_open": one if opens else None}
        for dossier, one in awarded.items()
    }


def of_convention(request: Request, convention: Convention) -> dict[str, Any]:
    """One version with its headings, perimeter, signatures and changes, and what the reader may do with it."""
    versions = list(convention.versions.order_by("-number"))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), versions[0])
    version.convention = convention
    digest = version.digest or digest_of(version)
    draft = version.in_force_at is None
    writes = may(request, "conventions.begin_amendment", convention_id=convention.pk)
    clauses = clauses_of(version)
    return {
        "template": "conventions/convention",
        "version": version,
        "versions": versions,
        "in_force": version.pk == convention.in_force_id,
        "headings": [_shown(one, clauses.get(one.key)) for one in convention.says.convention],
        "entities": [(one, share_words(one.share)) for one in perimeter_of(version)],
        "changes": changes_of(version),
        "parties": parties_of(convention),
        "digest": digest,
        "signatures": _signatures(version, digest),
        "missing": missing_of(version) if draft else [],
        "may_write": draft and writes,
        "may_amend": writes and versions[0].in_force_at is not None,
        "may_sign": _may_sign(request, version, digest) if draft else None,
        "standing": "",
    }


def _shown(heading: Heading, clause: Clause | None) -> dict[str, Any]:
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
        columns = question_of(heading).columns
        rows = [[cell_words(column, row.get(column.key, "")) for column in columns] for row in value or []]
        return shown | {"columns": columns, "rows": rows}
    return shown | {"words": clause_words(heading, clause) if heading.kind is HeadingKind.TEXT else ""}


def _signatures(version: ConventionVersion, digest: str) -> list[dict[str, Any]]:
    """Who signs, and whether what they signed is what stands there."""
    signed = {one.organisation_id: one for one in version.signatures.all()}
    return [
        {"body": one, "signed": held, "current": bool(held and held.digest == digest)}
        for one in signers_of(version)
        for held in [signed.get(one.pk)]
    ]


def _may_sign(request: Request, version: ConventionVersion, digest: str) -> int:
    """The body that the reader may sign for now (its id), or 0; those that have signed what stands there are past."""
    for one in unsigned_of(version, digest):
        about = {"convention_id": version.convention_id, "organisation_id": one.pk}
        if one.pk in request.actor.reach and may(request, "conventions.sign_convention", **about):
            return one.pk
    return 0
