"""Parses `bind` and `holds` of a file of sentences. docs/statements.md lists the forms."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from maillage.core.json_types import Json
from maillage.publishing.bindings import (
    END_PROPERTIES,
    START_PROPERTIES,
    AmountBinding,
    Binding,
    DateBinding,
    LinkBinding,
    NameBinding,
    PersonBinding,
    WaveBinding,
)
from maillage.publishing.holders_binding import HoldersBinding
from maillage.publishing.record_sets import CountBinding, ListBinding, RecordSet
from maillage.publishing.references import REFERENCE_KINDS, Reference
from maillage.register.noun_phrases import Form
from maillage.register.vocabulary import TieKind


class SentenceSyntaxError(ValueError):
    """A form that cannot be parsed; the message says what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class FactCondition:
    """One fact that a sentence needs. `asserted`: the sentence states it, rather than taking it for granted.

    An `announced` fact counts as true in the year before it begins.
    """

    ref: Reference
    asserted: bool
    announced: bool = False


@dataclass(frozen=True, slots=True)
class SetCondition:
    """Some fact of a set must hold."""

    records: RecordSet


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions of which all (`every`), or any, must hold."""

    every: bool
    parts: "tuple[FactCondition | SetCondition | ConditionGroup, ...]"


Condition = FactCondition | SetCondition | ConditionGroup

_LINKABLE_LISTS = ("organisations", "labels", "agreements", "events", "offers", "startups", "trials")


def fact_conditions(holds: Condition) -> Iterator[FactCondition | SetCondition]:
    """Every fact, and every set of facts, of a condition."""
    if not isinstance(holds, ConditionGroup):
        yield holds
        return
    for part in holds.parts:
        yield from fact_conditions(part)


def parse_condition(form: object) -> Condition:
    """The condition of a form of `holds`. Raises `SentenceSyntaxError`."""
    if not isinstance(form, dict) or len(form) != 1:
        raise SentenceSyntaxError(f"“holds” must have one key, such as {{label: carnot}}; here it is {form}")
    ((name, value),) = form.items()
    if name in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise SentenceSyntaxError(f"“{name}” of “holds” must be a list of facts")
        return ConditionGroup(name == "all", tuple(parse_condition(part) for part in value))
    if name == "some":
        return SetCondition(_some(value))
    if name not in _FACT_PARSERS:
        raise SentenceSyntaxError(
            f"“{name}” is no form of “holds”; use one of {', '.join([*_FACT_PARSERS, 'some', 'all', 'any'])}"
        )
    ref = _FACT_PARSERS[name](name, value)
    return FactCondition(ref, name not in ("organisation", "label"), name == "announced")


def _some(form: object) -> RecordSet:
    if not isinstance(form, dict) or "list" not in form:
        raise SentenceSyntaxError(
            f"“some” needs a mapping such as {{list: ties, of: KEY, role: ROLE}}; here it is {form}"
        )
    return _record_set("list", form)


def _fact_parser(kind: str, *order: int) -> Callable[[str, object], Reference]:
    def read(name: str, value: object) -> Reference:
        values = [value] if not isinstance(value, list) else value
        if len(values) != len(order):
            raise SentenceSyntaxError(f"“{name}” of “holds” needs {len(order)} values; here it is {value}")
        return Reference(kind, tuple(str(values[place]) for place in order))

    return read


_FACT_PARSERS: dict[str, Callable[[str, object], Reference]] = {
    "organisation": _fact_parser("organisations", 0),
    "exists": _fact_parser("organisations", 0),
    "label": _fact_parser("labels", 0),
    "award": _fact_parser("awards", 0, 1),
    "tie": _fact_parser("memberships", 0, 1, 2),
    "office": _fact_parser("people_roles", 0, 1),
    "agreement": _fact_parser("agreements", 0),
    "event": _fact_parser("events", 0),
    "announced": _fact_parser("events", 0),
    "trial": _fact_parser("trials", 0, 1),
    "startup": _fact_parser("startups", 0),
}


def parse_binding(form: object) -> Binding:
    """The binding of a form of `bind`. Raises `SentenceSyntaxError`."""
    if not isinstance(form, dict):
        raise SentenceSyntaxError(f"a variable of “bind” must be a mapping such as {{link: KEY}}; here it is {form}")
    name = next((name for name in _BINDING_PARSERS if name in form), None)
    if name is None:
        raise SentenceSyntaxError(f"{form} is no form of “bind”; use one of {', '.join(_BINDING_PARSERS)}")
    allowed, read = _BINDING_PARSERS[name]
    unknown = [key for key in form if key not in (name, *allowed)]
    if unknown:
        raise SentenceSyntaxError(
            f"unknown key “{unknown[0]}” beside “{name}”; known are {', '.join(allowed) or 'none'}"
        )
    return read(form)


def _texts(form: Mapping[str, object]) -> dict[str, str]:
    return {language: str(form[f"text_{language}"]) for language in ("fr", "en") if f"text_{language}" in form}


def _organisation(key: object) -> Reference:
    return Reference("organisations", (str(key),))


def _link(form: Mapping[str, object]) -> Binding:
    return LinkBinding(_organisation(form["link"]), _texts(form))


def _record(form: Mapping[str, object]) -> Binding:
    return LinkBinding(_identity(form["record"], "record", _LINKABLE_LISTS), _texts(form))


def _identity(value: object, name: str, kinds: tuple[str, ...] = tuple(REFERENCE_KINDS)) -> Reference:
    if not isinstance(value, list) or len(value) < 2:
        raise SentenceSyntaxError(f"“{name}” must be a list of a list's name and an identity, such as [labels, carnot]")
    kind, *identity = [str(item) for item in value]
    if kind not in kinds or " " in kind:
        raise SentenceSyntaxError(f"“{kind}” is no list that “{name}” may name; use one of {', '.join(_plain(kinds))}")
    if len(identity) != len(REFERENCE_KINDS[kind].paths):
        raise SentenceSyntaxError(
            f"“{name}” needs {len(REFERENCE_KINDS[kind].paths)} values after “{kind}”, not {len(identity)}"
        )
    return Reference(kind, tuple(identity))


def _plain(kinds: tuple[str, ...]) -> list[str]:
    return [kind for kind in kinds if " " not in kind and kind != "names"]


def _date(form: Mapping[str, object]) -> Binding:
    if form["date"] not in START_PROPERTIES | END_PROPERTIES:
        raise SentenceSyntaxError(
            f"“{form['date']}” is no end of a period; use one of {', '.join(sorted(START_PROPERTIES | END_PROPERTIES))}"
        )
    return DateBinding(str(form["date"]), _identity(form.get("of"), "of"))


def _person(form: Mapping[str, object]) -> Binding:
    return PersonBinding(_fact_parser("people_roles", 0, 1)("person", form["person"]))


def _amount(form: Mapping[str, object]) -> Binding:
    return AmountBinding(_identity(form["amount"], "amount", ("funding",)))


def _count(form: Mapping[str, object]) -> Binding:
    return CountBinding(_record_set("count", form))


def _list(form: Mapping[str, object]) -> Binding:
    most = form.get("most")
    if most is not None and (not isinstance(most, int) or most < 1):
        raise SentenceSyntaxError(f"“most” must be a number from 1, not {most}")
    forms = [form.value for form in (Form.THE, Form.OF, Form.TO)]
    if form.get("form", "the") not in forms:
        raise SentenceSyntaxError(f"“{form['form']}” is no form of names; use one of {', '.join(forms)}")
    return ListBinding(_record_set("list", form), most, Form(form.get("form", "")), bool(form.get("dated", False)))


def _record_set(verb: str, form: Mapping[str, object]) -> RecordSet:
    what = form[verb]
    readers = {
        "ties": _ties,
        "awards": _awards,
        "holders": _awards,
        "labels": _labels,
        "startups": _startups,
        "trials": _trials,
    }
    if what not in readers:
        raise SentenceSyntaxError(f"“{what}” is nothing to {verb}; use one of {', '.join(readers)}")
    return replace(readers[what](form), ever=bool(form.get("ever", False)))


def _ties(form: Mapping[str, object]) -> RecordSet:
    role = str(form.get("role", ""))
    if role not in TieKind.values:
        raise SentenceSyntaxError(f"“{role}” is no role of ties; use one of {', '.join(TieKind.values)}")
    ends = [name for name in ("of", "member", "with") if name in form]
    if len(ends) != 1:
        raise SentenceSyntaxError(
            "ties need either “of” (who is tied to it), “member” (to what it is tied) or “with” (either way)"
        )
    key = str(form[ends[0]])
    kinds = {"of": ("ties to",), "member": ("ties from",), "with": ("ties from", "ties to")}[ends[0]]
    sets = tuple(Reference(kind, (key, role)) for kind in kinds)
    return RecordSet(sets, (_organisation(key),), role, str(form.get("except", "")))


def _awards(form: Mapping[str, Json]) -> RecordSet:
    labels = [str(key) for key in (form["label"] if isinstance(form.get("label"), list) else [form.get("label")])]
    named = tuple(Reference("labels", (key,)) for key in labels)
    within = form.get("holders_in", form.get("in"))
    if within is None:
        return RecordSet(tuple(Reference("awards of", (key,)) for key in labels), named, "holder")
    sets = tuple(Reference("awards in", (key, str(within))) for key in labels)
    return RecordSet(sets, (*named, _organisation(within)), "holder")


def _labels(form: Mapping[str, object]) -> RecordSet:
    kind, key = _one_of(form, "labels", {"of": "awards to", "by": "labels by"})
    return RecordSet((Reference(kind, (key,)),), (_organisation(key),), "holder")


def _trials(form: Mapping[str, object]) -> RecordSet:
    kind, key = _one_of(form, "trials", {"sponsor": "trials sponsored", "group": "trials coordinated"})
    return RecordSet((Reference(kind, (key,)),), (_organisation(key),), "trial")


def _one_of(form: Mapping[str, object], what: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """The kind of reference of the one name that a form has, and its key."""
    names = [name for name in kinds if name in form]
    if len(names) != 1:
        raise SentenceSyntaxError(f"{what} need one of {', '.join(kinds)}, with the key of an organisation")
    return kinds[names[0]], str(form[names[0]])


def _startups(form: Mapping[str, object]) -> RecordSet:
    if ("origin" in form) == ("origin_in" in form):
        raise SentenceSyntaxError(
            "start-ups need either “origin” (an organisation) or “origin_in” (the organisations of one)"
        )
    kind, key = ("startups of", form["origin"]) if "origin" in form else ("startups in", form["origin_in"])
    return RecordSet((Reference(kind, (str(key),)),), (_organisation(key),), "startup")


_SET_KEYS = (
    *("of", "member", "with", "role", "except", "label", "holders_in", "in", "by", "origin", "origin_in"),
    *("sponsor", "group", "ever"),
)
_BINDING_PARSERS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, object]], Binding]]] = {
    "link": (("text_fr", "text_en"), _link),
    "record": (("text_fr", "text_en"), _record),
    "date": (("of",), _date),
    "count": (_SET_KEYS, _count),
    "list": ((*_SET_KEYS, "most", "form", "dated"), _list),
    "person": ((), _person),
    "amount": ((), _amount),
    "name": ((), lambda form: NameBinding(str(form["name"]))),
    "holders": ((), lambda form: HoldersBinding(str(form["holders"]))),
    "wave": ((), lambda form: WaveBinding(str(form["wave"]))),
}
