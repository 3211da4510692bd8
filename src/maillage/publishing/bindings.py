"""The forms of `bind`: what each reads of the register, and the value it gives a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.certainty import RecordKey
from maillage.core.periods import OPEN, UNKNOWN
from maillage.labels.holder_words import HOLDER_PROPERTIES, HolderKnowledge, holders_sentence, last_reception
from maillage.publishing.phases import FactPhase, fact_phase, prevailing_record
from maillage.publishing.pieces import (
    AmountPiece,
    DatePiece,
    NumberPiece,
    Piece,
    TextPiece,
    enumeration_pieces,
    plain_text,
    record_link,
)
from maillage.publishing.references import Reference, ResolvedReferences, record_key
from maillage.register.models import Organisation
from maillage.register.vocabulary import NameKind, TieKind

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
    parts: Mapping[str, Piece] = field(default_factory=dict)
    bound: tuple[tuple[RecordKey, frozenset[str]], ...] = ()
    computation: Computation | None = None


class Binding(Protocol):
    """A form of `bind`. Required references must resolve to a record, optional ones need not."""

    @property
    def required_references(self) -> tuple[Reference, ...]: ...
    @property
    def optional_references(self) -> tuple[Reference, ...]: ...
    def value(self, resolved: ResolvedReferences) -> BoundValue: ...


def get_record(resolved: ResolvedReferences, ref: Reference) -> Any:
    """The record of a reference that counts on the day. Raises `UnboundVariableError` where there is none."""
    records = resolved.records_of(ref)
    if not records:
        raise UnboundVariableError(_("the register has no %(record)s") % {"record": ref})
    return prevailing_record(records, resolved)


def _record_name(record: object) -> str:
    return record.short_name if isinstance(record, Organisation) else str(record)


@dataclass(frozen=True, slots=True)
class LinkBinding:
    """`{link: KEY}` and `{record: [LIST, KEY]}`: a link to a record, with its name or another text."""

    ref: Reference
    texts: Mapping[str, str]
    optional_references: tuple[Reference, ...] = ()

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (self.ref,)

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        record = get_record(resolved, self.ref)
        record = getattr(record, "merged_into", None) or record
        piece = record_link(record, self.texts.get(formats.language()) or _record_name(record))
        return BoundValue((piece,), bound=((record_key(record), frozenset({"name"})),))


@dataclass(frozen=True, slots=True)
class DateBinding:
    """`{date: since, of: [LIST, KEY]}`: one end of a record's period."""

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
        return BoundValue((date,), bound=((record_key(record), properties),), computation=computation)


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
        computation = Computation(question % {"record": _record_name(record), "day": formats.day(resolved.day)}, text)
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


@dataclass(frozen=True, slots=True)
class OrganisationSet:
    """The organisations of the records that a set of references resolves to on the day.

    `organisation_path` is the attribute of a record that gives its organisation; `about` are the records that the
    question names.
    """

    sets: tuple[Reference, ...]
    organisation_path: str
    about: tuple[Reference, ...]
    property: str
    leave_out: str = ""

    def phases(self, resolved: ResolvedReferences) -> dict[object, FactPhase]:
        """Each organisation with its phase, sure ones first, each group by name."""
        phases: dict[object, FactPhase] = {}
        for record in (record for ref in self.sets for record in resolved.records_of(ref)):
            phase, organisation = fact_phase(record, resolved), getattr(record, self.organisation_path)
            if (
                organisation is None
                or organisation.key == self.leave_out
                or phase in (FactPhase.NOT_BEGUN, FactPhase.ENDED)
            ):
                continue
            if phases.get(organisation) is not FactPhase.TRUE:
                phases[organisation] = phase
        return dict(sorted(phases.items(), key=lambda pair: (pair[1] is FactPhase.UNSURE, _record_name(pair[0]))))

    def bound(self, resolved: ResolvedReferences) -> tuple[tuple[RecordKey, frozenset[str]], ...]:
        """The records and properties that the set depends on: those in the question, and the periods of its own."""
        properties = frozenset({self.property, f"{self.property}s"})
        named = tuple((record_key(get_record(resolved, ref)), properties) for ref in self.about)
        return named + tuple(
            (record_key(record), PERIOD_PROPERTIES) for ref in self.sets for record in resolved.records_of(ref)
        )

    def question(self, resolved: ResolvedReferences) -> str:
        """The question in words: `organisations holding Label Carnot on 7 February 2020`."""
        kind, identity = self.sets[0].kind, self.sets[0].identity
        words = {
            "about": formats.join_words([_record_name(get_record(resolved, ref)) for ref in self.about[:1]]),
            "organisation": _record_name(get_record(resolved, self.about[-1])),
            "tie": TieKind(identity[1]).label if kind in ("ties to", "ties from") else "",
            "day": formats.day(resolved.day),
        }
        if kind.startswith("awards"):
            labels = [ref for ref in self.about if ref.kind == "labels"]
            words["about"] = formats.join_words([_record_name(get_record(resolved, ref)) for ref in labels])
        return _questions()[kind] % words


def _questions() -> dict[str, str]:
    return {
        "ties to": _("organisations with the tie “%(tie)s” to %(about)s, on %(day)s"),
        "ties from": _("organisations to which %(about)s has the tie “%(tie)s”, on %(day)s"),
        "awards of": _("organisations holding %(about)s on %(day)s"),
        "awards in": _("organisations of %(organisation)s holding %(about)s on %(day)s"),
        "startups of": _("start-ups that came from %(about)s, on %(day)s"),
        "startups in": _("start-ups that came from organisations of %(about)s, on %(day)s"),
    }


@dataclass(frozen=True, slots=True)
class CountBinding:
    """`{count: …}`: the number of organisations on the day; `.yes` surely, `.unsure` perhaps, `.most` in all."""

    organisations: OrganisationSet

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return self.organisations.about

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return self.organisations.sets

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        phases = list(self.organisations.phases(resolved).values())
        sure, unsure = NumberPiece(phases.count(FactPhase.TRUE)), NumberPiece(phases.count(FactPhase.UNSURE))
        computation = Computation(self.organisations.question(resolved), self._answer(sure, unsure))
        parts: dict[str, Piece] = {"yes": sure, "unsure": unsure, "most": NumberPiece(len(phases))}
        return BoundValue((sure,), not unsure.value, parts, self.organisations.bound(resolved), computation)

    @staticmethod
    def _answer(sure: NumberPiece, unsure: NumberPiece) -> str:
        if not unsure.value:
            return sure.text
        return _("%(yes)s; of %(unsure)s more it is not known") % {"yes": sure.text, "unsure": unsure.text}


@dataclass(frozen=True, slots=True)
class HoldersBinding:
    """`{holders: LABEL}`: what is known of who holds a label on the day, in whole sentences."""

    label: str

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (Reference("labels", (self.label,)),)

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return tuple(Reference(kind, (self.label,)) for kind in ("awards of", "waves of", "parameters of"))

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        label = get_record(resolved, self.required_references[0])
        known = self._known(label, resolved)
        words = {"label": label, "day": formats.day(resolved.day)}
        answer = _("%(yes)s for certain, %(unsure)s perhaps") % {
            "yes": formats.number(known.sure),
            "unsure": formats.number(known.unsure),
        }
        computation = Computation(_("organisations holding %(label)s on %(day)s") % words, answer)
        bound = ((record_key(label), HOLDER_PROPERTIES),)
        text = TextPiece(holders_sentence(known, timezone.localdate()))
        return BoundValue((text,), not known.unsure, bound=bound, computation=computation)

    def _known(self, label: Any, resolved: ResolvedReferences) -> HolderKnowledge:
        awards, waves, parameters = (resolved.records_of(ref) for ref in self.optional_references)
        phases = [fact_phase(award, resolved) for award in awards]
        subjects = resolved.subjects.get(record_key(label), [])
        disputed = any(subject.property in HOLDER_PROPERTIES and subject.contradiction.is_open for subject in subjects)
        received = last_reception(waves, parameters, resolved.day)
        sure, unsure = phases.count(FactPhase.TRUE), phases.count(FactPhase.UNSURE)
        return HolderKnowledge(resolved.day, sure, unsure, received, disputed)


@dataclass(frozen=True, slots=True)
class ListBinding:
    """`{list: …}`: the names of the organisations on the day, `most` of them at most."""

    organisations: OrganisationSet
    most: int | None = None

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return self.organisations.about

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return self.organisations.sets

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        phases = self.organisations.phases(resolved)
        if not phases:
            raise UnboundVariableError(
                _("no answer to: %(question)s") % {"question": self.organisations.question(resolved)}
            )
        links = [record_link(organisation, _record_name(organisation)) for organisation in phases]
        computation = Computation(self.organisations.question(resolved), self._answer(phases))
        sure = FactPhase.UNSURE not in phases.values()
        return BoundValue(
            enumeration_pieces(links, self.most), sure, {}, self.organisations.bound(resolved), computation
        )

    def _answer(self, phases: Mapping[object, FactPhase]) -> str:
        words = [
            _record_name(organisation)
            if phase is FactPhase.TRUE
            else _("%(organisation)s (not sure)") % {"organisation": _record_name(organisation)}
            for organisation, phase in phases.items()
        ]
        return plain_text([TextPiece(formats.join_words(words))])
