"""The text of a need without the names and places of those who answered it.

Objectives are written by the winners and often name them. What finds a partner by its name in the text finds nothing
for somebody who does not know whom to ask, so rankings are learned from, and judged on, texts without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from maillage.language import N_
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence

TEXT_FORMS: Final[dict[str, Callable[[EvidenceProject], str]]] = {
    N_("topic"): lambda project: project.topic_title,
    N_("keywords"): lambda project: f"{project.title} {project.keywords}",
    N_("objective"): lambda project: f"{project.title} {project.objective}",
}
"""The three ways in which a need may be put, from a line to a page."""

_MIN_NAME_LENGTH: Final = 4
"""Shorter names are taken out only as they are written: "ICE" is a name, "ice" is not."""

_CITY_PARTS: Final = re.compile(r"[/,(]|\bcedex\b|\d+", re.IGNORECASE)


@dataclass(frozen=True)
class MaskedTexts:
    """Past projects as the needs that they answered. What was masked once is kept."""

    evidence: PartnerEvidence
    _masked: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, project: EvidenceProject, form: str, *, masked: bool = True) -> str:
        """A project in one of `FORMS`, without or with the names of its parties."""
        if not masked:
            return TEXT_FORMS[form](project)
        if project.key not in self._masked:
            blank = name_masker(self.evidence.parties[key] for key, _role in project.parties)
            self._masked[project.key] = {name: blank(told(project)) for name, told in TEXT_FORMS.items()}
        return self._masked[project.key][form]


def name_masker(parties: Iterable[KnownParty]) -> Callable[[str], str]:
    """A function that blanks the names, short names and towns of parties where they stand as words of their own."""
    names = {name for party in parties for name in _names(party)}
    long, short = ([name for name in names if (len(name) < _MIN_NAME_LENGTH) is brief] for brief in (False, True))
    patterns = [_any_of(found, flags) for found, flags in ((long, re.IGNORECASE), (short, re.NOFLAG)) if found]

    def blank(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(" ", text)
        return text

    return blank


def _any_of(names: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", flags)


def _names(party: KnownParty) -> set[str]:
    pieces = {piece.strip(" -)") for piece in _CITY_PARTS.split(party.city)}
    names = {party.name.strip(), party.short_name.strip(), party.city.strip()}
    return {name for name in names if len(name) > 1} | {piece for piece in pieces if len(piece) > 2}
