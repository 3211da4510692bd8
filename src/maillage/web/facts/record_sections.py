"""The page of a source: the facts that cite it, and the document that is attached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maillage.core.models import Citation, Source
from maillage.core.request import Request
from maillage.listing.values import LocalisedText
from maillage.presentation import record_links
from maillage.register.models import Identifier, Name
from maillage.web.listing.page_parts import register_list_certainties, register_record_sections

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CitedFact:
    """A fact that cites a source."""

    heading: LocalisedText
    citation: Citation


@register_record_sections("sources")
def source_sections(request: Request, source: Source) -> dict[str, object]:
    """The facts that cite a source, as far as the reader may read them."""
    citations = list(Citation.objects.filter(source=source).select_related("source").order_by("pk")[: _SHOWN + 1])
    keys = [(citation.record_kind, citation.record_id) for citation in citations[:_SHOWN]]
    headings = record_links.record_headings(keys, actor=request.actor) | _parts_of_organisations(request, keys)
    facts = [
        CitedFact(headings[key], citation) for key, citation in zip(keys, citations, strict=False) if key in headings
    ]
    return {"template": "source", "cited_facts": facts, "more_cited": len(citations) > _SHOWN}


def _parts_of_organisations(request: Request, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], LocalisedText]:
    """The headings of names and identifiers, which stand on the page of their organisation."""
    headings: dict[tuple[str, int], LocalisedText] = {}
    for model in (Name, Identifier):
        kind, ids = model.kind_name(), [pk for key_kind, pk in keys if key_kind == model.kind_name()]
        records = model.objects.visible_to(request.actor).filter(pk__in=ids) if ids else ()
        for record in records and records.select_related("organisation"):
            words = f"{record.organisation}, {record}"
            headings[kind, record.pk] = LocalisedText(words, record.organisation.get_absolute_url())
    return headings


@register_list_certainties("sources")
def no_certainty(_request: Request, _sources: Iterable[Source]) -> Mapping[int, str]:
    """A source is no claim: it has no certainty of its own."""
    return {}
