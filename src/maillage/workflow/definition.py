"""The schema of a process definition: states, transitions and deadlines.

`maillage.workflow.parser` describes the YAML.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from maillage.core.actors import MANDATED_ROLES, OFFICER, READER, SYSTEM_ROLE
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.document_model import DocumentModel, DocumentPart, Inconsistencies
from maillage.documents.faults import unknown_word_message
from maillage.documents.field_types import (
    Bilingual,
    Key,
    Name,
    Named,
    OneOf,
    OneOfKeys,
    OneOrMany,
    Pairs,
    PlainText,
    ReadingContext,
    SortedNumbers,
    YesNo,
    checking_context,
    invalid,
    whole_number,
)
from maillage.documents.plain_yaml import DocumentPath
from maillage.workflow.guards import GUARDS
from maillage.workflow.working_days import UnknownPlaceError, WorkingDays

# The roles that may open a case, or apply a transition. `READER` is everybody, also without an account.
OPENING_ROLES = (READER, OFFICER, *MANDATED_ROLES, SYSTEM_ROLE)
TRANSITION_ROLES = (OFFICER, *MANDATED_ROLES, SYSTEM_ROLE)
_MAX_STATES = 60


@dataclass(frozen=True, slots=True)
class NoticeRecipients:
    """A notice by its name, and the roles that get it."""

    name: str
    to: tuple[str, ...]


def _counts_from_opening(value: object) -> bool:
    if value in (True, False):
        return bool(value)
    if value != "opening":
        raise invalid(unknown_word_message(value, ("opening",)))
    return True


Title = Annotated[BilingualText, Bilingual(120)]
WorkingDayCount = Annotated[int, whole_number(0, 500)]
WorkingDayCounts = Annotated[tuple[WorkingDayCount, ...], OneOrMany(may_be_empty=True), SortedNumbers]
OpeningRoles = Annotated[tuple[Annotated[str, OneOf(OPENING_ROLES)], ...], OneOrMany()]
TransitionRoles = Annotated[tuple[Annotated[str, OneOf(TRANSITION_ROLES)], ...], OneOrMany()]
StateName = Annotated[str, OneOfKeys("states")]
Notices = Annotated[tuple[NoticeRecipients, ...], Pairs(NoticeRecipients, Name, OpeningRoles)]
CountsFromOpening = Annotated[bool, BeforeValidator(_counts_from_opening), WithJsonSchema({"enum": ["opening"]})]


class AutomaticTransition(DocumentPart):
    """A transition that is applied without anybody's action, some working days after the end of a delay."""

    transition: Name = Field(validation_alias="fire", description="The transition to apply.")
    otherwise: Name | None = Field(default=None, description="The transition to apply where a guard refuses that one.")
    after: WorkingDayCount = Field(default=0, description="Working days after the end of the delay.")

    @property
    def in_order(self) -> list[str]:
        """The names of the transitions to try, the first that is allowed counts."""
        return [self.transition, *([self.otherwise] if self.otherwise else [])]


class Deadline(DocumentPart):
    """A delay in working days, with its reminders.

    It runs from the moment the case enters the state or, with `since_opening`, from its opening. With `own`, a delay
    that an organisation promised for its cases replaces `working_days`.
    """

    working_days: WorkingDayCount = Field(description="The length of the delay.")
    remind_before: WorkingDayCounts = Field(default=(), description="Reminders: working days before the end.")
    remind_after: WorkingDayCounts = Field(default=(), description="Reminders: working days after the end.")
    remind: TransitionRoles = Field(default=(), description="The roles that get the reminders.")
    since_opening: CountsFromOpening = Field(
        default=False, validation_alias="from", description="“opening”: the delay runs from the opening of the case."
    )
    own: YesNo = Field(default=False, description="Whether the delay that an organisation promised counts instead.")
    then: AutomaticTransition | None = None

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if any(days > self.working_days for days in self.remind_before):
            yield ("remind_before",), _("A reminder would come before the delay begins; remind later.")
        if (self.remind_before or self.remind_after) and not self.remind:
            yield (), _("Say who is reminded: “remind: [officer]”.")

    @property
    def offsets(self) -> list[int]:
        """The reminders as working days from the end of the delay, sorted: `[-3, 0, 5]`."""
        return sorted({*(-days for days in self.remind_before), *self.remind_after})


class CaseState(DocumentPart):
    """A state of a case."""

    name: Key
    title: Title
    final: YesNo = Field(default=False, description="Whether a case ends here.")
    stops_clock: YesNo = Field(
        default=False, description="Whether delays that run from the opening of the case stand still here."
    )
    deadline: Deadline | None = None

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.final and self.deadline:
            yield ("deadline",), _("A final state has no deadline; remove it.")


class Transition(DocumentPart):
    """A transition of a case from one of its `sources` to its `target`."""

    name: Key
    title: Title
    sources: Annotated[tuple[StateName, ...], OneOrMany()] = Field(
        validation_alias="from", description="The states from which it leads."
    )
    target: StateName = Field(validation_alias="to", description="The state to which it leads.")
    roles: TransitionRoles = Field(description="The roles that may apply it.")
    guards: Annotated[tuple[Annotated[str, OneOf(GUARDS)], ...], OneOrMany(may_be_empty=True)] = Field(
        default=(), description="Conditions under which it may be applied."
    )
    notices: Notices = Field(default=(), description="Notices sent, each with the roles that get it.")


class Opening(DocumentPart):
    """The first state of a case, who may open one, and who is notified."""

    state: StateName
    roles: OpeningRoles = Field(description="The roles that may open a case.")
    notices: Notices = Field(default=(), description="Notices sent, each with the roles that get it.")


class Definition(DocumentModel):
    """One version of a process."""

    name: Name = Field(validation_alias="process", description="The name of the process.")
    title: Title
    country: PlainText = Field(
        default="FR", description="The country whose working days count (ISO 3166, two letters)."
    )
    region: PlainText = Field(default="", description="A region with holidays of its own: Alsace-Moselle, 971, 974 …")
    opening: Opening
    states: Annotated[dict[str, CaseState], Named()]
    transitions: Annotated[dict[str, Transition], Named()]

    @field_validator("country", "region")
    @classmethod
    def _has_calendar(cls, value: str, info: ValidationInfo) -> str:
        if checking_context(info):
            country, region = (info.data.get("country", "FR"), value) if info.field_name == "region" else (value, "")
            try:
                WorkingDays(country, region).check()
            except UnknownPlaceError as error:
                raise invalid(_("No holidays are known for “%s”; give an ISO code such as FR, and a region such as "
                                "Alsace-Moselle, 971 or 974.") % error) from error  # fmt: skip
        return value

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        """Each state can be reached, and each that is not final can be left."""
        if len(self.states) > _MAX_STATES:
            yield ("states",), _("There are more than %s states; make two processes of it.") % _MAX_STATES
        reached = self._reachable_states()
        for name, state in self.states.items():
            path: DocumentPath = ("states", name)
            if name not in reached:
                yield path, _("No transition leads to “%s”; add one or remove the state.") % name
            if not state.final and not any(self.leaving(name)):
                yield path, _("Nothing leads out of “%s”; add a transition or say “final: yes”.") % name
            if state.deadline and state.deadline.then:
                for message in self._faults_of_automatic(state.deadline.then, name):
                    yield (*path, "deadline", "then"), message

    def _reachable_states(self) -> set[str]:
        reached, newest = {self.opening.state}, {self.opening.state}
        while newest:
            newest = {transition.target for state in newest for transition in self.leaving(state)} - reached
            reached |= newest
        return reached

    def _faults_of_automatic(self, automatic: AutomaticTransition, state: str) -> Iterator[str]:
        """Yield what is wrong with an automatic transition: it must leave the state; the last one has no guards."""
        leaving = {transition.name: transition for transition in self.leaving(state)}
        names = automatic.in_order
        for name in names:
            transition = leaving.get(name)
            if transition is None:
                yield _("“%s” does not lead out of this state.") % name
            elif transition.guards and name == names[-1]:
                message = _("“%(transition)s” asks for “%(guard)s”, which a case that goes on by itself does not have.")
                yield message % {"transition": name, "guard": transition.guards[0]}

    def leaving(self, state: str) -> Iterator[Transition]:
        """The transitions out of a state, in the order of the document."""
        return (transition for transition in self.transitions.values() if state in transition.sources)

    def waits_for(self, state: str) -> list[str]:
        """The roles that can apply a transition from a state, sorted; empty for a final state."""
        if self.states[state].final:
            return []
        return sorted({role for transition in self.leaving(state) for role in transition.roles})
