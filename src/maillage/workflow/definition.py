"""A definition as a value: its states, transitions and deadlines. Made from a document by `reading`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from maillage.core.actors import MANDATED_ROLES, OFFICER, READER, SYSTEM_ROLE
from maillage.documents.bilingual_text import BilingualText

# Whoever may open a case; a reader is anybody. A transition is for those who are somebody.
OPENING_ROLES = (READER, OFFICER, *MANDATED_ROLES, SYSTEM_ROLE)
TRANSITION_ROLES = (OFFICER, *MANDATED_ROLES, SYSTEM_ROLE)


@dataclass(frozen=True, slots=True)
class NoticeRecipients:
    """A notice by its name, and the roles that get it."""

    name: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AutomaticTransition:
    """A transition that is fired by itself, some working days after the end of a delay."""

    transition: str
    after: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A delay in working days; reminders by the working days before and after its end, and the roles that get them.

    It runs from the moment the case enters the state or, `since_opening`, from that of its opening, whatever state it
    is in. `own` says that the delay which an organisation has promised for its cases takes the place of this one.
    """

    working_days: int
    remind_before: tuple[int, ...] = ()
    remind_after: tuple[int, ...] = ()
    remind: tuple[str, ...] = ()
    since_opening: bool = False
    own: bool = False
    then: AutomaticTransition | None = None

    @property
    def offsets(self) -> list[int]:
        """The reminders as working days from the end of the delay, in their order: `[-3, 0, 5]`."""
        return sorted({*(-days for days in self.remind_before), *self.remind_after})


@dataclass(frozen=True, slots=True)
class CaseState:
    name: str
    title: BilingualText
    final: bool = False
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    name: str
    title: BilingualText
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    guards: tuple[str, ...] = ()
    notices: tuple[NoticeRecipients, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a case begins, who may open one, and who is told."""

    state: str
    roles: tuple[str, ...]
    notices: tuple[NoticeRecipients, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a process. `document` is the same as plain data, as it is stored."""

    name: str
    title: BilingualText
    country: str
    region: str
    opening: Opening
    states: dict[str, CaseState]
    transitions: dict[str, Transition]
    document: dict[str, Any] = field(compare=False)

    def leaving(self, state: str) -> Iterator[Transition]:
        """The transitions out of a state, in the order of the document."""
        return (one for one in self.transitions.values() if state in one.sources)

    def waits_for(self, state: str) -> list[str]:
        """The roles that can take a case on from a state; nobody once it is final."""
        if self.states[state].final:
            return []
        return sorted({role for one in self.leaving(state) for role in one.roles})
