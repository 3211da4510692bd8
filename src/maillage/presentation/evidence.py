"""The evidence of a record as pages show it: numbered citations, certainty, contradictions by property."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from maillage.core.as_of import AsOf
from maillage.core.certainty import CertaintyLevel, Evidence
from maillage.core.models import Citation, Contradiction, ContradictionSubject, source_domain
from maillage.listing.listing import Listing
from maillage.register.models import Organisation


def record_certainty(evidence: Evidence, organisations: Iterable[Organisation], reading: AsOf) -> CertaintyLevel:
    """The certainty of a record on the day read.

    Sources on the websites of the organisations concerned (`organisations`) are not independent.
    """
    organisation_domains = {
        source_domain(organisation.website) for organisation in organisations if organisation.website
    }
    cited_domains = {citation.source.domain for citation in evidence.citations}
    own_domains = {
        domain
        for domain in cited_domains
        if any(
            domain == organisation_domain or domain.endswith(f".{organisation_domain}")
            for organisation_domain in organisation_domains
        )
    }
    return evidence.certainty_level(own=own_domains, today=reading.on)


def contradictions_by_property(listing: Listing, record: Any, evidence: Evidence) -> dict[str, list[Contradiction]]:
    """The contradictions about a record by property; those about the whole record under the empty property."""
    by_id = {contradiction.pk: contradiction for contradiction in evidence.contradictions}
    contradictions: dict[str, list[Contradiction]] = defaultdict(list)
    if by_id:
        kind = listing.model._meta.label_lower
        subjects = ContradictionSubject.objects.filter(record_kind=kind, record_id=record.pk, contradiction__in=by_id)
        for subject in subjects:
            contradictions[subject.property].append(by_id[subject.contradiction_id])
    return contradictions


@dataclass(slots=True)
class NumberedCitations:
    """The citations of one record, numbered in the order of the page."""

    citations: list[Citation]

    def of(self, property_name: str) -> list[tuple[int, Citation]]:
        """The citations of one property with their numbers, or those of the whole record if it has none.

        None for the empty property.
        """
        if not property_name:
            return []
        named = [pair for pair in self.numbered() if pair[1].property == property_name]
        return named or [pair for pair in self.numbered() if not pair[1].property]

    def numbered(self) -> list[tuple[int, Citation]]:
        """Each citation with its number on the page."""
        return list(enumerate(self.citations, 1))
