"""What a statement says on a day: absent before its fact, told while it holds, in another form once it has ended."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from maillage.kernel import wording
from maillage.kernel.certainty import RecordKey
from maillage.kernel.models import Contradiction
from maillage.kernel.periods import span
from maillage.publishing.bindings import PERIOD, Unbound, Value, one
from maillage.publishing.forms import BadForm, Group, Holds, Leaf, leaves
from maillage.publishing.models import Statement
from maillage.publishing.phases import Phase, all_of, any_of, phase_of
from maillage.publishing.pieces import Date, Piece, Text, plain
from maillage.publishing.references import Found, key_of
from maillage.publishing.sentences import Sentence, read_sentence
from maillage.publishing.template import END, parts

_VARIANT = {Phase.ENDED: "ended_", Phase.UNSURE: "unsure_"}


@dataclass(frozen=True, slots=True)
class State:
    """One fact that a sentence needs, and where it stands on the day read."""

    fact: Any
    phase: Phase
    asserted: bool


@dataclass(slots=True)
class Told:
    """A statement on the day read. It has no pieces where it is not told; `unbound` says why, if that is a fault."""

    statement: Statement
    phase: Phase = Phase.AHEAD
    pieces: tuple[Piece, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    unbound: str = ""

    @property
    def text(self) -> str:
        """The sentence without its links; empty where it is not told."""
        return plain(self.pieces)

    @property
    def is_told(self) -> bool:
        return bool(self.pieces)

    def bound(self) -> Iterator[tuple[RecordKey, frozenset[str]]]:
        """The records and properties that the sentence depends on."""
        for value in self.values.values():
            yield from value.bound
        for state in self.states:
            if state.asserted:
                yield key_of(state.fact), PERIOD

    def contradictions(self, found: Found) -> list[Contradiction]:
        """The contradictions about the statement, or about something it depends on, each once."""
        subjects = list(found.subjects.get(key_of(self.statement), []))
        for key, properties in self.bound():
            subjects += [s for s in found.subjects.get(key, []) if not s.property or s.property in properties]
        return list({subject.contradiction_id: subject.contradiction for subject in subjects}.values())


@dataclass(frozen=True, slots=True)
class _Held:
    phase: Phase
    end: str = ""


def tell(statement: Statement, found: Found) -> Told:
    """What a statement says on the day, in the active language."""
    told = Told(statement)
    try:
        sentence = read_sentence(statement.sentence, statement.holds, statement.bind)
        told.states = tuple(_state(leaf, found) for leaf in leaves(sentence.holds))
        held = _hold(sentence.holds, found)
        told.phase = held.phase
        if held.phase is not Phase.AHEAD:
            _fill(told, sentence, held, found)
    except (Unbound, BadForm) as error:
        told.pieces, told.unbound = (), str(error)
    return told


def _state(leaf: Leaf, found: Found) -> State:
    record = one(found, leaf.ref)
    return State(record, phase_of(record, found), leaf.asserted)


def _hold(holds: Holds, found: Found) -> _Held:
    """The phase of a tree of facts; the end is that of the fact which ended it."""
    if isinstance(holds, Group):
        parts_held = [_hold(part, found) for part in holds.parts]
        phase = (all_of if holds.every else any_of)(held.phase for held in parts_held)
        ends = sorted((held.end for held in parts_held if held.end), key=lambda end: span(end).last)
        return _Held(phase, (ends[0] if holds.every else ends[-1]) if ends else "")
    record = one(found, holds.ref)
    phase = phase_of(record, found)
    return _Held(phase, record.period_end if phase is Phase.ENDED else "")


def _fill(told: Told, sentence: Sentence, held: _Held, found: Found) -> None:
    template = _template(sentence, held.phase)
    told.pieces, told.values = _pieces(template, sentence, held, found)
    if held.phase is Phase.IN_FORCE and not all(value.sure for value in told.values.values()):
        told.phase = Phase.UNSURE
        unsure = _template(sentence, Phase.UNSURE)
        if unsure != template:
            told.pieces, told.values = _pieces(unsure, sentence, held, found)
    if held.phase is Phase.ENDED and not sentence.template("ended_", wording.language()):
        told.pieces = _ended(told.pieces, held.end)


def _template(sentence: Sentence, phase: Phase) -> str:
    return sentence.template(_VARIANT.get(phase, ""), wording.language()) or sentence.template("", wording.language())


def _pieces(template: str, sentence: Sentence, held: _Held, found: Found) -> tuple[tuple[Piece, ...], dict[str, Value]]:
    pieces: list[Piece] = []
    values: dict[str, Value] = {}
    for text, variable in parts(template):
        pieces += [Text(wording.spaced(text))] if text else []
        name, _dot, part = variable.partition(".")
        if name == END and name not in sentence.binds:
            pieces.append(Date(held.end))
        elif name:
            value = values.setdefault(name, sentence.binds[name].value(found))
            pieces += [_part(value, variable, part)] if part else value.pieces
    return tuple(pieces), values


def _part(value: Value, variable: str, part: str) -> Piece:
    if part not in value.parts:
        raise Unbound(_("{%(variable)s} has no such part") % {"variable": variable})
    return value.parts[part]


def _ended(pieces: tuple[Piece, ...], end: str) -> tuple[Piece, ...]:
    """A sentence that has no words for its own end: `… (until June 2023).`"""
    words = f" ({wording.until(end)})."
    last = pieces[-1]
    if isinstance(last, Text) and last.text.endswith("."):
        return (*pieces[:-1], Text(last.text[:-1] + words))
    return (*pieces, Text(words))
