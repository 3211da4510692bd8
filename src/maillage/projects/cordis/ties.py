"""Parties recognised as organisations of the register, where that is sure.

In this order: a French VAT number holds the SIREN of the body; the same website, or the same name, in the same country.
Each must lead from one party to one organisation: what leads to several, or from several, is left alone. A party that
has its organisation keeps it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from urllib.parse import urlsplit

from django.db.models import Q

from maillage.kernel.text import fold
from maillage.projects.models import Party, Tie
from maillage.register.models import Identifier, Name, Organisation
from maillage.register.vocabulary import NameKind

Marked = Iterable[tuple[Hashable, int]]
_FRENCH_VAT = 13
# Pages of many bodies lie on one of these; their address tells nothing of whose it is.
_SHARED = frozenset({"facebook.com", "linkedin.com", "sites.google.com", "wordpress.com", "europa.eu"})


def tie_parties() -> int:
    """Tie what parties can be tied surely; return how many were."""
    ties = ((Tie.VAT, _vat_of_parties, _sirens), (Tie.WEBSITE, _sites_of_parties, _sites), (Tie.NAME, _named, _names))
    return sum(_tie(tie, parties(), bodies()) for tie, parties, bodies in ties)


def _tie(tie: Tie, parties: Marked, bodies: Marked) -> int:
    bodies_by_mark = _alone(bodies)
    found = {party: bodies_by_mark[mark] for mark, party in _alone(parties).items() if mark in bodies_by_mark}
    waiting = list(Party.objects.filter(pk__in=found, organisation=None))
    for party in waiting:
        party.organisation_id, party.tie = found[party.pk], tie
    Party.objects.bulk_update(waiting, ["organisation", "tie"], batch_size=2_000)
    return len(waiting)


def _alone(marked: Marked) -> dict[Hashable, int]:
    """Each mark that one record alone bears, with that record."""
    bearers: dict[Hashable, set[int]] = defaultdict(set)
    for mark, number in marked:
        bearers[mark].add(number)
    return {mark: next(iter(found)) for mark, found in bearers.items() if len(found) == 1}


def _vat_of_parties() -> Marked:
    """`FR` + two digits + SIREN."""
    for number, vat in Party.objects.filter(vat__startswith="FR").values_list("pk", "vat"):
        digits = vat.replace(" ", "")[4:]
        if len(vat.replace(" ", "")) == _FRENCH_VAT and digits.isdecimal():
            yield digits, number


def _sirens() -> Marked:
    for value, body in Identifier.objects.filter(
        scheme__in=("siren", "siret"), organisation__merged_into=None
    ).values_list("value", "organisation_id"):
        yield value[:9], body


def _sites_of_parties() -> Marked:
    rows = Party.objects.exclude(website="").exclude(country="")
    return _by_site(rows.values_list("pk", "website", "country"))


def _sites() -> Marked:
    rows = Organisation.objects.filter(merged_into=None).exclude(website="").exclude(country="")
    return _by_site(rows.values_list("pk", "website", "country").iterator())


def _by_site(rows: Iterable[tuple[int, str, str]]) -> Iterator[tuple[Hashable, int]]:
    for number, address, country in rows:
        if site := site_of(address):
            yield (site, country), number


def site_of(address: str) -> str:
    """What of an address is one body's own: `http://www.cea.fr/` gives `cea.fr`; nothing for a page within a site."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    host = (parts.hostname or "").removeprefix("www.")
    return "" if parts.path.strip("/") or host in _SHARED or "." not in host else host


def _named() -> Marked:
    for number, name, country in Party.objects.exclude(country="").values_list("pk", "name", "country"):
        yield (fold(name), country), number


def _names() -> Marked:
    today = Organisation.objects.filter(merged_into=None).exclude(country="")
    for number, french, english, country in today.values_list("pk", "name_fr", "name_en", "country").iterator():
        for name in filter(None, {fold(french), fold(english)}):
            yield (name, country), number
    borne = Name.objects.filter(~Q(kind=NameKind.ACRONYM), organisation__merged_into=None)
    rows = borne.exclude(organisation__country="").values_list("organisation_id", "text", "organisation__country")
    for number, name, country in rows.iterator():
        yield (fold(name), country), number
