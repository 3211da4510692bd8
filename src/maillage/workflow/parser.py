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

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _

from maillage.documents.document_reader import DocumentReader
from maillage.documents.plain_yaml import DocumentPath
from maillage.workflow.definition import (
    OPENING_ROLES,
    TRANSITION_ROLES,
    AutomaticTransition,
    CaseState,
    Deadline,
    Definition,
    NoticeRecipients,
    Opening,
    Transition,
)
from maillage.workflow.guards import GUARDS
from maillage.workflow.working_days import UnknownPlaceError, WorkingDays

_MOST_DAYS = 500
_MOST_STATES = 60
_TOP = {"process", "title", "country", "region", "opening", "states", "transitions"}


def parse_definition(text: str) -> Definition:
    """The definition that a YAML text gives. Raises `InvalidDocumentError`."""
    return _DefinitionReader.from_text(text, _DefinitionReader.definition)


def definition_from_document(document: dict[str, Any]) -> Definition:
    """The definition of a stored document. A guard that is no longer registered stays in it, and refuses."""
    return _DefinitionReader().definition(document)


class _DefinitionReader(DocumentReader):
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

    def states(self, value: Any) -> Iterator[tuple[str, CaseState]]:
        items = self.named(value, ("states",))
        if len(items) > _MOST_STATES:
            self.fault(("states",), _("There are more than %s states; make two processes of it.") % _MOST_STATES)
        for name, item in items.items():
            path: DocumentPath = ("states", name)
            self.name(name, path)
            given = self.mapping(item, path, {"title", "final", "deadline"}, optional={"final", "deadline"})
            final = self.yes_or_no(given.get("final"), (*path, "final"))
            deadline = self.deadline(given["deadline"], (*path, "deadline")) if given.get("deadline") else None
            if final and deadline:
                self.fault((*path, "deadline"), _("A final state has no deadline; remove it."))
            yield name, CaseState(name, self.words(given, path), final, deadline)

    def deadline(self, value: Any, path: DocumentPath) -> Deadline:
        optional = {"remind_before", "remind_after", "remind", "from", "own", "then"}
        given = self.mapping(value, path, {"working_days", *optional}, optional=optional)
        days = self.days(given.get("working_days"), (*path, "working_days"))
        before = self.several_days(given.get("remind_before"), (*path, "remind_before"))
        after = self.several_days(given.get("remind_after"), (*path, "remind_after"))
        if any(one > days for one in before):
            self.fault((*path, "remind_before"), _("A reminder would come before the delay begins; remind later."))
        roles = self.choices(given.get("remind"), (*path, "remind"), TRANSITION_ROLES) if given.get("remind") else ()
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

    def then(self, value: Any, path: DocumentPath) -> AutomaticTransition:
        given = self.mapping(value, path, {"fire", "after"}, optional={"after"})
        return AutomaticTransition(
            self.name(given.get("fire"), (*path, "fire")), self.days(given.get("after") or 0, (*path, "after"))
        )

    def opening(self, value: Any, states: Collection[str]) -> Opening:
        path: DocumentPath = ("opening",)
        given = self.mapping(value, path, {"state", "roles", "notices"}, optional={"notices"})
        return Opening(
            state=self.choice(given.get("state"), (*path, "state"), states),
            roles=self.choices(given.get("roles"), (*path, "roles"), OPENING_ROLES),
            notices=tuple(self.notices(given.get("notices"), (*path, "notices"))),
        )

    def transitions(self, value: Any, states: Collection[str]) -> Iterator[tuple[str, Transition]]:
        optional = {"guards", "notices"}
        for name, item in self.named(value, ("transitions",)).items():
            path: DocumentPath = ("transitions", name)
            self.name(name, path)
            given = self.mapping(item, path, {"title", "from", "to", "roles", *optional}, optional=optional)
            yield (
                name,
                Transition(
                    name=name,
                    title=self.words(given, path),
                    sources=self.choices(given.get("from"), (*path, "from"), states),
                    target=self.choice(given.get("to"), (*path, "to"), states),
                    roles=self.choices(given.get("roles"), (*path, "roles"), TRANSITION_ROLES),
                    guards=self.guards(given.get("guards") or [], (*path, "guards")),
                    notices=tuple(self.notices(given.get("notices"), (*path, "notices"))),
                ),
            )

    def guards(self, value: Any, path: DocumentPath) -> tuple[str, ...]:
        """Of a stored document every guard is kept: one that is gone must refuse, not let everybody pass."""
        known = GUARDS if not self.stored else value if isinstance(value, list) else [value]
        return self.choices(value, path, known, some=False)

    def notices(self, value: Any, path: DocumentPath) -> Iterator[NoticeRecipients]:
        for name, roles in (self.named(value, path) if value else {}).items():
            yield NoticeRecipients(self.name(name, (*path, name)), self.choices(roles, (*path, name), OPENING_ROLES))

    def check_ways(self, definition: Definition) -> None:
        """Each state can be reached, and each that is not final can be left."""
        reached, found = {definition.opening.state}, {definition.opening.state}
        while found:
            found = {way.target for state in found for way in definition.leaving(state)} - reached
            reached |= found
        for name, state in definition.states.items():
            path: DocumentPath = ("states", name)
            if name not in reached:
                self.fault(path, _("No transition leads to “%s”; add one or remove the state.") % name)
            if not state.final and not any(definition.leaving(name)):
                self.fault(path, _("Nothing leads out of “%s”; add a transition or say “final: yes”.") % name)
            then = state.deadline.then if state.deadline else None
            if then:
                self.check_then(then, definition, name)

    def check_then(self, then: AutomaticTransition, definition: Definition, state: str) -> None:
        """A case goes on by itself only where nobody must say or do anything for it."""
        path: DocumentPath = ("states", state, "deadline", "then")
        way = next((one for one in definition.leaving(state) if one.name == then.transition), None)
        if way is None:
            self.fault(path, _("“%s” does not lead out of this state.") % then.transition)
        elif way.guards:
            told = _("“%(way)s” asks for “%(guard)s”, which a case that goes on by itself does not have.")
            self.fault(path, told % {"way": then.transition, "guard": way.guards[0]})

    # Small parts of its own.

    def days(self, value: Any, path: DocumentPath) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
            self.fault(path, _("Expected here: a whole number of working days, from 0 to %s.") % _MOST_DAYS)
            return 0
        return value

    def several_days(self, value: Any, path: DocumentPath) -> tuple[int, ...]:
        items = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(sorted({self.days(item, (*path, number)) for number, item in enumerate(items)}))

    def place(self, top: dict[str, Any]) -> tuple[str, str]:
        country, region = str(top.get("country") or "FR"), str(top.get("region") or "")
        try:
            WorkingDays(country, region).check()
        except UnknownPlaceError as error:
            key = "region" if region else "country"
            self.fault((key,), _("No holidays are known for “%s”; give an ISO code such as FR, and a region such as "
                                 "Alsace-Moselle, 971 or 974.") % error)  # fmt: skip
            return "FR", ""
        return country, region
