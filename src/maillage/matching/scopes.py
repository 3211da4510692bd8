"""Which words of a need are ruled out ("no clinical trial"), and which only set the scene ("taken at diagnosis").

Both are read from short closed lists of words, clause by clause. A lack is no exclusion: "we have no biobank" asks for
one. A verb that is negated excludes nothing ("not understood in leukaemia"), since scopes end at prepositions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.matching.text import fold

MAX_SCOPE: Final = 10
"""Words that an exclusion or a scene reaches at most."""

_Phrases = frozenset[tuple[str, ...]]


def _phrases(text: str) -> _Phrases:
    return frozenset(tuple(phrase.split()) for phrase in text.split(","))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# All words are folded: lower case, without accents; elisions stand apart ("d", "l", "n").
_EXCLUDING: Final = _phrases(
    "no,not,without,excluding,except,except for,other than,rather than,instead of,apart from,neither,nor,sans,"
    "hors,sauf,aucun,aucune,excepte,hormis,ni,pas,non pas,plutot que,plutot qu,au lieu de,au lieu d,"
    "a l exclusion de,a l exclusion d,a l exception de,a l exception d,en dehors de,en dehors d,nul besoin,"
    "inutile"
)
_CANCELLING: Final = _words(
    "only just merely solely necessarily all every seulement uniquement que tous toutes matter doubt longer"
)
_PASSED: Final = _words(
    "need needing needed require requiring want wanting wish seek seeking look looking interested concerned "
    "asking ask for any a an the of in about with on to yet actually besoin de d du des le la les l un une en "
    "cherchons recherchons interesses interesse voulons souhaitons demandons question pour chez dans sur plus non"
)
_ENDING: Final = _words(
    "but only however which that who we i you it our in for to with from at on as because since so is are was "
    "were mais uniquement seulement cependant qui que qu dont nous on il ils elle elles notre dans chez pour "
    "avec a au aux sur en par car donc afin est sont juste already deja instead plutot"
)
_HAVING: Final = _words(
    "have has had having got own avons ai as a ont avez avait disposons dispose disposent disposer possede possedons"
)
_NEEDING: Final = _words("need needs besoin require want")
_RULED_OUT: Final = _phrases(
    "excluded,unnecessary,not needed,not required,not necessary,not wanted,exclu,exclue,exclus,exclues,superflu,"
    "pas requis,pas requise,pas necessaire,pas necessaires,pas souhaite,pas souhaitee,pas utile"
)
_SCENE: Final = _phrases(
    "before,after,since,until,prior to,once,following,avant,apres,depuis,jusqu a,jusqu au,une fois,lors de,"
    "lors d,lors du"
)
_SCENE_ENDING: Final = _words(
    "seek seeks need needs look looks looking want wants would cherche cherchons recherchons besoin voulons "
    "voudrions souhaitons souhaite"
)
_AT: Final = _words("at au")
_AT_PASSED: Final = _words("the time of first initial moment du")
_AID: Final = _words("aide aides aider appui outil destine contribution")
_DIAGNOSIS: Final = "diagnos"
_EXCLUSION_STARTS: Final = frozenset(phrase[0] for phrase in _EXCLUDING | _RULED_OUT)
_SCENE_STARTS: Final = frozenset(phrase[0] for phrase in _SCENE) | _AT


@dataclass(frozen=True, slots=True)
class Scopes:
    """Positions of the words that a need rules out, and of those that only say when or after what things happen."""

    excluded: frozenset[int]
    scene: frozenset[int]

    @classmethod
    def of(cls, words: Sequence[str]) -> Scopes:
        """Read words as in `ParsedText`, with empty ones for pauses."""
        folded = [fold(word) for word in words]
        return cls(_positions(_exclusions(folded)), _positions(_scenes(folded)))


def _positions(scopes: Iterator[range]) -> frozenset[int]:
    return frozenset(position for scope in scopes for position in scope)


def _exclusions(words: list[str]) -> Iterator[range]:
    for position, word in enumerate(words):
        if word not in _EXCLUSION_STARTS:
            continue
        if size := _phrase_at(words, position, _RULED_OUT):
            yield _backward(words, position)
        elif (size := _phrase_at(words, position, _EXCLUDING)) and not _is_lack(words, position, size):
            start = _pass_over(words, position + size, _PASSED)
            yield _forward(words, start, _ENDING)


def _is_lack(words: list[str], position: int, size: int) -> bool:
    """Whether a negation excludes nothing: "not only", or what one does not have ("we have no biobank")."""
    after = words[position + size : position + size + 3]
    if after[:1] and after[0] in _CANCELLING:
        return True
    has_verb = not _HAVING.isdisjoint(words[max(0, position - 2) : position]) or after[:1] == ["have"]
    return has_verb and _NEEDING.isdisjoint(after)


def _scenes(words: list[str]) -> Iterator[range]:
    for position, word in enumerate(words):
        if word not in _SCENE_STARTS:
            continue
        if size := _phrase_at(words, position, _SCENE):
            yield _forward(words, position + size, _SCENE_ENDING)
        elif word in _AT and _AID.isdisjoint(words[max(0, position - 1) : position]):
            start = _pass_over(words, position + 1, _AT_PASSED)
            if words[start : start + 1] and words[start].startswith(_DIAGNOSIS):
                yield range(position, start + 1)


def _phrase_at(words: list[str], position: int, phrases: _Phrases) -> int:
    """The length of the longest of the phrases that begins at a position, or 0."""
    return next((size for size in (4, 3, 2, 1) if tuple(words[position : position + size]) in phrases), 0)


def _pass_over(words: list[str], position: int, passed: frozenset[str]) -> int:
    while position < len(words) and words[position] in passed:
        position += 1
    return position


def _forward(words: list[str], start: int, ending: frozenset[str]) -> range:
    end = start
    while end < min(len(words), start + MAX_SCOPE) and words[end] and words[end] not in ending:
        end += 1
    return range(start, end)


def _backward(words: list[str], end: int) -> range:
    start = end
    while (
        start > max(0, end - MAX_SCOPE) and words[start - 1] and words[start - 1] not in _ENDING - {"is", "are", "est"}
    ):
        start -= 1
    return range(start, end)
