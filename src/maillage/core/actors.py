"""Who acts. An actor is a value: a page, a command or a job makes one and hands it to actions and queries."""

import datetime as dt
from dataclasses import dataclass, field

READER = "reader"
SYSTEM_ROLE = "system"
# The officer of the site, who runs it; the roles below are given for one organisation, by a mandate.
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
    """The mandate an actor uses now: one role for one organisation, up to a last day.

    `reach` are the organisations it opens: its own, and those whose tie to it says so. `network` are the organisations
    that share a network with it, whose records of visibility *network* it may read.
    """

    mandate_id: int
    role: str
    organisation_id: int
    organisation: str
    first_day: dt.date
    last_day: dt.date | None = None
    reach: frozenset[int] = frozenset()
    network: frozenset[int] = frozenset()

    def holds_on(self, day: dt.date) -> bool:
        """Whether the mandate is in force on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system, or the public), with the site's own roles and the mandate in use, if any."""

    name: str
    roles: frozenset[str] = frozenset({READER})
    user_id: int | None = None
    acting: ActiveMandate | None = field(default=None)

    @property
    def is_officer(self) -> bool:
        return bool(self.roles & {OFFICER, SYSTEM_ROLE})

    @property
    def reach(self) -> frozenset[int]:
        """The ids of the organisations in whose name this actor may act, and whose own records it may read."""
        return self.acting.reach if self.acting else frozenset()

    @property
    def network(self) -> frozenset[int]:
        """The ids of the organisations of the same networks."""
        return self.acting.network if self.acting else frozenset()

    def roles_on(self, day: dt.date) -> frozenset[str]:
        """The roles held on a day: the site's own, and that of the mandate while it lasts."""
        if self.acting and self.acting.holds_on(day):
            return self.roles | {self.acting.role}
        return self.roles


# What the history keeps of a person who had the account erased; pages say it in the reader's language.
FORMER_PERSON = "a former person"
PUBLIC = Actor(name="public")
SYSTEM = Actor(name="maillage", roles=frozenset({SYSTEM_ROLE}))
