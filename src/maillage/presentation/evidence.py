"""The evidence of a record as pages show it: citations numbered and grouped by property, standing, contradictions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from maillage.core.as_of import AsOf
from maillage.core.certainty import CertaintyLevel, Evidence
from maillage.core.models import Citation, Contradiction, ContradictionSubject, source_domain
from maillage.listing.listing import Listing


def record_certainty(evidence: Evidence, bodies: Iterable[Any], reading: AsOf) -> CertaintyLevel:
    """How sure the register is of a record on the day read; the sites of the bodies concerned are no witnesses."""
    sites = {source_domain(body.website) for body in bodies if body.website}
    cited = {citation.source.domain for citation in evidence.citations}
    own = {domain for domain in cited if any(domain == site or domain.endswith(f".{site}") for site in sites)}
    return evidence.certainty_level(own=own, today=reading.on)


def contradictions_by_property(listing: Listing, record: Any, evidence: Evidence) -> dict[str, list[Contradiction]]:
    """The contradictions by property: one about the TRL does not stain the name."""
    by_id = {one.pk: one for one in evidence.contradictions}
    found: dict[str, list[Contradiction]] = defaultdict(list)
    if by_id:
        kind = listing.model._meta.label_lower
        subjects = ContradictionSubject.objects.filter(record_kind=kind, record_id=record.pk, contradiction__in=by_id)
        for subject in subjects:
            found[subject.property].append(by_id[subject.contradiction_id])
    return found


@dataclass(slots=True)
class NumberedCitations:
    """The citations of one record, numbered in the order of the page."""

    citations: list[Citation]

    def of(self, property_name: str) -> list[tuple[int, Citation]]:
        """The citations of one property; where none names it, those of the whole record. A row of none has none."""
        if not property_name:
            return []
        named = [pair for pair in self.numbered() if pair[1].property == property_name]
        return named or [pair for pair in self.numbered() if not pair[1].property]

    def numbered(self) -> list[tuple[int, Citation]]:
        """Each citation with its number on the page."""
        return list(enumerate(self.citations, 1))
