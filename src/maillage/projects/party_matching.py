"""Matching of the parties of a funder with organisations of the register, where it is unambiguous.

How the parties of a funder are recognised, and in which order, is said by its reader: by the number of the register of
research structures; by the SIREN within a French VAT number; by the same website, or name, in the same country; by the
same name in the same town. A mark that two organisations bear matches nobody; one that two parties bear matches nobody
either where a party is one legal entity. A party that has an organisation keeps it,
unless its RNSR number names another.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from maillage.core.text import fold
from maillage.projects.models import Party, PartyMatch
from maillage.register.models import Identifier, Name, Organisation
from maillage.register.vocabulary import SHORT_NAME_KINDS

MarkedRecords = Iterable[tuple[Hashable, int]]
Parties = QuerySet[Party]
_FRENCH_VAT_LENGTH = 13
# Many organisations have pages on these domains, so the domain does not identify them.
_SHARED_DOMAINS = frozenset({"facebook.com", "linkedin.com", "sites.google.com", "wordpress.com", "europa.eu"})
# What an address adds to the name of a town: `Lyon Cedex 07`, `Paris 13`, `Lyon 3e`.
_TOWN_ENDING = re.compile(r"( cedex.*| \d+(e|er|eme)?)$")


def match_parties(funder: str, matches: Collection[PartyMatch]) -> int:
    """Match the parties of a funder with organisations, in the order of `matches`; return how many were matched."""
    parties = Party.objects.filter(funder=funder)
    return sum(_match_by(tie, _MATCHES[tie], parties) for tie in matches)


@dataclass(frozen=True, slots=True)
class _Match:
    """The marks of parties and of organisations; `single` where the mark of two parties matches neither."""

    parties: Callable[[Parties], MarkedRecords]
    organisations: Callable[[], MarkedRecords]
    single: bool = True


def _match_by(tie: PartyMatch, match: _Match, parties: Parties) -> int:
    organisations_by_mark = _unique_marks(match.organisations())
    marked = match.parties(parties)
    pairs = _unique_marks(marked).items() if match.single else marked
    organisation_by_party = {
        party: organisations_by_mark[mark] for mark, party in pairs if mark in organisations_by_mark
    }
    replaceable = Q(organisation=None) | ~Q(tie=tie) if tie == PartyMatch.RNSR else Q(organisation=None)
    matched = list(parties.filter(replaceable, pk__in=organisation_by_party))
    for party in matched:
        party.organisation_id, party.tie = organisation_by_party[party.pk], tie
    Party.objects.bulk_update(matched, ["organisation", "tie"], batch_size=2_000)
    return len(matched)


def _unique_marks(marked: MarkedRecords) -> dict[Hashable, int]:
    """The marks of exactly one record, with the id of that record."""
    bearers: dict[Hashable, set[int]] = defaultdict(set)
    for mark, number in marked:
        bearers[mark].add(number)
    return {mark: next(iter(numbers)) for mark, numbers in bearers.items() if len(numbers) == 1}


def _rnsr_of_parties(parties: Parties) -> MarkedRecords:
    return parties.exclude(rnsr="").values_list("rnsr", "pk")


def _rnsr_of_organisations() -> MarkedRecords:
    rows = Identifier.objects.filter(scheme="rnsr", organisation__merged_into=None)
    return rows.values_list("value", "organisation_id").iterator()


def _vat_of_parties(parties: Parties) -> MarkedRecords:
    """`FR` + two digits + SIREN."""
    for number, vat in parties.filter(vat__startswith="FR").values_list("pk", "vat"):
        digits = vat.replace(" ", "")[4:]
        if len(vat.replace(" ", "")) == _FRENCH_VAT_LENGTH and digits.isdecimal():
            yield digits, number


def sirens_of_parties() -> dict[str, int]:
    """The organisation (id) of each SIREN in the VAT numbers of parties that were matched with one organisation."""
    parties = Party.objects.exclude(organisation=None)
    organisations = dict(parties.values_list("pk", "organisation_id"))
    marks = [(siren, organisations[party]) for siren, party in _vat_of_parties(parties)]
    return {str(siren): pk for siren, pk in _unique_marks(marks).items()}


def _sirens() -> MarkedRecords:
    for value, organisation_id in Identifier.objects.filter(
        scheme__in=("siren", "siret"), organisation__merged_into=None
    ).values_list("value", "organisation_id"):
        yield value[:9], organisation_id


def _sites_of_parties(parties: Parties) -> MarkedRecords:
    rows = parties.exclude(website="").exclude(country="")
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


def _party_names(parties: Parties) -> MarkedRecords:
    for number, name, country in parties.exclude(country="").values_list("pk", "name", "country"):
        yield (fold(name), country), number


def _organisation_names() -> MarkedRecords:
    for number, name, country, _city in _names_with_place():
        if country:
            yield (name, country), number


def compact_name(name: str) -> str:
    """The letters of a name alone, since sources lose apostrophes: `Pôle d’Étude` gives `poledetude`."""
    return fold(name).replace(" ", "")


def folded_town(town: str) -> str:
    """A town for comparison, without what an address adds: `VILLENEUVE D'ASCQ CEDEX` gives `villeneuve d ascq`."""
    folded = _TOWN_ENDING.sub("", fold(town))
    return re.sub(r"\bste?\b", lambda match: "sainte" if match[0] == "ste" else "saint", folded)


def _party_towns(parties: Parties) -> MarkedRecords:
    for number, name, city, country in parties.exclude(city="").values_list("pk", "name", "city", "country"):
        yield (compact_name(name), folded_town(city), country), number


def _organisation_towns() -> MarkedRecords:
    """Each name in its town, with its country and, for parties whose country is not known, without."""
    for number, name, country, city in _names_with_place():
        if city:
            town = folded_town(city)
            compact = name.replace(" ", "")
            yield (compact, town, country), number
            yield (compact, town, ""), number


def _names_with_place() -> Iterator[tuple[int, str, str, str]]:
    """The id, each folded name, country and town of the organisations that were not merged into another."""
    current = Organisation.objects.filter(merged_into=None)
    for number, french, english, country, city in current.values_list(
        "pk", "name_fr", "name_en", "country", "city"
    ).iterator():
        for name in filter(None, {fold(french), fold(english)}):
            yield number, name, country, city
    names = Name.objects.filter(~Q(kind__in=SHORT_NAME_KINDS), organisation__merged_into=None)
    place = ("organisation__country", "organisation__city")
    for number, name, country, city in names.values_list("organisation_id", "text", *place).iterator():
        yield number, fold(name), country, city


_MATCHES: Final = {
    PartyMatch.RNSR: _Match(_rnsr_of_parties, _rnsr_of_organisations, single=False),
    PartyMatch.VAT: _Match(_vat_of_parties, _sirens),
    PartyMatch.WEBSITE: _Match(_sites_of_parties, _organisation_sites),
    PartyMatch.NAME: _Match(_party_names, _organisation_names),
    PartyMatch.TOWN: _Match(_party_towns, _organisation_towns, single=False),
}
