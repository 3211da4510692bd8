"""The scope of a database connection: session settings that the policies of `core.security.row_policies` read.

Without settings the connection reads as the public. A request, an action, a job or a command enters the scope it needs
and leaves it afterwards:

    with actor_scope(actor): …        # the records this actor may read
    with read_everything(): …         # for the system itself: to build an index, to identify a user

The scope of a connection is remembered on it, so that a visitor who is not signed in costs no query.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from maillage.core.actors import Actor

_SETTINGS = READS_SETTING, WRITES_SETTING, REACH_SETTING, NETWORK_SETTING, PERSON_SETTING, ROLE_SETTING = tuple(
    f"maillage.{name}" for name in ("reads", "writes", "reach", "network", "person", "role")
)
_SET_SCOPE = ", ".join(f"set_config('{name}', %s, %s)" for name in _SETTINGS)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the policies decide from.

    `reach` and `network` are ids of organisations, `person` the id of a user, `role` that of the mandate in use.
    """

    reads_all: bool = False
    writes: bool = False
    reach: frozenset[int] = frozenset()
    network: frozenset[int] = frozenset()
    person: int | None = None
    role: str = ""

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        """The scope in which an actor reads."""
        if actor.is_officer:
            return cls(reads_all=True, person=actor.user_id)
        role = actor.acting.role if actor.acting else ""
        return cls(reach=actor.reach, network=actor.network | actor.reach, person=actor.user_id, role=role)

    def values(self) -> list[str]:
        """The values of the settings, in the order of `_SET_SCOPE`."""
        person = str(self.person) if self.person else ""
        reads, writes = "all" * self.reads_all, "on" * self.writes
        return [reads, writes, _array(self.reach), _array(self.network), person, self.role]


PUBLIC_SCOPE = Scope()
READ_EVERYTHING_SCOPE = Scope(reads_all=True)
# An action has checked the mandate; it may meet records that the actor does not see.
ACTION_SCOPE = Scope(reads_all=True, writes=True)


def _array(ids: frozenset[int]) -> str:
    return f"{{{','.join(map(str, sorted(ids)))}}}" if ids else ""


# Attribute of the driver's connection that holds its scope, so that a new connection begins with the default scope.
_SCOPE_ATTRIBUTE = "maillage_scope"
_default_scope = PUBLIC_SCOPE


def current_scope() -> Scope | None:
    """The scope of the open connection, or of the one that the next query opens; `None` if it is not known."""
    raw = connection.connection
    return getattr(raw, _SCOPE_ATTRIBUTE, PUBLIC_SCOPE) if raw is not None else _default_scope


def actor_scope(actor: Actor) -> "contextlib.AbstractContextManager[None]":
    """Read as this actor within the block."""
    return use_scope(Scope.of(actor))


def read_everything() -> "contextlib.AbstractContextManager[None]":
    """Read every record within the block, for the needs of the system itself. Nothing can be written."""
    return use_scope(READ_EVERYTHING_SCOPE)


@contextlib.contextmanager
def use_scope(wanted: Scope, *, local: bool = False) -> Iterator[None]:
    """Read, and write if it allows that, in a scope; a `local` scope ends with the transaction at the latest."""
    previous = current_scope() or PUBLIC_SCOPE
    apply_scope(wanted, local=local)
    try:
        yield
    finally:
        _restore_scope(previous, local)


def apply_scope(wanted: Scope, *, local: bool = False) -> None:
    """Set the scope of the connection, without a query if it has that scope already."""
    if current_scope() == wanted:
        return
    with connection.cursor() as cursor:
        _remember_scope(None)
        parameters = [parameter for value in wanted.values() for parameter in (value, local)]
        # The driver's own cursor, so that this is not counted among the queries of the page.
        cursor.cursor.execute(f"SELECT {_SET_SCOPE}", parameters)
    _remember_scope(wanted)


def _restore_scope(previous: Scope, local: bool) -> None:
    raw: Any = connection.connection  # Any: the connection of the driver below Django
    if raw is None or raw.closed:
        return
    if raw.info.transaction_status == TransactionStatus.INERROR:
        # The transaction has failed; its rollback restores the settings it began with.
        _remember_scope(previous)
        return
    apply_scope(previous, local=local)


def _remember_scope(scope: Scope | None) -> None:
    setattr(connection.connection, _SCOPE_ATTRIBUTE, scope)


def set_default_scope(scope: Scope) -> None:
    """Set the scope in which every connection of this process begins; for commands and the worker."""
    global _default_scope  # noqa: PLW0603 - set once per process
    _default_scope = scope
    connection_created.connect(_apply_default_scope, dispatch_uid="maillage.scope")
    if connection.connection is not None:
        apply_scope(scope)


def _apply_default_scope(**_: object) -> None:
    apply_scope(_default_scope)
