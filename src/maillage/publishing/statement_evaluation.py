"""The text of a statement on a day: none before its fact, another form once it has ended."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.certainty import RecordKey
from maillage.core.models import Contradiction, Fact
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.publishing.bindings import PERIOD_PROPERTIES, BoundValue, UnboundVariableError, get_record
from maillage.publishing.models import Statement
from maillage.publishing.phases import FactPhase, fact_phase, phase_of_all, phase_of_any
from maillage.publishing.pieces import DatePiece, Piece, TextPiece, plain_text
from maillage.publishing.references import ResolvedReferences, record_key
from maillage.publishing.sentence_syntax import (
    Condition,
    ConditionGroup,
    FactCondition,
    SentenceSyntaxError,
    SetCondition,
    fact_conditions,
)
from maillage.publishing.sentence_templates import END_VARIABLE, split_template
from maillage.publishing.sentences import Sentence, parse_sentence

# An announced event counts as true from so long before it.
ANNOUNCED_BEFORE = dt.timedelta(days=366)
_VARIANT_OF_PHASE = {FactPhase.ENDED: "ended_", FactPhase.UNSURE: "unsure_"}


@dataclass(frozen=True, slots=True)
class FactState:
    """One fact that a sentence needs, and its phase on the day."""

    fact: Fact
    phase: FactPhase
    asserted: bool


@dataclass(slots=True)
class EvaluatedStatement:
    """A statement on the day. It has no pieces where it is not shown; `unbound` says why, if that is a fault."""

    statement: Statement
    phase: FactPhase = FactPhase.NOT_BEGUN
    pieces: tuple[Piece, ...] = ()
    values: Mapping[str, BoundValue] = field(default_factory=dict)
    states: tuple[FactState, ...] = ()
    unbound: str = ""

    @property
    def text(self) -> str:
        """The sentence without its links; empty where it is not shown."""
        return plain_text(self.pieces)

    @property
    def is_shown(self) -> bool:
        return bool(self.pieces)

    def bound(self) -> Iterator[tuple[RecordKey, frozenset[str]]]:
        """The records and properties that the sentence depends on."""
        for value in self.values.values():
            yield from value.bound
        for state in self.states:
            if state.asserted:
                yield record_key(state.fact), PERIOD_PROPERTIES

    def contradictions(self, resolved: ResolvedReferences) -> list[Contradiction]:
        """The contradictions about the statement, or about what it depends on, each once."""
        subjects = list(resolved.subjects.get(record_key(self.statement), []))
        for key, properties in self.bound():
            subjects += [s for s in resolved.subjects.get(key, []) if not s.property or s.property in properties]
        return list({subject.contradiction_id: subject.contradiction for subject in subjects}.values())


@dataclass(frozen=True, slots=True)
class _ConditionResult:
    phase: FactPhase
    end: str = ""


def evaluate_statement(statement: Statement, resolved: ResolvedReferences) -> EvaluatedStatement:
    """A statement on the day, in the active language."""
    evaluated = EvaluatedStatement(statement)
    try:
        sentence = parse_sentence(statement.sentence, statement.holds, statement.bind)
        leaves = fact_conditions(sentence.holds)
        evaluated.states = tuple(state for leaf in leaves for state in _fact_states(leaf, resolved))
        result = _evaluate_condition(sentence.holds, resolved)
        evaluated.phase = result.phase
        if result.phase is not FactPhase.NOT_BEGUN:
            _fill_sentence(evaluated, sentence, result, resolved)
    except (UnboundVariableError, SentenceSyntaxError) as error:
        evaluated.pieces, evaluated.unbound = (), str(error)
    return evaluated


def _fact_states(leaf: FactCondition | SetCondition, resolved: ResolvedReferences) -> Iterator[FactState]:
    if isinstance(leaf, FactCondition):
        record = get_record(resolved, leaf.ref)
        yield FactState(record, _phase(leaf, record, resolved), leaf.asserted)
        return
    facts = [member for member in leaf.records.facts(resolved) if member.phase is not FactPhase.NOT_BEGUN]
    current = [member for member in facts if member.phase is not FactPhase.ENDED]
    for member in current or facts:
        yield FactState(member.fact, member.phase, True)


def _phase(leaf: FactCondition, record: Fact, resolved: ResolvedReferences) -> FactPhase:
    phase = fact_phase(record, resolved)
    if leaf.announced and phase is FactPhase.NOT_BEGUN and record.period_start not in (OPEN, UNKNOWN):
        near = span(record.period_start).first <= resolved.day + ANNOUNCED_BEFORE
        return FactPhase.TRUE if near else phase
    return phase


def _evaluate_condition(holds: Condition, resolved: ResolvedReferences) -> _ConditionResult:
    """The phase of a condition, and the end of the fact that ended it."""
    if isinstance(holds, ConditionGroup):
        parts_held = [_evaluate_condition(part, resolved) for part in holds.parts]
        phase = (phase_of_all if holds.every else phase_of_any)(result.phase for result in parts_held)
        ends = sorted((result.end for result in parts_held if result.end), key=lambda end: span(end).last)
        return _ConditionResult(phase, (ends[0] if holds.every else ends[-1]) if ends else "")
    if isinstance(holds, SetCondition):
        return _evaluate_set(holds, resolved)
    record = get_record(resolved, holds.ref)
    phase = _phase(holds, record, resolved)
    return _ConditionResult(phase, record.period_end if phase is FactPhase.ENDED else "")


def _evaluate_set(holds: SetCondition, resolved: ResolvedReferences) -> _ConditionResult:
    members = holds.records.facts(resolved)
    if not members:
        return _ConditionResult(FactPhase.NOT_BEGUN)
    phase = phase_of_any(member.phase for member in members)
    ends = [member.fact.period_end for member in members if phase is member.phase is FactPhase.ENDED]
    return _ConditionResult(phase, max(ends, key=lambda end: span(end).last) if ends else "")


def _fill_sentence(
    evaluated: EvaluatedStatement, sentence: Sentence, result: _ConditionResult, resolved: ResolvedReferences
) -> None:
    template = _template_of_phase(sentence, result.phase)
    evaluated.pieces, evaluated.values = _pieces(template, sentence, result, resolved)
    if result.phase is FactPhase.TRUE and not all(value.sure for value in evaluated.values.values()):
        evaluated.phase = FactPhase.UNSURE
        unsure = _template_of_phase(sentence, FactPhase.UNSURE)
        if unsure != template:
            evaluated.pieces, evaluated.values = _pieces(unsure, sentence, result, resolved)
    if result.phase is FactPhase.ENDED and not sentence.template("ended_", formats.language()):
        evaluated.pieces = _with_end_date(evaluated.pieces, result.end)


def _template_of_phase(sentence: Sentence, phase: FactPhase) -> str:
    return sentence.template(_VARIANT_OF_PHASE.get(phase, ""), formats.language()) or sentence.template(
        "", formats.language()
    )


def _pieces(
    template: str, sentence: Sentence, result: _ConditionResult, resolved: ResolvedReferences
) -> tuple[tuple[Piece, ...], dict[str, BoundValue]]:
    pieces: list[Piece] = []
    values: dict[str, BoundValue] = {}
    for text, variable in split_template(template):
        pieces += [TextPiece(formats.with_french_spaces(text))] if text else []
        name, _dot, part = variable.partition(".")
        if name == END_VARIABLE and name not in sentence.binds:
            pieces.append(DatePiece(result.end))
        elif name:
            if name not in sentence.binds:
                raise UnboundVariableError(_("{%(variable)s} is bound to nothing") % {"variable": name})
            value = values.setdefault(name, sentence.binds[name].value(resolved))
            pieces += _part(value, variable, part) if part else value.pieces
    return tuple(pieces), values


def _part(value: BoundValue, variable: str, part: str) -> tuple[Piece, ...]:
    if part not in value.parts:
        raise UnboundVariableError(_("{%(variable)s} has no such part") % {"variable": variable})
    return value.parts[part]


def _with_end_date(pieces: tuple[Piece, ...], end: str) -> tuple[Piece, ...]:
    """Add the end to a sentence without a template for its end: `… (until June 2023).`"""
    words = f" ({formats.until_date(end)})."
    last = pieces[-1]
    if isinstance(last, TextPiece) and last.text.endswith("."):
        return (*pieces[:-1], TextPiece(last.text[:-1] + words))
    return (*pieces, TextPiece(words))
