"""The evidence of a record as pages show it: numbered citations, certainty, contradictions by property."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from maillage.core.as_of import AsOf
from maillage.core.certainty import CertaintyLevel, Evidence
from maillage.core.models import Citation, Contradiction, ContradictionSubject
from maillage.listing.listing import Listing
from maillage.register.domains import OwnDomains, own_domains
from maillage.register.models import Organisation


@dataclass(frozen=True, slots=True)
class CertaintyReader:
    """The certainty of records on the day read, where sources on domains of the organisations concerned are known."""

    reading: AsOf
    own: OwnDomains

    @classmethod
    def for_records(
        cls, evidence: Iterable[Evidence], organisations: Iterable[Organisation], reading: AsOf
    ) -> "CertaintyReader":
        """A reader for records with this evidence that concern these organisations, in two queries."""
        cited = {citation.source.domain for record_evidence in evidence for citation in record_evidence.citations}
        ids = {organisation.pk for organisation in organisations}
        return cls(reading, own_domains(cited, ids, reading.on))

    def certainty(self, evidence: Evidence, organisations: Iterable[Organisation]) -> CertaintyLevel:
        """The certainty of one of these records, or of one of its properties; own sources are not independent."""
        own = {domain for organisation in organisations for domain in self.own.get(organisation.pk, ())}
        return evidence.certainty_level(own=own, today=self.reading.on)


def contradictions_by_property(listing: Listing, record: Model, evidence: Evidence) -> dict[str, list[Contradiction]]:
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
