"""Reading `bind` and `holds` as they are written in a file of sentences. docs/statements.md lists the forms."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from maillage.publishing.bindings import (
    ENDS,
    STARTS,
    AmountOf,
    Bind,
    Bodies,
    CountOf,
    DateOf,
    LinkTo,
    ListOf,
    NameOf,
    PersonIn,
    WaveOf,
)
from maillage.publishing.references import KINDS, Ref
from maillage.register.vocabulary import TieKind


class BadForm(ValueError):
    """A form that cannot be read; the message says what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fact that a sentence needs. `asserted` is one that the sentence states, not only the frame it stands in."""

    ref: Ref
    asserted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of which all, or any, must hold."""

    every: bool
    parts: "tuple[Leaf | Group, ...]"


Holds = Leaf | Group

_RECORDS = ("organisations", "labels", "agreements", "events", "offers", "startups")


def leaves(holds: Holds) -> Iterator[Leaf]:
    """Every fact of a tree of `holds`."""
    if isinstance(holds, Leaf):
        yield holds
        return
    for part in holds.parts:
        yield from leaves(part)


def read_holds(form: Any) -> Holds:
    """A `holds` of a sentence. Raises `BadForm`."""
    if not isinstance(form, dict) or len(form) != 1:
        raise BadForm(f"“holds” must have one key, such as {{label: carnot}}; here it is {form}")
    ((name, value),) = form.items()
    if name in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise BadForm(f"“{name}” of “holds” must be a list of facts")
        return Group(name == "all", tuple(read_holds(part) for part in value))
    if name not in _FACTS:
        raise BadForm(f"“{name}” is no form of “holds”; use one of {', '.join([*_FACTS, 'all', 'any'])}")
    return Leaf(_FACTS[name](name, value), name not in ("organisation", "label"))


def _fact(kind: str, *order: int) -> Callable[[str, Any], Ref]:
    def read(name: str, value: Any) -> Ref:
        values = [value] if not isinstance(value, list) else value
        if len(values) != len(order):
            raise BadForm(f"“{name}” of “holds” needs {len(order)} values; here it is {value}")
        return Ref(kind, tuple(str(values[place]) for place in order))

    return read


_FACTS: dict[str, Callable[[str, Any], Ref]] = {
    "organisation": _fact("organisations", 0),
    "label": _fact("labels", 0),
    "award": _fact("awards", 0, 1),
    "tie": _fact("memberships", 0, 1, 2),
    "office": _fact("people_roles", 0, 1),
    "agreement": _fact("agreements", 0),
    "event": _fact("events", 0),
    "startup": _fact("startups", 0),
}


def read_bind(form: Any) -> Bind:
    """A variable of `bind`. Raises `BadForm`."""
    if not isinstance(form, dict):
        raise BadForm(f"a variable of “bind” must be a mapping such as {{link: KEY}}; here it is {form}")
    name = next((name for name in _BINDS if name in form), None)
    if name is None:
        raise BadForm(f"{form} is no form of “bind”; use one of {', '.join(_BINDS)}")
    allowed, read = _BINDS[name]
    unknown = [key for key in form if key not in (name, *allowed)]
    if unknown:
        raise BadForm(f"unknown key “{unknown[0]}” beside “{name}”; known are {', '.join(allowed) or 'none'}")
    return read(form)


def _texts(form: Mapping[str, Any]) -> dict[str, str]:
    return {language: str(form[f"text_{language}"]) for language in ("fr", "en") if f"text_{language}" in form}


def _organisation(key: Any) -> Ref:
    return Ref("organisations", (str(key),))


def _link(form: Mapping[str, Any]) -> Bind:
    return LinkTo(_organisation(form["link"]), _texts(form))


def _record(form: Mapping[str, Any]) -> Bind:
    return LinkTo(_identity(form["record"], "record", _RECORDS), _texts(form))


def _identity(value: Any, name: str, kinds: tuple[str, ...] = tuple(KINDS)) -> Ref:
    if not isinstance(value, list) or len(value) < 2:
        raise BadForm(f"“{name}” must be a list of a list's name and an identity, such as [labels, carnot]")
    kind, *identity = [str(item) for item in value]
    if kind not in kinds or " " in kind:
        raise BadForm(f"“{kind}” is no list that “{name}” may name; use one of {', '.join(_plain(kinds))}")
    if len(identity) != len(KINDS[kind].paths):
        raise BadForm(f"“{name}” needs {len(KINDS[kind].paths)} values after “{kind}”, not {len(identity)}")
    return Ref(kind, tuple(identity))


def _plain(kinds: tuple[str, ...]) -> list[str]:
    return [kind for kind in kinds if " " not in kind and kind != "names"]


def _date(form: Mapping[str, Any]) -> Bind:
    if form["date"] not in STARTS | ENDS:
        raise BadForm(f"“{form['date']}” is no end of a period; use one of {', '.join(sorted(STARTS | ENDS))}")
    return DateOf(str(form["date"]), _identity(form.get("of"), "of"))


def _person(form: Mapping[str, Any]) -> Bind:
    return PersonIn(_fact("people_roles", 0, 1)("person", form["person"]))


def _amount(form: Mapping[str, Any]) -> Bind:
    return AmountOf(_identity(form["amount"], "amount", ("funding",)))


def _count(form: Mapping[str, Any]) -> Bind:
    return CountOf(_bodies("count", form))


def _list(form: Mapping[str, Any]) -> Bind:
    most = form.get("most")
    if most is not None and (not isinstance(most, int) or most < 1):
        raise BadForm(f"“most” must be a number from 1, not {most}")
    return ListOf(_bodies("list", form), most)


def _bodies(verb: str, form: Mapping[str, Any]) -> Bodies:
    what = form[verb]
    readers = {"ties": _ties, "awards": _awards, "holders": _awards, "startups": _startups}
    if what not in readers:
        raise BadForm(f"“{what}” is nothing to {verb}; use one of {', '.join(readers)}")
    return readers[what](form)


def _ties(form: Mapping[str, Any]) -> Bodies:
    role = str(form.get("role", ""))
    if role not in TieKind.values:
        raise BadForm(f"“{role}” is no role of ties; use one of {', '.join(TieKind.values)}")
    if ("of" in form) == ("member" in form):
        raise BadForm("ties need either “of” (who is tied to it) or “member” (to what it is tied)")
    kind, key, body = ("ties to", form["of"], "subject") if "of" in form else ("ties from", form["member"], "object")
    return Bodies((Ref(kind, (str(key), role)),), body, (_organisation(key),), role, str(form.get("except", "")))


def _awards(form: Mapping[str, Any]) -> Bodies:
    labels = [str(key) for key in (form["label"] if isinstance(form.get("label"), list) else [form.get("label")])]
    named = tuple(Ref("labels", (key,)) for key in labels)
    within = form.get("holders_in", form.get("in"))
    if within is None:
        return Bodies(tuple(Ref("awards of", (key,)) for key in labels), "holder", named, "holder")
    sets = tuple(Ref("awards in", (key, str(within))) for key in labels)
    return Bodies(sets, "holder", (*named, _organisation(within)), "holder")


def _startups(form: Mapping[str, Any]) -> Bodies:
    if ("origin" in form) == ("origin_in" in form):
        raise BadForm("start-ups need either “origin” (a body) or “origin_in” (the bodies of one)")
    kind, key = ("startups of", form["origin"]) if "origin" in form else ("startups in", form["origin_in"])
    return Bodies((Ref(kind, (str(key),)),), "organisation", (_organisation(key),), "startup")


_SETS = ("of", "member", "role", "except", "label", "holders_in", "in", "origin", "origin_in")
_BINDS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Bind]]] = {
    "link": (("text_fr", "text_en"), _link),
    "record": (("text_fr", "text_en"), _record),
    "date": (("of",), _date),
    "count": (_SETS, _count),
    "list": ((*_SETS, "most"), _list),
    "person": ((), _person),
    "amount": ((), _amount),
    "name": ((), lambda form: NameOf(str(form["name"]))),
    "wave": ((), lambda form: WaveOf(str(form["wave"]))),
}
