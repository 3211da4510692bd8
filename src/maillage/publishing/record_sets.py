"""Bindings to several records at once: how many there are on a day, and which."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.addresses import AddressedRecord
from maillage.core.certainty import RecordKey
from maillage.core.models import Fact
from maillage.core.periods import OPEN, UNKNOWN
from maillage.publishing.bindings import (
    PERIOD_PROPERTIES,
    BoundValue,
    Computation,
    UnboundVariableError,
    get_record,
    record_name,
)
from maillage.publishing.noun_phrases import named_pieces, others_in_form
from maillage.publishing.phases import FactPhase, fact_phase
from maillage.publishing.pieces import NumberPiece, Piece, TextPiece, enumeration_of
from maillage.publishing.references import Reference, ResolvedReferences, record_key
from maillage.register.noun_phrases import Form
from maillage.register.vocabulary import TieKind

# The attribute of a fact that is the member of the set, by kind of reference; empty where it is the fact itself.
_MEMBER_PATHS = {
    "ties to": "subject",
    "ties from": "object",
    "awards of": "holder",
    "awards in": "holder",
    "awards to": "label",
    "startups of": "organisation",
    "startups in": "organisation",
}


@dataclass(frozen=True, slots=True)
class SetMember:
    """A member of a set on the day, with the fact that makes it one."""

    record: AddressedRecord
    fact: Fact
    phase: FactPhase


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The records to which a set of references leads on the day. `about` are the records that the question names."""

    sets: tuple[Reference, ...]
    about: tuple[Reference, ...]
    property: str
    leave_out: str = ""
    # Whether members whose fact has ended still count: who founded something has founded it for ever.
    ever: bool = False

    def facts(self, resolved: ResolvedReferences) -> list[SetMember]:
        """Every fact of the set that has a member, of whatever phase."""
        found = []
        for ref in self.sets:
            for fact in resolved.records_of(ref):
                record = getattr(fact, path) if (path := _MEMBER_PATHS.get(ref.kind, "")) else fact
                if record is not None and not (self.leave_out and record.key == self.leave_out):
                    found.append(SetMember(record, fact, fact_phase(fact, resolved)))
        return found

    def members(self, resolved: ResolvedReferences) -> list[SetMember]:
        """Each record once, if it is surely or perhaps in the set: sure ones first, each group by name."""
        members: dict[object, SetMember] = {}
        for member in self.facts(resolved):
            if member.phase is FactPhase.NOT_BEGUN or (member.phase is FactPhase.ENDED and not self.ever):
                continue
            if member.record not in members or members[member.record].phase is not FactPhase.TRUE:
                members[member.record] = member
        return sorted(
            members.values(), key=lambda member: (member.phase is FactPhase.UNSURE, record_name(member.record))
        )

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
            "about": formats.join_words([record_name(get_record(resolved, ref)) for ref in self.about[:1]]),
            "organisation": record_name(get_record(resolved, self.about[-1])),
            "tie": TieKind(identity[1]).label if kind in ("ties to", "ties from") else "",
            "day": formats.day(resolved.day),
        }
        if kind in ("awards of", "awards in"):
            labels = [ref for ref in self.about if ref.kind == "labels"]
            words["about"] = formats.join_words([record_name(get_record(resolved, ref)) for ref in labels])
        return _questions()[kind] % words


def _questions() -> dict[str, str]:
    return {
        "ties to": _("organisations with the tie “%(tie)s” to %(about)s, on %(day)s"),
        "ties from": _("organisations to which %(about)s has the tie “%(tie)s”, on %(day)s"),
        "awards of": _("organisations holding %(about)s on %(day)s"),
        "awards in": _("organisations of %(organisation)s holding %(about)s on %(day)s"),
        "awards to": _("labels that %(about)s holds on %(day)s"),
        "labels by": _("labels that %(about)s awards, on %(day)s"),
        "trials sponsored": _("trials that %(about)s sponsors, on %(day)s"),
        "trials coordinated": _("trials that %(about)s coordinates, on %(day)s"),
        "startups of": _("start-ups that came from %(about)s, on %(day)s"),
        "startups in": _("start-ups that came from organisations of %(about)s, on %(day)s"),
    }


@dataclass(frozen=True, slots=True)
class CountBinding:
    """`{count: …}`: the number of records on the day; `.yes` surely, `.unsure` perhaps, `.most` in all."""

    records: RecordSet

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return self.records.about

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return self.records.sets

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        phases = [member.phase for member in self.records.members(resolved)]
        sure, unsure = NumberPiece(phases.count(FactPhase.TRUE)), NumberPiece(phases.count(FactPhase.UNSURE))
        computation = Computation(self.records.question(resolved), self._answer(sure, unsure))
        parts: Mapping[str, tuple[Piece, ...]] = {
            "yes": (sure,),
            "unsure": (unsure,),
            "most": (NumberPiece(len(phases)),),
        }
        return BoundValue((sure,), not unsure.value, parts, self.records.bound(resolved), computation)

    @staticmethod
    def _answer(sure: NumberPiece, unsure: NumberPiece) -> str:
        if not unsure.value:
            return sure.text
        return _("%(yes)s; of %(unsure)s more it is not known") % {"yes": sure.text, "unsure": unsure.text}


@dataclass(frozen=True, slots=True)
class ListBinding:
    """`{list: …}`: the names of the records on the day, `most` of them at most.

    Each name is in a `form`, with the period of its fact in brackets if they are `dated`.
    """

    records: RecordSet
    most: int | None = None
    form: Form = Form.PLAIN
    dated: bool = False

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return self.records.about

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return self.records.sets

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        members = self.records.members(resolved)
        if not members:
            raise UnboundVariableError(_("no answer to: %(question)s") % {"question": self.records.question(resolved)})
        computation = Computation(self.records.question(resolved), self._answer(members))
        sure = all(member.phase is not FactPhase.UNSURE for member in members)
        return BoundValue(self._pieces(members), sure, {}, self.records.bound(resolved), computation)

    def _pieces(self, members: list[SetMember]) -> tuple[Piece, ...]:
        shown = members if self.most is None else members[: self.most]
        twins = _names_of_several(members)
        items = [self._item(member, twins) for member in shown]
        if rest := len(members) - len(shown):
            others = ngettext("%(count)s other", "%(count)s others", rest) % {"count": formats.number(rest)}
            items.append((TextPiece(others_in_form(others, self.form)),))
        return enumeration_of(items)

    def _item(self, member: SetMember, twins: frozenset[str]) -> tuple[Piece, ...]:
        name = record_name(member.record)
        pieces = named_pieces(member.record, name, self._form_in_language())
        apart = _mark_of_twin(member.record) if name in twins else ""
        when = _when(member.fact) if self.dated else ""
        words = ", ".join(text for text in (apart, when) if text)
        return (*pieces, TextPiece(f" ({words})")) if words else pieces

    def _form_in_language(self) -> Form:
        """French repeats the preposition before each name; English writes it once, in the template."""
        return Form.THE if self.form in (Form.OF, Form.TO) and formats.language() == "en" else self.form

    def _answer(self, members: list[SetMember]) -> str:
        words = [
            record_name(member.record)
            if member.phase is not FactPhase.UNSURE
            else _("%(organisation)s (not sure)") % {"organisation": record_name(member.record)}
            for member in members
        ]
        return formats.join_words(words)


def _names_of_several(members: list[SetMember]) -> frozenset[str]:
    """The names that several members have, such as a trial that two registers have."""
    counts = Counter(record_name(member.record) for member in members)
    return frozenset(name for name, count in counts.items() if count > 1)


def _mark_of_twin(record: object) -> str:
    """What tells a record from others of its name: the number of a trial, the town of an organisation."""
    return str(getattr(record, "number", "") or getattr(record, "city", ""))


def _when(fact: Fact) -> str:
    """The period of a fact; empty where it is wholly open."""
    start, end = fact.period_start, fact.period_end
    return "" if start in (OPEN, UNKNOWN) and end == OPEN else formats.period(start, end)
