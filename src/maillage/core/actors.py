"""Actors: immutable values that pages, commands and jobs pass to actions and queries. Roles and active mandates."""

import datetime as dt
from dataclasses import dataclass, field, replace

READER = "reader"
SYSTEM_ROLE = "system"
# The officer runs the site; the roles below are held by a mandate, for one organisation.
OFFICER = "officer"
MANAGER = "manager"
LEAD = "lead"
PILOT = "pilot"
LABEL_OFFICER = "label-officer"
REVIEWER = "reviewer"
CLINICAL = "clinical"
PATIENTS = "patients"
INCUBATOR = "incubator"
REQUESTER = "requester"
MANDATED_ROLES = (MANAGER, LEAD, PILOT, LABEL_OFFICER, REVIEWER, CLINICAL, PATIENTS, INCUBATOR, REQUESTER)


@dataclass(frozen=True, slots=True)
class ActiveMandate:
    """The mandate that an actor uses: one role for one organisation, from a first day to an optional last day.

    `reach` are the ids of the organisations for which it allows actions: its own, and those whose ties extend it.
    `network` are the ids of the organisations of the same networks, whose records of visibility *network* it may read.
    A delegate acts for the person `stands_in_for` (id), named.
    """

    mandate_id: int
    role: str
    organisation_id: int
    organisation: str
    first_day: dt.date
    last_day: dt.date | None = None
    reach: frozenset[int] = frozenset()
    network: frozenset[int] = frozenset()
    stands_in_for_id: int | None = None
    stands_in_for: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the mandate is in force on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, the system or the public, with roles on the site and the mandate in use, if any."""

    name: str
    roles: frozenset[str] = frozenset({READER})
    user_id: int | None = None
    acting: ActiveMandate | None = field(default=None)

    @property
    def is_officer(self) -> bool:
        return bool(self.roles & {OFFICER, SYSTEM_ROLE})

    @property
    def reach(self) -> frozenset[int]:
        """The ids of the organisations for which this actor may act and whose records it may read."""
        return self.acting.reach if self.acting else frozenset()

    @property
    def network(self) -> frozenset[int]:
        """The ids of the organisations of the same networks."""
        return self.acting.network if self.acting else frozenset()

    def roles_on(self, day: dt.date) -> frozenset[str]:
        """The roles on the site, with the role of the mandate if it is in force on `day`."""
        if self.acting and self.acting.holds_on(day):
            return self.roles | {self.acting.role}
        return self.roles


# The name in the history of a person whose account was erased; pages translate it.
FORMER_PERSON = "a former person"
PUBLIC = Actor(name="public")
SYSTEM = Actor(name="maillage", roles=frozenset({SYSTEM_ROLE}))


def without_name(actor: Actor) -> Actor:
    """The actor for what more readers see than may know who it is: with neither name nor mandate."""
    return replace(actor, name=PUBLIC.name, acting=None)
