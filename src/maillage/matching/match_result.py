"""The result of matching a need with offers. Concepts are keys; the vocabulary has their names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maillage.matching.research_stage import TrlRange
from maillage.matching.text import ReadingNotice
from maillage.matching.vocabulary import Facet
from maillage.matching.word_lists import Language


class NoMatchReason(StrEnum):
    """Why no offer is proposed."""

    EMPTY = "empty"
    GENERIC = "generic"
    OTHER_SUBJECT = "other-subject"
    TOO_LITTLE = "too-little"
    NO_OFFER = "no-offer"

    def sentence(self, language: Language) -> str:
        """The reason as one sentence in the given language."""
        return _REASON_SENTENCES[self][language]


_REASON_SENTENCES: Final[dict[NoMatchReason, dict[Language, str]]] = {
    NoMatchReason.EMPTY: {
        Language.FR: "Le besoin ne contient aucun mot.",
        Language.EN: "The need holds no word.",
    },
    NoMatchReason.GENERIC: {
        Language.FR: "Le besoin ne nomme ni maladie, ni produit, ni prestation que nous connaissions.",
        Language.EN: "The need names no disease, product or service that we know of.",
    },
    NoMatchReason.OTHER_SUBJECT: {
        Language.FR: "Le besoin porte sur un sujet dont aucune offre ne traite.",
        Language.EN: "The need is about a subject that no offer deals with.",
    },
    NoMatchReason.TOO_LITTLE: {
        Language.FR: "Trop peu de ce que dit le besoin nous est connu pour proposer une offre.",
        Language.EN: "Too little of what the need says is known to us to propose an offer.",
    },
    NoMatchReason.NO_OFFER: {
        Language.FR: "Le sujet est le nôtre, mais aucune offre ne répond à ce qui est demandé.",
        Language.EN: "The subject is ours, but no offer meets what is asked.",
    },
}


@dataclass(frozen=True, slots=True)
class RequestedConcept:
    """A concept that the need requests, with `surfaces` as written in the need.

    `count` is the number of mentions, those in the title three times; `weight`, from 0.5 to 1, is the certainty that it
    is meant. `languages` are those of the recognised names, None for an acronym.
    """

    concept: str
    facet: Facet
    surfaces: tuple[str, ...]
    languages: tuple[Language | None, ...]
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """A requested concept that the offer meets through the concept `met`, with the words of both texts.

    `steps` is 0 when it is the same concept, above 0 when the offer's is wider, below 0 when it is narrower.
    `translated`: the offer names it only in the other language; `language` is that of the offer's words, None
    for an acronym.
    """

    asked: str
    met: str
    steps: int
    in_need: str
    in_offer: str
    translated: bool
    language: Language | None


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word that need and offer share, outside of any concept, as each writes it."""

    in_need: str
    in_offer: str


@dataclass(frozen=True, slots=True)
class StageMatch:
    """A readiness level or trial phase named on both sides, and whether they overlap."""

    in_need: str
    in_offer: str
    fits: bool


@dataclass(frozen=True, slots=True)
class OpposedConcept:
    """A requested concept that the offer rules out by having the concept `offered`; it lowers the score."""

    asked: str
    offered: str


@dataclass(frozen=True, slots=True)
class ProposalReasons:
    """Why an offer is proposed: matches, the most important first, and concepts that rule out each other.

    `excluded` are concepts that the need rules out and the offer is about; they lower the score.
    """

    concepts: tuple[ConceptMatch, ...]
    words: tuple[WordMatch, ...]
    stages: tuple[StageMatch, ...]
    opposed: tuple[OpposedConcept, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offer, by key, with its score (comparable within one answer only) and the share of the need it covers, 0-1."""

    offer: str
    score: float
    coverage: float
    why: ProposalReasons


@dataclass(frozen=True, slots=True)
class UncoveredConcept:
    """A requested concept that no proposed offer has. `nearest` are wider concepts that proposed offers have.

    With any of these it is nearly covered, without it is not (`matching.coverage`).
    """

    concept: str
    surfaces: tuple[str, ...]
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The result for a need.

    Either `proposals`, best first, or `nothing_fits` with the reason; never both. `uncovered` has no settings.
    `excluded` are the concepts the need rules out, with its words; `unknown` the words that were not understood.
    """

    languages: tuple[Language, ...]
    asked: tuple[RequestedConcept, ...]
    proposals: tuple[Proposal, ...]
    uncovered: tuple[UncoveredConcept, ...]
    nothing_fits: NoMatchReason | None
    trl: TrlRange | None
    phases: tuple[int, ...]
    notices: tuple[ReadingNotice, ...]
    excluded: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
