"""Records over the API: the content of their page, with the evidence."""

from urllib.parse import quote

from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from maillage.api.addresses import API_ROOT
from maillage.api.fact_lists import fact_key
from maillage.api.json_values import json_value
from maillage.api.list_endpoints import list_rows
from maillage.api.problems import ProblemError
from maillage.api.responses import JSON, JSON_LD, conditional_response, json_response, negotiated_media_type
from maillage.core.certainty import Evidence, evidence_of
from maillage.core.models import Citation, Contradiction, Fact
from maillage.core.record_versions import record_version
from maillage.core.request import Request
from maillage.listing.listing import LISTINGS, Listing
from maillage.listing.values import localised_text, organisation_link, period_value
from maillage.presentation import json_ld, record_links
from maillage.presentation.evidence import CertaintyReader, NumberedCitations, contradictions_by_property
from maillage.presentation.marks import fact_state_on
from maillage.register import queries
from maillage.register.models import Organisation

_MAX_TIES = 300


def record_response(request: Request, listing: Listing, slug: str | int) -> HttpResponse:
    """The record; a merged record redirects to the one that remains. Raises `ProblemError` 404 if it is not visible."""
    media_type = negotiated_media_type(request, JSON, JSON_LD)
    record = listing.visible(request.actor).filter(**{listing.slug: slug}).first()
    if record is None:
        raise ProblemError(404, _("No record has this address, or it is not for every reader."))
    if merged_into := getattr(record, "merged_into", None):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{API_ROOT}{listing.name}/{quote(merged_into.key)}{'?' if query else ''}{query}")
    listing.prepare([record], request.actor, request.as_of.on)
    key = (listing.model._meta.label_lower, record.pk)
    evidence = evidence_of([key], actor=request.actor)[key]
    version = record_version(listing.model, record.pk)
    if media_type == JSON_LD:
        response = json_response(json_ld.record_json_ld(listing, record, evidence.citations), JSON_LD)
    else:
        response = json_response(_record_body(request, listing, record, evidence))
    return conditional_response(request, response, version)


def back_office_response(request: Request, listing: Listing, slug: object) -> HttpResponse:
    """A record of the back office. Raises `ProblemError` 404 if it is not visible."""
    negotiated_media_type(request, JSON)
    record = listing.records(request.actor).filter(**{listing.slug: slug}).first()
    if record is None:
        raise ProblemError(404, _("No record has this address, or it is not for every reader."))
    [row] = list_rows(listing, [record], request.as_of.on)
    return conditional_response(
        request, json_response({"listing": listing.name, **row}), record_version(listing.model, record.pk)
    )


def _record_body(request: Request, listing: Listing, record: Model, evidence: Evidence) -> dict[str, object]:
    slug = getattr(record, listing.slug)
    organisations = listing.organisations(record)
    reader = CertaintyReader.for_records([evidence], organisations, request.as_of)
    period = period_value(record) if isinstance(record, Fact) else None
    return {
        "id": slug,
        "number": record.pk,
        "fact": fact_key(record),
        "listing": listing.name,
        "href": f"{API_ROOT}{listing.name}/{quote(str(slug))}",
        "page": record_links.page_address(listing, record),
        "heading": json_value(record_links.record_heading(listing, record, link=False)),
        "period": json_value(period),
        "in_force": fact_state_on(record, request.as_of.on).name if isinstance(record, Fact) else None,
        "standing": str(reader.certainty(evidence, organisations)),
        "facts": _facts(listing, record, evidence, reader),
        "citations": [
            _citation(number, citation) for number, citation in NumberedCitations(evidence.citations).numbered()
        ],
        "contradictions": [_contradiction(contradiction) for contradiction in evidence.contradictions],
        "ties": _ties(request, record) if isinstance(record, Organisation) else [],
        "links": _links(record) if isinstance(record, Organisation) else {},
    }


def _facts(listing: Listing, record: Model, evidence: Evidence, reader: CertaintyReader) -> list[dict[str, object]]:
    citations, organisations = NumberedCitations(evidence.citations), listing.organisations(record)
    disputes = contradictions_by_property(listing, record, evidence)
    facts = []
    for row in listing.facts(record):
        cited = citations.of(row.property)
        fact_evidence = Evidence([citation for _number, citation in cited], disputes[row.property])
        facts.append(
            {
                "property": row.property,
                "label": str(row.label),
                "value": json_value(row.value),
                "citations": [number for number, _citation in cited],
                "standing": str(reader.certainty(fact_evidence, organisations)),
            }
        )
    return facts


def _citation(number: int, citation: Citation) -> dict[str, object]:
    return {
        "number": number,
        "property": citation.property or None,
        "stance": citation.stance,
        "assertion": citation.assertion or None,
        "read_on": citation.read_on.isoformat(),
        "url": citation.source.url,
        "title": str(citation.source),
        "sha256": citation.source.digest or None,
    }


def _contradiction(contradiction: Contradiction) -> dict[str, object]:
    return {
        "href": f"{API_ROOT}contradictions/{contradiction.pk}",
        "topic": json_value(localised_text(contradiction, "topic")),
        "a": json_value(localised_text(contradiction, "a")),
        "b": json_value(localised_text(contradiction, "b")),
        "settled_side": contradiction.settled_side or None,
        "settled_reason": contradiction.settled_reason or None,
    }


def _ties(request: Request, organisation: Organisation) -> list[dict[str, object]]:
    """The ties of an organisation, each worded from its side."""
    ties = []
    for tie in queries.ties(organisation, actor=request.actor)[:_MAX_TIES]:
        outwards = tie.subject_id == organisation.pk
        ties.append(
            {
                "href": f"{API_ROOT}ties/{tie.pk}",
                "fact": fact_key(tie),
                "kind": tie.kind,
                "direction": "out" if outwards else "in",
                "words": str(tie.get_kind_display()) if outwards else str(tie.inverse),
                "other": json_value(organisation_link(tie.object if outwards else tie.subject)),
                "period": json_value(period_value(tie)),
                "in_force": fact_state_on(tie, request.as_of.on).name,
            }
        )
    return ties


def _links(organisation: Organisation) -> dict[str, str]:
    """Addresses of the lists that can be filtered by an organisation."""
    query = f"?organisation={quote(organisation.key)}"
    names = (name for name, listing in LISTINGS.items() if listing.organisation_paths and name != "organisations")
    return {name: f"{API_ROOT}{name}{query}" for name in names}
