"""In whose name the database is read: session settings from which `core.security.row_policies` decides.

Nothing set means the public. A request, an action, a job or a command opens the scope it needs and leaves it again:

    with actor_scope(actor): …        # what this actor may read
    with read_everything(): …         # the system itself: to build an index, to learn who somebody is

The scope of a connection is remembered beside it, so that a visitor who is not signed in costs no question.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from maillage.core.actors import Actor

READS_SETTING, WRITES_SETTING, REACH_SETTING, NETWORK_SETTING, PERSON_SETTING = (
    f"maillage.{name}" for name in ("reads", "writes", "reach", "network", "person")
)
_SET_SCOPE = ", ".join(
    f"set_config('{name}', %s, %s)"
    for name in (READS_SETTING, WRITES_SETTING, REACH_SETTING, NETWORK_SETTING, PERSON_SETTING)
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the policies know: whether all is read, whether an action writes, whose organisations, which person."""

    reads_all: bool = False
    writes: bool = False
    reach: frozenset[int] = frozenset()
    network: frozenset[int] = frozenset()
    person: int | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        """What an actor may read."""
        if actor.is_officer:
            return cls(reads_all=True, person=actor.user_id)
        return cls(reach=actor.reach, network=actor.network | actor.reach, person=actor.user_id)

    def values(self) -> list[str]:
        """The settings, in the order of `_SET_SCOPE`."""
        person = str(self.person) if self.person else ""
        return ["all" * self.reads_all, "on" * self.writes, _array(self.reach), _array(self.network), person]


PUBLIC_SCOPE = Scope()
READ_EVERYTHING_SCOPE = Scope(reads_all=True)
# An action has checked the mandate: what it writes may meet records that the actor does not see.
ACTION_SCOPE = Scope(reads_all=True, writes=True)


def _array(ids: frozenset[int]) -> str:
    return f"{{{','.join(map(str, sorted(ids)))}}}" if ids else ""


# The scope of each connection to the server, kept on the connection itself so that a new one begins as the public.
_SCOPE_ATTRIBUTE = "maillage_scope"
_default_scope = PUBLIC_SCOPE


def current_scope() -> Scope | None:
    """The scope of the connection, or of the one that the next question makes; nothing where it cannot be told."""
    raw = connection.connection
    return getattr(raw, _SCOPE_ATTRIBUTE, PUBLIC_SCOPE) if raw is not None else _default_scope


def actor_scope(actor: Actor) -> "contextlib.AbstractContextManager[None]":
    """Read as this actor."""
    return use_scope(Scope.of(actor))


def read_everything() -> "contextlib.AbstractContextManager[None]":
    """Read all there is, whoever asks; for what the system itself must know. Nothing can be written."""
    return use_scope(READ_EVERYTHING_SCOPE)


@contextlib.contextmanager
def use_scope(wanted: Scope, *, local: bool = False) -> Iterator[None]:
    """Read (and write) in a scope; a `local` one ends with the transaction at the latest."""
    before = current_scope() or PUBLIC_SCOPE
    apply_scope(wanted, local=local)
    try:
        yield
    finally:
        _restore_scope(before, local)


def apply_scope(wanted: Scope, *, local: bool = False) -> None:
    """Give the connection its scope, without asking where it has it already."""
    if current_scope() == wanted:
        return
    with connection.cursor() as cursor:
        _remember_scope(None)
        values = [each for value in wanted.values() for each in (value, local)]
        # The driver's own cursor: these are no queries of the page.
        cursor.cursor.execute(f"SELECT {_SET_SCOPE}", values)
    _remember_scope(wanted)


def _restore_scope(before: Scope, local: bool) -> None:
    raw: Any = connection.connection
    if raw is None or raw.closed:
        return
    if raw.info.transaction_status == TransactionStatus.INERROR:
        # The transaction is lost; undoing it also puts back the settings it began with.
        _remember_scope(before)
        return
    apply_scope(before, local=local)


def _remember_scope(scope: Scope | None) -> None:
    setattr(connection.connection, _SCOPE_ATTRIBUTE, scope)


def set_default_scope(scope: Scope) -> None:
    """Give every connection of this process a scope to begin with: commands and the worker serve nobody."""
    global _default_scope
    _default_scope = scope
    connection_created.connect(_apply_default_scope, dispatch_uid="maillage.scope")
    if connection.connection is not None:
        apply_scope(scope)


def _apply_default_scope(**_: Any) -> None:
    apply_scope(_default_scope)
