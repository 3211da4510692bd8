"""Who acts. An actor is a value: a page, a command or a job makes one and hands it to actions and queries."""

from dataclasses import dataclass

OFFICER = "officer"
SYSTEM_ROLE = "system"
READER = "reader"


@dataclass(frozen=True, slots=True)
class Actor:
    name: str
    roles: frozenset[str] = frozenset({READER})
    user_id: int | None = None

    @property
    def is_officer(self) -> bool:
        return bool(self.roles & {OFFICER, SYSTEM_ROLE})


PUBLIC = Actor(name="public")
SYSTEM = Actor(name="maillage", roles=frozenset({SYSTEM_ROLE}))
