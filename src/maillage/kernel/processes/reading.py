"""From a document to a definition, every fault named with its line and remedy.

process: correction
title: {fr: …, en: …}
country: FR                      # whose working days count; region: Alsace-Moselle, 973 …
opening: {state: received, roles: [reader], notices: {correction-received: [officer]}}
states:
  received:
    title: {fr: …, en: …}
    deadline: {working_days: 10, remind_before: [3], remind_after: [1, 5], remind: [officer]}
    # from: opening (not from entering the state), own: yes (an organisation's own promise counts instead),
    # then: {fire: transition, after: 3} (by itself, three working days after the end)
  answered: {title: {fr: …, en: …}, final: true}
transitions:
  answer:
    {title: {fr: …, en: …}, from: received, to: answered, roles: [officer], guards: [with-reason], notices: {…}}
"""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.kernel.actions import Impossible
from maillage.kernel.processes.document import (
    FIRING,
    OPENING,
    Deadline,
    Definition,
    NoticeTo,
    Opening,
    State,
    Then,
    Transition,
    Words,
)
from maillage.kernel.processes.guards import GUARDS
from maillage.kernel.processes.plain_yaml import Path, Unreadable, read
from maillage.kernel.processes.working_days import UnknownPlace, WorkingDays

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_MOST_DAYS = 500
_MOST_STATES = 60
_TOP = {"process", "title", "country", "region", "opening", "states", "transitions"}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong on a line (from 1), and what to do."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class BadDefinition(Impossible):
    """A text that is no definition, with all its faults in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def from_text(text: str) -> Definition:
    """The definition that a YAML text gives. Raises `BadDefinition`."""
    try:
        document, lines = read(text)
    except Unreadable as error:
        raise BadDefinition([Fault(error.line, str(error))]) from error
    reader = _Reader(lines)
    definition = reader.definition(document)
    if reader.faults:
        raise BadDefinition(reader.faults)
    return definition


def from_document(document: dict[str, Any]) -> Definition:
    """The definition of a stored document. A guard that is no longer registered stays in it, and refuses."""
    return _Reader({}, stored=True).definition(document)


class _Reader:
    """Reads one document and collects what is wrong with it, so that all is said at once."""

    def __init__(self, lines: dict[Path, int], *, stored: bool = False) -> None:
        self.lines, self.stored = lines, stored
        self.faults: list[Fault] = []

    def fault(self, path: Path, message: str) -> None:
        """Note a fault on the line of a path, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        self.faults.append(Fault(self.lines.get(path, 1), message))

    def definition(self, document: Any) -> Definition:
        top = self.mapping(document, (), _TOP, optional={"country", "region"})
        states = dict(self.states(top.get("states")))
        country, region = self.place(top)
        found = Definition(
            name=self.name(top.get("process"), ("process",)),
            title=self.words(top, ()),
            country=country,
            region=region,
            opening=self.opening(top.get("opening"), states),
            states=states,
            transitions=dict(self.transitions(top.get("transitions"), states)),
            document=top,
        )
        if not self.faults:
            self.check_ways(found)
        return found

    def states(self, value: Any) -> Iterator[tuple[str, State]]:
        items = self.named(value, ("states",))
        if len(items) > _MOST_STATES:
            self.fault(("states",), _("There are more than %s states; make two processes of it.") % _MOST_STATES)
        for name, item in items.items():
            path: Path = ("states", name)
            self.name(name, path)
            given = self.mapping(item, path, {"title", "final", "deadline"}, optional={"final", "deadline"})
            final = self.yes_or_no(given.get("final"), (*path, "final"))
            deadline = self.deadline(given["deadline"], (*path, "deadline")) if given.get("deadline") else None
            if final and deadline:
                self.fault((*path, "deadline"), _("A final state has no deadline; remove it."))
            yield name, State(name, self.words(given, path), final, deadline)

    def deadline(self, value: Any, path: Path) -> Deadline:
        optional = {"remind_before", "remind_after", "remind", "from", "own", "then"}
        given = self.mapping(value, path, {"working_days", *optional}, optional=optional)
        days = self.days(given.get("working_days"), (*path, "working_days"))
        before = self.several_days(given.get("remind_before"), (*path, "remind_before"))
        after = self.several_days(given.get("remind_after"), (*path, "remind_after"))
        if any(one > days for one in before):
            self.fault((*path, "remind_before"), _("A reminder would come before the delay begins; remind later."))
        roles = self.choices(given.get("remind"), (*path, "remind"), FIRING) if given.get("remind") else ()
        if (before or after) and not roles:
            self.fault(path, _("Say who is reminded: “remind: [officer]”."))
        return Deadline(
            days,
            before,
            after,
            roles,
            since_opening=self.choice(given.get("from"), (*path, "from"), ("opening",)) == "opening",
            own=self.yes_or_no(given.get("own"), (*path, "own")),
            then=self.then(given["then"], (*path, "then")) if given.get("then") else None,
        )

    def then(self, value: Any, path: Path) -> Then:
        given = self.mapping(value, path, {"fire", "after"}, optional={"after"})
        return Then(self.name(given.get("fire"), (*path, "fire")), self.days(given.get("after") or 0, (*path, "after")))

    def opening(self, value: Any, states: Collection[str]) -> Opening:
        path: Path = ("opening",)
        given = self.mapping(value, path, {"state", "roles", "notices"}, optional={"notices"})
        return Opening(
            state=self.choice(given.get("state"), (*path, "state"), states),
            roles=self.choices(given.get("roles"), (*path, "roles"), OPENING),
            notices=tuple(self.notices(given.get("notices"), (*path, "notices"))),
        )

    def transitions(self, value: Any, states: Collection[str]) -> Iterator[tuple[str, Transition]]:
        optional = {"guards", "notices"}
        for name, item in self.named(value, ("transitions",)).items():
            path: Path = ("transitions", name)
            self.name(name, path)
            given = self.mapping(item, path, {"title", "from", "to", "roles", *optional}, optional=optional)
            yield (
                name,
                Transition(
                    name=name,
                    title=self.words(given, path),
                    sources=self.choices(given.get("from"), (*path, "from"), states),
                    target=self.choice(given.get("to"), (*path, "to"), states),
                    roles=self.choices(given.get("roles"), (*path, "roles"), FIRING),
                    guards=self.guards(given.get("guards") or [], (*path, "guards")),
                    notices=tuple(self.notices(given.get("notices"), (*path, "notices"))),
                ),
            )

    def guards(self, value: Any, path: Path) -> tuple[str, ...]:
        """Of a stored document every guard is kept: one that is gone must refuse, not let everybody pass."""
        known = GUARDS if not self.stored else value if isinstance(value, list) else [value]
        return self.choices(value, path, known, some=False)

    def notices(self, value: Any, path: Path) -> Iterator[NoticeTo]:
        for name, roles in (self.named(value, path) if value else {}).items():
            yield NoticeTo(self.name(name, (*path, name)), self.choices(roles, (*path, name), OPENING))

    def check_ways(self, definition: Definition) -> None:
        """Each state can be reached, and each that is not final can be left."""
        reached, found = {definition.opening.state}, {definition.opening.state}
        while found:
            found = {way.target for state in found for way in definition.leaving(state)} - reached
            reached |= found
        for name, state in definition.states.items():
            path: Path = ("states", name)
            if name not in reached:
                self.fault(path, _("No transition leads to “%s”; add one or remove the state.") % name)
            if not state.final and not any(definition.leaving(name)):
                self.fault(path, _("Nothing leads out of “%s”; add a transition or say “final: yes”.") % name)
            then = state.deadline.then if state.deadline else None
            if then:
                self.check_then(then, definition, name)

    def check_then(self, then: Then, definition: Definition, state: str) -> None:
        """A case goes on by itself only where nobody must say or do anything for it."""
        path: Path = ("states", state, "deadline", "then")
        way = next((one for one in definition.leaving(state) if one.name == then.fire), None)
        if way is None:
            self.fault(path, _("“%s” does not lead out of this state.") % then.fire)
        elif way.guards:
            told = _("“%(way)s” asks for “%(guard)s”, which a case that goes on by itself does not have.")
            self.fault(path, told % {"way": then.fire, "guard": way.guards[0]})

    # The small parts.

    def mapping(self, value: Any, path: Path, keys: set[str], *, optional: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fault(path, _("Expected here: %s.") % ", ".join(f"{key}:" for key in sorted(keys)))
            return {}
        for key in value:
            if key not in keys:
                self.fault((*path, key), _("“%(word)s” is not known here; use %(known)s.") % _near(key, keys))
        for key in sorted(keys - optional - set(value)):
            self.fault(path, _("“%s:” is missing; add it.") % key)
        return value

    def named(self, value: Any, path: Path) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            self.fault(path, _("Expected here: names, each with what it stands for."))
            return {}
        return value

    def name(self, value: Any, path: Path) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            self.fault(path, _("“%s” is no name; use small letters, digits and hyphens.") % value)
            return ""
        return value

    def words(self, holder: dict[str, Any], path: Path) -> Words:
        given = holder.get("title")
        path = (*path, "title")
        if not isinstance(given, dict):
            if "title" in holder:
                self.fault(path, _("Give the title in both languages: {fr: …, en: …}."))
            return Words("", "")
        given = self.mapping(given, path, {"fr", "en"}, optional=set())
        for language, text in given.items():
            if not isinstance(text, str) or not 0 < len(text.strip()) <= 120:
                self.fault((*path, language), _("A title is a text of 1 to 120 characters."))
        return Words(str(given.get("fr", "")).strip(), str(given.get("en", "")).strip())

    def choice(self, value: Any, path: Path, known: Collection[str]) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or value not in known:
            self.fault(path, _("“%(word)s” is not known here; use %(known)s.") % _near(value, known))
            return ""
        return value

    def choices(self, value: Any, path: Path, known: Collection[str], *, some: bool = True) -> tuple[str, ...]:
        """One word or a list of words, each of which must be known."""
        words = value if isinstance(value, list) else [] if value is None else [value]
        if some and not words and value is not None:
            self.fault(path, _("The list is empty; name at least one."))
        chosen = (self.choice(word, (*path, number), known) for number, word in enumerate(words))
        return tuple(dict.fromkeys(word for word in chosen if word))

    def days(self, value: Any, path: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
            self.fault(path, _("Expected here: a whole number of working days, from 0 to %s.") % _MOST_DAYS)
            return 0
        return value

    def several_days(self, value: Any, path: Path) -> tuple[int, ...]:
        items = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(sorted({self.days(item, (*path, number)) for number, item in enumerate(items)}))

    def yes_or_no(self, value: Any, path: Path) -> bool:
        if value not in (None, True, False):
            self.fault(path, _("Expected here: yes or no."))
        return value is True

    def place(self, top: dict[str, Any]) -> tuple[str, str]:
        country, region = str(top.get("country") or "FR"), str(top.get("region") or "")
        try:
            WorkingDays(country, region).check()
        except UnknownPlace as error:
            key = "region" if region else "country"
            self.fault((key,), _("No holidays are known for “%s”; give an ISO code such as FR, and a region such as "
                                 "Alsace-Moselle, 971 or 974.") % error)  # fmt: skip
            return "FR", ""
        return country, region


def _near(word: Any, known: Collection[str]) -> dict[str, str]:
    """A word and what it may have meant: the nearest that is known, else all."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return {"word": str(word)[:60], "known": "“" + (close[0] if close else ", ".join(sorted(known)[:30])) + "”"}
