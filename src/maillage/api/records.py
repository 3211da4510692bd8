"""A record over the API: what its page shows, with the evidence."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from maillage.api.lists import JSON, LINKED, preferred, sent
from maillage.api.problems import Problem
from maillage.api.values import ROOT, plain
from maillage.kernel.certainty import Evidence, evidence_of
from maillage.kernel.listing import LISTINGS, Listing, between, body, said
from maillage.kernel.models import Citation
from maillage.kernel.request import Request
from maillage.kernel.versions import version_of
from maillage.register import queries
from maillage.web import json_ld, records
from maillage.web.evidence import Sources, disputes_of, standing_of
from maillage.web.marks import force_of

_TIES_SHOWN = 300


def answer(request: Request, listing: Listing, slug: str | int) -> HttpResponse:
    """The record; a merged one leads to the one that is kept. Raises a problem 404 for one that is not to be read."""
    wanted = preferred(request, JSON, LINKED)
    record = listing.visible(request.actor).filter(**{listing.slug: slug}).first()
    if record is None:
        raise Problem(404, _("No record has this address, or it is not for every reader."))
    if kept := getattr(record, "merged_into", None):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{ROOT}{listing.name}/{quote(kept.key)}{'?' if query else ''}{query}")
    key = (listing.model._meta.label_lower, record.pk)
    evidence = evidence_of([key], actor=request.actor)[key]
    version = version_of(listing.model, record.pk)
    headers = {"ETag": version} if version else None
    if wanted == LINKED:
        return sent(json_ld.of(listing, record, evidence.citations), LINKED, headers)
    return sent(_shown(request, listing, record, evidence), headers=headers)


def _shown(request: Request, listing: Listing, record: Any, evidence: Evidence) -> dict[str, Any]:
    slug = getattr(record, listing.slug)
    is_organisation = listing.name == "organisations"
    period = between(record) if listing.is_fact else None
    return {
        "id": slug,
        "listing": listing.name,
        "href": f"{ROOT}{listing.name}/{quote(str(slug))}",
        "page": records.address(listing, record),
        "heading": plain(records.heading(listing, record, link=False)),
        "period": plain(period),
        "in_force": force_of(record, request.reading.on).name if listing.is_fact else None,
        "standing": str(standing_of(evidence, listing.bodies(record), request.reading)),
        "facts": _facts(request, listing, record, evidence),
        "citations": [_citation(number, one) for number, one in Sources(evidence.citations).numbered()],
        "contradictions": [_contradiction(one) for one in evidence.contradictions],
        "ties": _ties(request, record) if is_organisation else [],
        "links": _links(record) if is_organisation else {},
    }


def _facts(request: Request, listing: Listing, record: Any, evidence: Evidence) -> list[dict[str, Any]]:
    sources, bodies = Sources(evidence.citations), listing.bodies(record)
    disputes = disputes_of(listing, record, evidence)
    shown = []
    for row in listing.facts(record):
        cited = sources.of(row.property)
        about = Evidence([citation for _number, citation in cited], disputes[row.property])
        shown.append(
            {
                "property": row.property,
                "label": str(row.label),
                "value": plain(row.value),
                "citations": [number for number, _citation in cited],
                "standing": str(standing_of(about, bodies, request.reading)),
            }
        )
    return shown


def _citation(number: int, citation: Citation) -> dict[str, Any]:
    return {
        "number": number,
        "property": citation.property or None,
        "stance": citation.stance,
        "says": citation.says or None,
        "read_on": citation.read_on.isoformat(),
        "url": citation.source.url,
        "title": str(citation.source),
    }


def _contradiction(contradiction: Any) -> dict[str, Any]:
    return {
        "href": f"{ROOT}contradictions/{contradiction.pk}",
        "topic": plain(said(contradiction, "topic")),
        "a": plain(said(contradiction, "a")),
        "b": plain(said(contradiction, "b")),
        "settled_side": contradiction.settled_side or None,
        "settled_reason": contradiction.settled_reason or None,
    }


def _ties(request: Request, organisation: Any) -> list[dict[str, Any]]:
    """The ties of an organisation, each as said of it."""
    shown = []
    for tie in queries.ties(organisation, actor=request.actor)[:_TIES_SHOWN]:
        outwards = tie.subject_id == organisation.pk
        shown.append(
            {
                "href": f"{ROOT}ties/{tie.pk}",
                "kind": tie.kind,
                "direction": "out" if outwards else "in",
                "words": str(tie.get_kind_display()) if outwards else str(tie.inverse),
                "other": plain(body(tie.object if outwards else tie.subject)),
                "period": plain(between(tie)),
                "in_force": force_of(tie, request.reading.on).name,
            }
        )
    return shown


def _links(organisation: Any) -> dict[str, str]:
    """The lists that can be narrowed to an organisation."""
    query = f"?organisation={quote(organisation.key)}"
    names = (name for name, listing in LISTINGS.items() if listing.body_paths and name != "organisations")
    return {name: f"{ROOT}{name}{query}" for name in names}
