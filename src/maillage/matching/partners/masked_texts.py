"""Texts of past projects without the names and towns of their parties.

Objectives are written by the parties and often name them. A need has no such names, so rankings are learned from, and
evaluated on, texts without them.
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
"""The three forms of a need, from a line to a page."""

_MIN_NAME_LENGTH: Final = 4
"""Shorter names are removed only in their own case: "ICE" is a name, "ice" is not."""

_CITY_PARTS: Final = re.compile(r"[/,(]|\bcedex\b|\d+", re.IGNORECASE)


@dataclass(frozen=True)
class MaskedTexts:
    """Past projects as texts of needs; masked texts are cached."""

    evidence: PartnerEvidence
    _masked: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, project: EvidenceProject, form: str, *, masked: bool = True) -> str:
        """The text of a project in a form of `TEXT_FORMS`; `masked`: without the names of its parties."""
        if not masked:
            return TEXT_FORMS[form](project)
        if project.key not in self._masked:
            mask = name_masker(self.evidence.parties[key] for key, _role in project.parties)
            self._masked[project.key] = {name: mask(form_text(project)) for name, form_text in TEXT_FORMS.items()}
        return self._masked[project.key][form]


def name_masker(parties: Iterable[KnownParty]) -> Callable[[str], str]:
    """A function that removes the names, short names and towns of parties where they are whole words."""
    names = {name for party in parties for name in _names(party)}
    long, short = ([name for name in names if (len(name) < _MIN_NAME_LENGTH) is is_short] for is_short in (False, True))
    patterns = [_any_of(selected, flags) for selected, flags in ((long, re.IGNORECASE), (short, re.NOFLAG)) if selected]

    def mask(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(" ", text)
        return text

    return mask


def _any_of(names: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", flags)


def _names(party: KnownParty) -> set[str]:
    pieces = {piece.strip(" -)") for piece in _CITY_PARTS.split(party.city)}
    names = {party.name.strip(), party.short_name.strip(), party.city.strip()}
    return {name for name in names if len(name) > 1} | {piece for piece in pieces if len(piece) > 2}
