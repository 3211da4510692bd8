"""Matching of parties with organisations of the register, where it is unambiguous.

In this order: the SIREN within a French VAT number; the same website in the same country; the same name in the same
country. A match must be of one party with one organisation; ambiguous ones are left out. A party that has an
organisation keeps it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from urllib.parse import urlsplit

from django.db.models import Q

from maillage.core.text import fold
from maillage.projects.models import Party, PartyMatch
from maillage.register.models import Identifier, Name, Organisation
from maillage.register.vocabulary import NameKind

MarkedRecords = Iterable[tuple[Hashable, int]]
_FRENCH_VAT_LENGTH = 13
# Many organisations have pages on these domains, so the domain does not identify them.
_SHARED_DOMAINS = frozenset({"facebook.com", "linkedin.com", "sites.google.com", "wordpress.com", "europa.eu"})


def match_parties() -> int:
    """Match parties with organisations; return how many were matched."""
    ties = (
        (PartyMatch.VAT, _vat_of_parties, _sirens),
        (PartyMatch.WEBSITE, _sites_of_parties, _organisation_sites),
        (PartyMatch.NAME, _party_names, _organisation_names),
    )
    return sum(_match_by(tie, parties(), organisations()) for tie, parties, organisations in ties)


def _match_by(tie: PartyMatch, parties: MarkedRecords, organisations: MarkedRecords) -> int:
    organisations_by_mark = _unique_marks(organisations)
    organisation_by_party = {
        party: organisations_by_mark[mark]
        for mark, party in _unique_marks(parties).items()
        if mark in organisations_by_mark
    }
    untied_parties = list(Party.objects.filter(pk__in=organisation_by_party, organisation=None))
    for party in untied_parties:
        party.organisation_id, party.tie = organisation_by_party[party.pk], tie
    Party.objects.bulk_update(untied_parties, ["organisation", "tie"], batch_size=2_000)
    return len(untied_parties)


def _unique_marks(marked: MarkedRecords) -> dict[Hashable, int]:
    """The marks of exactly one record, with the id of that record."""
    bearers: dict[Hashable, set[int]] = defaultdict(set)
    for mark, number in marked:
        bearers[mark].add(number)
    return {mark: next(iter(numbers)) for mark, numbers in bearers.items() if len(numbers) == 1}


def _vat_of_parties() -> MarkedRecords:
    """`FR` + two digits + SIREN."""
    for number, vat in Party.objects.filter(vat__startswith="FR").values_list("pk", "vat"):
        digits = vat.replace(" ", "")[4:]
        if len(vat.replace(" ", "")) == _FRENCH_VAT_LENGTH and digits.isdecimal():
            yield digits, number


def _sirens() -> MarkedRecords:
    for value, organisation_id in Identifier.objects.filter(
        scheme__in=("siren", "siret"), organisation__merged_into=None
    ).values_list("value", "organisation_id"):
        yield value[:9], organisation_id


def _sites_of_parties() -> MarkedRecords:
    rows = Party.objects.exclude(website="").exclude(country="")
    return _by_site(rows.values_list("pk", "website", "country"))


def _organisation_sites() -> MarkedRecords:
    rows = Organisation.objects.filter(merged_into=None).exclude(website="").exclude(country="")
    return _by_site(rows.values_list("pk", "website", "country").iterator())


def _by_site(rows: Iterable[tuple[int, str, str]]) -> Iterator[tuple[Hashable, int]]:
    for number, address, country in rows:
        if site := registrable_domain(address):
            yield (site, country), number


def registrable_domain(address: str) -> str:
    """The registrable domain of a URL: `http://www.cea.fr/` gives `cea.fr`; empty for a page within a site."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    host = (parts.hostname or "").removeprefix("www.")
    return "" if parts.path.strip("/") or host in _SHARED_DOMAINS or "." not in host else host


def _party_names() -> MarkedRecords:
    for number, name, country in Party.objects.exclude(country="").values_list("pk", "name", "country"):
        yield (fold(name), country), number


def _organisation_names() -> MarkedRecords:
    current_organisations = Organisation.objects.filter(merged_into=None).exclude(country="")
    for number, french, english, country in current_organisations.values_list(
        "pk", "name_fr", "name_en", "country"
    ).iterator():
        for name in filter(None, {fold(french), fold(english)}):
            yield (name, country), number
    names = Name.objects.filter(~Q(kind=NameKind.ACRONYM), organisation__merged_into=None)
    rows = names.exclude(organisation__country="").values_list("organisation_id", "text", "organisation__country")
    for number, name, country in rows.iterator():
        yield (fold(name), country), number
