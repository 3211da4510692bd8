"""The values that sentences are bound to: each form of `bind`, what it reads of the register, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from maillage.kernel import wording
from maillage.kernel.certainty import RecordKey
from maillage.kernel.periods import OPEN, UNKNOWN
from maillage.publishing.phases import Phase, foremost, phase_of
from maillage.publishing.pieces import Amount, Date, Number, Piece, Text, link_to, names, plain
from maillage.publishing.references import Found, Ref, key_of
from maillage.register.models import Organisation
from maillage.register.vocabulary import NameKind, TieKind

# The words by which contradictions name the ends of a period, and those by which a sentence asks for one.
STARTS = frozenset({"since", "from", "founded", "signed", "date"})
ENDS = frozenset({"until", "to"})
PERIOD = frozenset({"period", "term"})


class Unbound(LookupError):
    """A variable that the register gives no value for on the day read; the message is for officers."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How a value was found: what was asked of the register, and what it answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable stands for on the day read. `bound` are the records, and their properties, that it depends on."""

    pieces: tuple[Piece, ...]
    sure: bool = True
    parts: Mapping[str, Piece] = field(default_factory=dict)
    bound: tuple[tuple[RecordKey, frozenset[str]], ...] = ()
    sum: Sum | None = None


class Bind(Protocol):
    """A form of `bind`. `must` are references that have to meet a record, `may` those that need not."""

    @property
    def must(self) -> tuple[Ref, ...]: ...
    @property
    def may(self) -> tuple[Ref, ...]: ...
    def value(self, found: Found) -> Value: ...


def one(found: Found, ref: Ref) -> Any:
    """The record of a reference that speaks for the day. Raises `Unbound`."""
    records = found.of(ref)
    if not records:
        raise Unbound(_("the register has no %(record)s") % {"record": ref})
    return foremost(records, found)


def _named(record: Any) -> str:
    return record.short_name if isinstance(record, Organisation) else str(record)


@dataclass(frozen=True, slots=True)
class LinkTo:
    """`{link: KEY}` and `{record: [LIST, KEY]}`: the name of a record, or words of one's own, leading to its page."""

    ref: Ref
    texts: Mapping[str, str]
    may: tuple[Ref, ...] = ()

    @property
    def must(self) -> tuple[Ref, ...]:
        return (self.ref,)

    def value(self, found: Found) -> Value:
        record = one(found, self.ref)
        record = getattr(record, "merged_into", None) or record
        piece = link_to(record, self.texts.get(wording.language()) or _named(record))
        return Value((piece,), bound=((key_of(record), frozenset({"name"})),))


@dataclass(frozen=True, slots=True)
class DateOf:
    """`{date: since, of: [LIST, KEY]}`: one end of a record's period."""

    end: str
    ref: Ref
    may: tuple[Ref, ...] = ()

    @property
    def must(self) -> tuple[Ref, ...]:
        return (self.ref,)

    def value(self, found: Found) -> Value:
        record = one(found, self.ref)
        text = record.period_start if self.end in STARTS else record.period_end
        if text in (OPEN, UNKNOWN):
            raise Unbound(_("%(record)s has no known “%(end)s”") % {"record": self.ref, "end": self.end})
        properties = PERIOD | (STARTS if self.end in STARTS else ENDS)
        question = _("end of %(record)s") if self.end in ENDS else _("beginning of %(record)s")
        date = Date(text)
        asked = Sum(question % {"record": record}, date.text)
        return Value((date,), bound=((key_of(record), properties),), sum=asked)


@dataclass(frozen=True, slots=True)
class NameOf:
    """`{name: KEY}`: the official name that an organisation bears on the day read, in the reader's language."""

    key: str

    @property
    def must(self) -> tuple[Ref, ...]:
        return (Ref("organisations", (self.key,)),)

    @property
    def may(self) -> tuple[Ref, ...]:
        return (Ref("names", (self.key,)),)

    def value(self, found: Found) -> Value:
        record = one(found, self.must[0])
        text, sure = self._on_the_day(record, found)
        question = _("name of %(record)s on %(day)s")
        asked = Sum(question % {"record": _named(record), "day": wording.day(found.day)}, text)
        bound = ((key_of(record), frozenset({"name", "names"})),)
        return Value((link_to(record, text),), sure=sure, bound=bound, sum=asked)

    def _on_the_day(self, record: Organisation, found: Found) -> tuple[str, bool]:
        dated = [
            name
            for name in found.of(self.may[0])
            if name.kind == NameKind.OFFICIAL and name.language == wording.language() and name.period_start != UNKNOWN
        ]
        borne = [name for name in dated if phase_of(name, found) in (Phase.IN_FORCE, Phase.UNSURE)]
        if not borne:
            return str(record.name), True
        name = foremost(borne, found)
        return str(name.text), phase_of(name, found) is Phase.IN_FORCE


@dataclass(frozen=True, slots=True)
class WaveOf:
    """`{wave: LABEL}`: the term, from – to, of the wave of a label's call that runs on the day read."""

    label: str

    @property
    def must(self) -> tuple[Ref, ...]:
        return (Ref("labels", (self.label,)),)

    @property
    def may(self) -> tuple[Ref, ...]:
        return (Ref("waves of", (self.label,)),)

    def value(self, found: Found) -> Value:
        label = one(found, self.must[0])
        running = [wave for wave in found.of(self.may[0]) if phase_of(wave, found) in (Phase.IN_FORCE, Phase.UNSURE)]
        running = [wave for wave in running if wave.period_end not in (OPEN, UNKNOWN)]
        if not running:
            raise Unbound(_("no wave of %(label)s is known to run on that day") % {"label": label})
        wave = foremost(running, found)
        pieces: tuple[Piece, ...] = (Date(wave.period_start), Text("\u202f–\u202f"), Date(wave.period_end))
        question = _("wave of %(label)s on %(day)s") % {"label": label, "day": wording.day(found.day)}
        bound = ((key_of(wave), PERIOD),)
        return Value(pieces, phase_of(wave, found) is Phase.IN_FORCE, bound=bound, sum=Sum(question, plain(pieces)))


@dataclass(frozen=True, slots=True)
class PersonIn:
    """`{person: [ORG, ROLE]}`: who holds an office on the day read."""

    ref: Ref
    may: tuple[Ref, ...] = ()

    @property
    def must(self) -> tuple[Ref, ...]:
        return (self.ref,)

    def value(self, found: Found) -> Value:
        offices = {office: phase_of(office, found) for office in found.of(self.ref)}
        held = [office for office, phase in offices.items() if phase in (Phase.IN_FORCE, Phase.UNSURE)]
        if not held:
            raise Unbound(_("nobody is known as %(office)s on that day") % {"office": " ".join(self.ref.identity)})
        pieces = names([link_to(office, office.person_name) for office in held])
        words = {"role": held[0].role, "body": held[0].organisation, "day": wording.day(found.day)}
        asked = Sum(_("%(role)s of %(body)s on %(day)s") % words, plain(pieces))
        bound = tuple((key_of(office), PERIOD | {"person", "name"}) for office in held)
        return Value(pieces, all(offices[office] is Phase.IN_FORCE for office in held), bound=bound, sum=asked)


@dataclass(frozen=True, slots=True)
class AmountOf:
    """`{amount: [funding, FROM, TO]}`: the latest amount that one body gave another by the day read."""

    ref: Ref
    may: tuple[Ref, ...] = ()

    @property
    def must(self) -> tuple[Ref, ...]:
        return (self.ref,)

    def value(self, found: Found) -> Value:
        given = [line for line in found.of(self.ref) if line.amount is not None]
        given = [line for line in given if phase_of(line, found) is not Phase.AHEAD]
        if not given:
            raise Unbound(_("the register has no amount of %(line)s on that day") % {"line": self.ref})
        line = max(given, key=lambda line: line.period_start)
        amount = Amount(line.amount, line.currency)
        words = {"payer": line.payer, "payee": line.payee, "year": line.year or _("an unknown year")}
        asked = Sum(_("amount from %(payer)s to %(payee)s, %(year)s") % words, amount.text)
        return Value((amount,), bound=((key_of(line), frozenset({"amount"})),), sum=asked)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies that a set of references meets on the day read.

    `body` is the path from a record met to its body; `about` are the records that the question names.
    """

    sets: tuple[Ref, ...]
    body: str
    about: tuple[Ref, ...]
    property: str
    leave_out: str = ""

    def phases(self, found: Found) -> dict[Any, Phase]:
        """Each body with its phase, those surely there first, each in the order of its name."""
        phases: dict[Any, Phase] = {}
        for record in (record for ref in self.sets for record in found.of(ref)):
            phase, body = phase_of(record, found), getattr(record, self.body)
            if body is None or body.key == self.leave_out or phase in (Phase.AHEAD, Phase.ENDED):
                continue
            if phases.get(body) is not Phase.IN_FORCE:
                phases[body] = phase
        return dict(sorted(phases.items(), key=lambda pair: (pair[1] is Phase.UNSURE, _named(pair[0]))))

    def bound(self, found: Found) -> tuple[tuple[RecordKey, frozenset[str]], ...]:
        """The set is a property of what the question names; a doubt on a tie's period is a doubt on the set."""
        properties = frozenset({self.property, f"{self.property}s"})
        named = tuple((key_of(one(found, ref)), properties) for ref in self.about)
        return named + tuple((key_of(record), PERIOD) for ref in self.sets for record in found.of(ref))

    def question(self, found: Found) -> str:
        """What was asked, in words: `bodies holding Label Carnot on 7 February 2020`."""
        kind, identity = self.sets[0].kind, self.sets[0].identity
        words = {
            "about": wording.enumerated([_named(one(found, ref)) for ref in self.about[:1]]),
            "body": _named(one(found, self.about[-1])),
            "tie": TieKind(identity[1]).label if kind in ("ties to", "ties from") else "",
            "day": wording.day(found.day),
        }
        if kind.startswith("awards"):
            labels = [ref for ref in self.about if ref.kind == "labels"]
            words["about"] = wording.enumerated([_named(one(found, ref)) for ref in labels])
        return _questions()[kind] % words


def _questions() -> dict[str, str]:
    return {
        "ties to": _("bodies with the tie “%(tie)s” to %(about)s, on %(day)s"),
        "ties from": _("bodies to which %(about)s has the tie “%(tie)s”, on %(day)s"),
        "awards of": _("bodies holding %(about)s on %(day)s"),
        "awards in": _("bodies of %(body)s holding %(about)s on %(day)s"),
        "startups of": _("start-ups that came from %(about)s, on %(day)s"),
        "startups in": _("start-ups that came from bodies of %(about)s, on %(day)s"),
    }


@dataclass(frozen=True, slots=True)
class CountOf:
    """`{count: …}`: how many bodies are there on the day read; `.yes` surely, `.unsure` perhaps, `.most` in all."""

    bodies: Bodies

    @property
    def must(self) -> tuple[Ref, ...]:
        return self.bodies.about

    @property
    def may(self) -> tuple[Ref, ...]:
        return self.bodies.sets

    def value(self, found: Found) -> Value:
        phases = list(self.bodies.phases(found).values())
        sure, unsure = Number(phases.count(Phase.IN_FORCE)), Number(phases.count(Phase.UNSURE))
        answer = _("yes %(yes)s, not sure %(unsure)s") % {"yes": sure.text, "unsure": unsure.text}
        asked = Sum(self.bodies.question(found), answer)
        parts: dict[str, Piece] = {"yes": sure, "unsure": unsure, "most": Number(len(phases))}
        return Value((sure,), not unsure.value, parts, self.bodies.bound(found), asked)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`{list: …}`: the names of the bodies there on the day read, `most` of them at most."""

    bodies: Bodies
    most: int | None = None

    @property
    def must(self) -> tuple[Ref, ...]:
        return self.bodies.about

    @property
    def may(self) -> tuple[Ref, ...]:
        return self.bodies.sets

    def value(self, found: Found) -> Value:
        phases = self.bodies.phases(found)
        if not phases:
            raise Unbound(_("no answer to: %(question)s") % {"question": self.bodies.question(found)})
        links = [link_to(body, _named(body)) for body in phases]
        asked = Sum(self.bodies.question(found), self._answer(phases))
        sure = Phase.UNSURE not in phases.values()
        return Value(names(links, self.most), sure, {}, self.bodies.bound(found), asked)

    def _answer(self, phases: Mapping[Any, Phase]) -> str:
        words = [
            _named(body) if phase is Phase.IN_FORCE else _("%(body)s (not sure)") % {"body": _named(body)}
            for body, phase in phases.items()
        ]
        return plain([Text(wording.enumerated(words))])
