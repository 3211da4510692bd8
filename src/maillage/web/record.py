"""The page of a record. Every kind has the same anatomy: title and state; facts with their sources; what contradicts
them; timeline; what one may do next; history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.kernel.certainty import EXPLANATIONS, Evidence, Standing, evidence_of
from maillage.kernel.listing import LISTINGS, FactRow, Listing
from maillage.kernel.models import Citation
from maillage.kernel.request import Request
from maillage.web import (
    cells,
    changes,
    contradictions,
    disclosure,
    files,
    json_ld,
    marks,
    organisation,
    records,
    statements,
    timeline,
)
from maillage.web.calls import record as calls
from maillage.web.charter import record as charter
from maillage.web.conventions import record as conventions
from maillage.web.evidence import Sources, disputes_of, standing_of
from maillage.web.labels import record as labels
from maillage.web.links import carry
from maillage.web.needs import record as needs
from maillage.web.offers import record as offers


@dataclass(frozen=True, slots=True)
class ShownFact:
    label: str
    value: SafeString
    several: list[SafeString]
    citations: list[tuple[int, Citation]]
    standing: Standing


def record_page(request: Request, name: str, slug: str | int) -> HttpResponse:
    """The page of one record of a listing."""
    listing = LISTINGS[name]
    record = _found(listing, request, slug)
    if getattr(record, "merged_into", None):
        return HttpResponsePermanentRedirect(carry(record.merged_into.get_absolute_url(), request.reading))
    evidence = _evidence(listing, record, request)
    context = _context(request, listing, record, evidence) | _special(request, listing, record)
    context |= files.section(request, listing, record)
    return render(request, f"web/{context['template']}.html", context)


def _found(listing: Listing, request: Request, slug: str | int) -> Any:
    """The record, absorbed ones included, since their addresses keep leading somewhere."""
    record = listing.visible(request.actor).filter(**{listing.slug: slug}).first()
    if record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    return record


def _evidence(listing: Listing, record: Any, request: Request) -> Evidence:
    key = (listing.model._meta.label_lower, record.pk)
    return evidence_of([key], actor=request.actor)[key]


def _context(request: Request, listing: Listing, record: Any, evidence: Evidence) -> dict[str, Any]:
    bodies = listing.bodies(record)
    standing = standing_of(evidence, bodies, request.reading)
    heading = records.heading(listing, record, link=False)
    return {
        "template": "record",
        "listing": listing,
        "record": record,
        "report_slug": getattr(record, listing.slug),
        "heading": heading,
        "force": marks.force_mark(marks.force_of(record, request.reading.on)) if listing.is_fact else "",
        "is_fact": listing.is_fact,
        "standing": standing,
        "standing_why": EXPLANATIONS[standing],
        "facts": _facts(request, listing, record, evidence),
        "sources": Sources(evidence.citations).numbered(),
        "disputes": [contradictions.shown(one) for one in evidence.contradictions],
        "moments": timeline.of_record(record, evidence.contradictions, request.reading.on) if listing.is_fact else [],
        **disclosure.section(request, record),
        "history": changes.history_of(record, actor=request.actor, until=request.reading.known),
        "linked_data": json_ld.of(listing, record, evidence.citations),
    }


def _facts(request: Request, listing: Listing, record: Any, evidence: Evidence) -> list[ShownFact]:
    sources, bodies = Sources(evidence.citations), listing.bodies(record)
    disputes = disputes_of(listing, record, evidence)
    rows = []
    for row in listing.facts(record):
        cited = sources.of(row.property)
        about = Evidence([citation for _number, citation in cited], disputes[row.property])
        rows.append(_shown(row, cited, standing_of(about, bodies, request.reading), request))
    return rows


def _shown(row: FactRow, cited: list[tuple[int, Citation]], standing: Standing, request: Request) -> ShownFact:
    value = row.value
    several = [cells.html(item, request.reading) for item in value] if isinstance(value, list) else []
    one = SafeString() if several else cells.html(value, request.reading)
    return ShownFact(str(row.label), one, several, cited, standing)


def _special(request: Request, listing: Listing, record: Any) -> dict[str, Any]:
    """What some kinds of record show besides."""
    special: dict[str, Callable[[Request, Any], dict[str, Any]]] = {
        "organisations": organisation.sections,
        "contradictions": contradictions.context,
        "statements": statements.context,
        "needs": needs.sections,
        "offers": offers.sections,
        "labels": labels.of_label,
        "awards": labels.of_award,
        "calls": calls.of_call,
        "dossiers": calls.of_dossier,
        "conventions": conventions.of_convention,
        "charters": charter.of_charter,
        "follow-ups": charter.of_follow_up,
    }
    return special[listing.name](request, record) if listing.name in special else {}
