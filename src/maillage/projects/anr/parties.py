"""The parties of the ANR, gathered from rows that each spell their name anew.

A party is what has one RNSR number; without one, what has one name in one town, by their letters alone. Its name is the
most frequent spelling; each participation keeps its own.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from maillage.core.text import fold
from maillage.projects.models import Funder, PartyKind
from maillage.projects.party_matching import compact_name, folded_town
from maillage.projects.records import PartyRecord

_KINDS: Final = {
    "laboratoire public": PartyKind.LAB,
    "organisme de recherche": PartyKind.REC,
    "fondation de recherche": PartyKind.REC,
    "divers public": PartyKind.PUB,
    "fr public": PartyKind.PUB,
    "divers prive": PartyKind.OTH,
    "fr prive": PartyKind.OTH,
    "association": PartyKind.OTH,
    "pme": PartyKind.PRC,
    "tpe": PartyKind.PRC,
    "entreprise autre que tpe ou pme": PartyKind.PRC,
    "entreprises privees": PartyKind.PRC,
    "universites insa et inp": PartyKind.HES,
    "grandes ecoles publiques": PartyKind.HES,
    "ens et grands etablissements": PartyKind.HES,
    "comue pole de recherche et d enseignement superieur": PartyKind.HES,
    "autres ecoles privees": PartyKind.HES,
    "iep": PartyKind.HES,
    "organismes de type epst": PartyKind.REC,
    "organismes de type epic": PartyKind.REC,
    "observatoires": PartyKind.REC,
    "inha": PartyKind.REC,
    "autres etablissements publics": PartyKind.PUB,
    "organismes medicaux hopitaux": PartyKind.PUB,
    "epa gip organismes avec autre statut": PartyKind.PUB,
    "ministeres": PartyKind.PUB,
    "collectivites": PartyKind.PUB,
    "etablissements de sante": PartyKind.OTH,
    "fondations": PartyKind.OTH,
    "associations": PartyKind.OTH,
    "gie ou non affecte": PartyKind.OTH,
}
_SMALL: Final = {"pme": True, "tpe": True, "entreprise autre que tpe ou pme": False}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A party as one row writes it; places are codes."""

    name: str
    city: str
    category: str
    region: str
    country: str
    rnsr: str = ""

    @property
    def number(self) -> str:
        """The number of the party: that of the RNSR, or one made of its name and town."""
        if self.rnsr:
            return self.rnsr
        mark = f"{compact_name(self.name) or self.name}|{folded_town(self.city)}"
        return f"n-{hashlib.sha256(mark.encode()).hexdigest()[:16]}"


@dataclass(slots=True)
class PartyGathering:
    """The parties that rows have named so far."""

    _spellings: dict[str, Counter[Spelling]] = field(default_factory=dict)

    def add(self, spelling: Spelling) -> str:
        """Note a spelling; return the number of its party."""
        number = spelling.number
        self._spellings.setdefault(number, Counter())[spelling] += 1
        return number

    def records(self) -> Iterator[PartyRecord]:
        """A record of each party, in the order in which they were first named."""
        for number, spellings in self._spellings.items():
            yield _record(number, spellings)


def _record(number: str, spellings: Counter[Spelling]) -> PartyRecord:
    category = _most_frequent(spellings, "category")
    return PartyRecord(
        number=number,
        key=f"{Funder.ANR}-{number.lower()}",
        name=_most_frequent(spellings, "name") or number,
        kind=_KINDS.get(fold(category), ""),
        category=category,
        small=_SMALL.get(fold(category)),
        rnsr=next(iter(spellings)).rnsr,
        city=_most_frequent(spellings, "city"),
        region=_most_frequent(spellings, "region"),
        country=_most_frequent(spellings, "country"),
    )


def _most_frequent(spellings: Counter[Spelling], attribute: str) -> str:
    """The most frequent value that is not empty; of two, one that is not all in capitals, then the first by letters."""
    counts: Counter[str] = Counter()
    for spelling, count in spellings.items():
        if value := getattr(spelling, attribute):
            counts[value] += count
    return min(counts, key=lambda value: (-counts[value], value.isupper(), value), default="")
