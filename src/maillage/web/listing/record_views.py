"""The page of a record. Every kind has the same parts, in this order: title and state; facts with their sources;
contradictions; timeline; actions; history."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.core.certainty import CERTAINTY_EXPLANATIONS, CertaintyLevel, Evidence, evidence_of
from maillage.core.models import Citation, Fact
from maillage.core.request import Request
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import LISTINGS, FactRow, Listing
from maillage.presentation import calendars, cells, json_ld, marks, record_links, timeline
from maillage.presentation.evidence import CertaintyReader, NumberedCitations, contradictions_by_property
from maillage.presentation.links import link_as_of
from maillage.web.core.record_sections import dispute_of, visibility_section
from maillage.web.facts.addresses import fact_links
from maillage.web.facts.undo_views import history_with_undo
from maillage.web.facts.withdrawn import withdrawn_fact
from maillage.web.facts.withdrawn_views import gone_page
from maillage.web.files.record_sections import files_section
from maillage.web.listing.page_parts import RECORD_SECTIONS
from maillage.web.proposals.links import proposal_links


@dataclass(frozen=True, slots=True)
class FactLine:
    label: str
    value: SafeString
    several: list[SafeString]
    citations: list[tuple[int, Citation]]
    standing: CertaintyLevel


def record_page(request: Request, name: str, slug: str | int) -> HttpResponse:
    """The page of one record of a listing."""
    listing = LISTINGS[name]
    record = _find_record(listing, request, slug)
    if record is None and (withdrawn := withdrawn_fact(request, listing.model, slug)):
        return gone_page(request, withdrawn)
    if record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    if getattr(record, "merged_into", None):
        # A merge can be undone: browsers must not keep the redirect.
        return HttpResponseRedirect(link_as_of(record.merged_into.get_absolute_url(), request.as_of))
    evidence = _evidence(listing, record, request)
    context = _context(request, listing, record, evidence)
    if sections := RECORD_SECTIONS.get(listing.name):
        context |= sections(request, record)
    context |= files_section(request, listing, record)
    if request.as_of.known is None:
        context |= {"fact_links": fact_links(request, record), "proposal_links": proposal_links(request, record)}
    return render(request, f"web/{context['template']}.html", context)


def _find_record(listing: Listing, request: Request, slug: str | int) -> ListedRecord | None:
    """The record; merged ones are included, since their addresses redirect."""
    return listing.visible(request.actor).filter(**{listing.slug: slug}).first()


def _evidence(listing: Listing, record: Model, request: Request) -> Evidence:
    key = (listing.model._meta.label_lower, record.pk)
    return evidence_of([key], actor=request.actor)[key]


def _context(request: Request, listing: Listing, record: Model, evidence: Evidence) -> dict[str, object]:
    listing.prepare([record], request.actor, request.as_of.on)
    organisations = listing.organisations(record)
    reader = CertaintyReader.for_records([evidence], organisations, request.as_of)
    certainty = reader.certainty(evidence, organisations)
    heading = record_links.record_heading(listing, record, link=False)
    return {
        "template": "record",
        "listing": listing,
        "record": record,
        "report_slug": getattr(record, listing.slug),
        "heading": heading,
        "force": marks.fact_state_mark(marks.fact_state_on(record, request.as_of.on))
        if isinstance(record, Fact)
        else "",
        "is_fact": listing.is_fact,
        "standing": certainty,
        "standing_why": CERTAINTY_EXPLANATIONS[certainty],
        "facts": _facts(request, listing, record, evidence, reader),
        "sources": NumberedCitations(evidence.citations).numbered(),
        "disputes": [dispute_of(contradiction) for contradiction in evidence.contradictions],
        "moments": timeline.record_moments(record, evidence.contradictions, request.as_of.on)
        if isinstance(record, Fact)
        else [],
        **visibility_section(request, record),
        "history": history_with_undo(request, record),
        "has_calendar": calendars.has_entry(listing, record),
        "linked_data": json_ld.record_json_ld(listing, record, evidence.citations),
    }


def _facts(
    request: Request, listing: Listing, record: Model, evidence: Evidence, reader: CertaintyReader
) -> list[FactLine]:
    sources, organisations = NumberedCitations(evidence.citations), listing.organisations(record)
    disputes = contradictions_by_property(listing, record, evidence)
    lines = []
    for row in listing.facts(record):
        cited = sources.of(row.property)
        fact_evidence = Evidence([citation for _number, citation in cited], disputes[row.property])
        lines.append(_fact_line(row, cited, reader.certainty(fact_evidence, organisations), request))
    return lines


def _fact_line(
    row: FactRow, cited: list[tuple[int, Citation]], certainty: CertaintyLevel, request: Request
) -> FactLine:
    value = row.value
    values = [cells.render_html(item, request.as_of) for item in value] if isinstance(value, list) else []
    single = SafeString() if values else cells.render_html(value, request.as_of)
    return FactLine(str(row.label), single, values, cited, certainty)
