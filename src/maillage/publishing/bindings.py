"""The forms of `bind`: what each reads of the register, and the value it gives a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.certainty import RecordKey
from maillage.core.periods import OPEN, UNKNOWN
from maillage.publishing.noun_phrases import named_pieces
from maillage.publishing.phases import FactPhase, fact_phase, prevailing_record
from maillage.publishing.pieces import (
    AmountPiece,
    DatePiece,
    Piece,
    TextPiece,
    enumeration_pieces,
    plain_text,
    record_link,
)
from maillage.publishing.references import FactRecord, Reference, ResolvedReferences, record_key
from maillage.register.models import Organisation
from maillage.register.noun_phrases import Form
from maillage.register.vocabulary import NameKind

# The property names of the ends of a period, in contradictions and in the form `date`.
START_PROPERTIES = frozenset({"since", "from", "founded", "signed", "date"})
END_PROPERTIES = frozenset({"until", "to"})
PERIOD_PROPERTIES = frozenset({"period", "term"})


class UnboundVariableError(LookupError):
    """A variable has no value in the register on the day; the message is for officers."""


@dataclass(frozen=True, slots=True)
class Computation:
    """How a value was computed: the question asked of the register, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class BoundValue:
    """The value of a variable on the day. `bound` are the records, and their properties, that it depends on."""

    pieces: tuple[Piece, ...]
    sure: bool = True
    parts: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    bound: tuple[tuple[RecordKey, frozenset[str]], ...] = ()
    computation: Computation | None = None


class Binding(Protocol):
    """A form of `bind`. Required references must resolve to a record, optional ones need not."""

    @property
    def required_references(self) -> tuple[Reference, ...]: ...
    @property
    def optional_references(self) -> tuple[Reference, ...]: ...
    def value(self, resolved: ResolvedReferences) -> BoundValue: ...


def get_record(resolved: ResolvedReferences, ref: Reference) -> FactRecord:
    """The record of a reference that counts on the day. Raises `UnboundVariableError` where there is none."""
    records = resolved.records_of(ref)
    if not records:
        raise UnboundVariableError(_("the register has no %(record)s") % {"record": ref})
    return prevailing_record(records, resolved)


def record_name(record: object) -> str:
    return record.short_name if isinstance(record, Organisation) else str(record)


@dataclass(frozen=True, slots=True)
class LinkBinding:
    """`{link: KEY}` and `{record: [LIST, KEY]}`: a link to a record, with its name or another text.

    `.start`, `.the`, `.of` and `.to` give the name with its article, after the preposition.
    """

    ref: Reference
    texts: Mapping[str, str]
    optional_references: tuple[Reference, ...] = ()

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (self.ref,)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        record = get_record(resolved, self.ref)
        record = getattr(record, "merged_into", None) or record
        text = self.texts.get(formats.language()) or record_name(record)
        parts = {form.value: named_pieces(record, text, form) for form in Form if form is not Form.PLAIN}
        pieces = named_pieces(record, text, Form.PLAIN)
        return BoundValue(pieces, parts=parts, bound=((record_key(record), frozenset({"name"})),))


@dataclass(frozen=True, slots=True)
class DateBinding:
    """`{date: since, of: [LIST, KEY]}`: an end of a record's period; `.since`, `.on` say it with its preposition."""

    end: str
    ref: Reference
    optional_references: tuple[Reference, ...] = ()

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (self.ref,)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        record = get_record(resolved, self.ref)
        text = record.period_start if self.end in START_PROPERTIES else record.period_end
        if text in (OPEN, UNKNOWN):
            raise UnboundVariableError(_("%(record)s has no known “%(end)s”") % {"record": self.ref, "end": self.end})
        properties = PERIOD_PROPERTIES | (START_PROPERTIES if self.end in START_PROPERTIES else END_PROPERTIES)
        question = _("end of %(record)s") if self.end in END_PROPERTIES else _("beginning of %(record)s")
        date = DatePiece(text)
        computation = Computation(question % {"record": record}, date.text)
        words = {"since": formats.since_date(text), "on": formats.on_date(text)}
        parts: dict[str, tuple[Piece, ...]] = {name: (TextPiece(word),) for name, word in words.items()}
        return BoundValue((date,), parts=parts, bound=((record_key(record), properties),), computation=computation)


@dataclass(frozen=True, slots=True)
class NameBinding:
    """`{name: KEY}`: the official name of an organisation on the day, in the reader's language."""

    key: str

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (Reference("organisations", (self.key,)),)

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return (Reference("names", (self.key,)),)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        record = get_record(resolved, self.required_references[0])
        text, sure = self._on_the_day(record, resolved)
        question = _("name of %(record)s on %(day)s")
        computation = Computation(question % {"record": record_name(record), "day": formats.day(resolved.day)}, text)
        bound = ((record_key(record), frozenset({"name", "names"})),)
        return BoundValue((record_link(record, text),), sure=sure, bound=bound, computation=computation)

    def _on_the_day(self, record: Organisation, resolved: ResolvedReferences) -> tuple[str, bool]:
        dated = [
            name
            for name in resolved.records_of(self.optional_references[0])
            if name.kind == NameKind.OFFICIAL and name.language == formats.language() and name.period_start != UNKNOWN
        ]
        borne = [name for name in dated if fact_phase(name, resolved) in (FactPhase.TRUE, FactPhase.UNSURE)]
        if not borne:
            return str(record.name), True
        name = prevailing_record(borne, resolved)
        return str(name.text), fact_phase(name, resolved) is FactPhase.TRUE


@dataclass(frozen=True, slots=True)
class WaveBinding:
    """`{wave: LABEL}`: the term, from – to, of the wave of a label that runs on the day."""

    label: str

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (Reference("labels", (self.label,)),)

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return (Reference("waves of", (self.label,)),)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        label = get_record(resolved, self.required_references[0])
        running = [
            wave
            for wave in resolved.records_of(self.optional_references[0])
            if fact_phase(wave, resolved) in (FactPhase.TRUE, FactPhase.UNSURE)
        ]
        running = [wave for wave in running if wave.period_end not in (OPEN, UNKNOWN)]
        if not running:
            raise UnboundVariableError(_("no wave of %(label)s is known to run on that day") % {"label": label})
        wave = prevailing_record(running, resolved)
        pieces: tuple[Piece, ...] = (
            DatePiece(wave.period_start),
            TextPiece("\u202f–\u202f"),
            DatePiece(wave.period_end),
        )
        question = _("wave of %(label)s on %(day)s") % {"label": label, "day": formats.day(resolved.day)}
        bound = ((record_key(wave), PERIOD_PROPERTIES),)
        return BoundValue(
            pieces,
            fact_phase(wave, resolved) is FactPhase.TRUE,
            bound=bound,
            computation=Computation(question, plain_text(pieces)),
        )


@dataclass(frozen=True, slots=True)
class PersonBinding:
    """`{person: [ORG, ROLE]}`: who holds an office on the day."""

    ref: Reference
    optional_references: tuple[Reference, ...] = ()

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (self.ref,)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        phases_by_office = {office: fact_phase(office, resolved) for office in resolved.records_of(self.ref)}
        current = [office for office, phase in phases_by_office.items() if phase in (FactPhase.TRUE, FactPhase.UNSURE)]
        if not current:
            raise UnboundVariableError(
                _("nobody is known as %(office)s on that day") % {"office": " ".join(self.ref.identity)}
            )
        pieces = enumeration_pieces([record_link(office, office.person_name) for office in current])
        words = {"role": current[0].role, "organisation": current[0].organisation, "day": formats.day(resolved.day)}
        computation = Computation(_("%(role)s of %(organisation)s on %(day)s") % words, plain_text(pieces))
        bound = tuple((record_key(office), PERIOD_PROPERTIES | {"person", "name"}) for office in current)
        return BoundValue(
            pieces,
            all(phases_by_office[office] is FactPhase.TRUE for office in current),
            bound=bound,
            computation=computation,
        )


@dataclass(frozen=True, slots=True)
class AmountBinding:
    """`{amount: [funding, FROM, TO]}`: the latest amount that one organisation gave another by the day."""

    ref: Reference
    optional_references: tuple[Reference, ...] = ()

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (self.ref,)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        lines = [line for line in resolved.records_of(self.ref) if line.amount is not None]
        lines = [line for line in lines if fact_phase(line, resolved) is not FactPhase.NOT_BEGUN]
        if not lines:
            raise UnboundVariableError(_("the register has no amount of %(line)s on that day") % {"line": self.ref})
        line = max(lines, key=lambda line: line.period_start)
        amount = AmountPiece(line.amount, line.currency)
        words = {"payer": line.payer, "payee": line.payee, "year": line.year or _("an unknown year")}
        computation = Computation(_("amount from %(payer)s to %(payee)s, %(year)s") % words, amount.text)
        return BoundValue((amount,), bound=((record_key(line), frozenset({"amount"})),), computation=computation)
