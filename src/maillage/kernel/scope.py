"""In whose name the database is read: session settings from which its row policies decide (see `kernel.policies`).

Nothing set means the public. A request, an action, a job or a command opens the scope it needs and leaves it again:

    with scope_of(actor): …           # what this actor may read
    with everything(): …              # the system itself: to build an index, to learn who somebody is

The scope of a connection is remembered beside it, so that a visitor who is not signed in costs no question.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from maillage.kernel.actors import Actor

READS, WRITES, REACH, NETWORK, PERSON = (
    f"maillage.{name}" for name in ("reads", "writes", "reach", "network", "person")
)
_SET = ", ".join(f"set_config('{name}', %s, %s)" for name in (READS, WRITES, REACH, NETWORK, PERSON))


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
        """The settings, in the order of `_SET`."""
        person = str(self.person) if self.person else ""
        return ["all" * self.reads_all, "on" * self.writes, _array(self.reach), _array(self.network), person]


PUBLIC_SCOPE = Scope()
READING = Scope(reads_all=True)
# An action has checked the mandate: what it writes may meet records that the actor does not see.
ACTING = Scope(reads_all=True, writes=True)


def _array(ids: frozenset[int]) -> str:
    return f"{{{','.join(map(str, sorted(ids)))}}}" if ids else ""


# The scope of each connection to the server, kept on the connection itself so that a new one begins as the public.
_HELD = "maillage_scope"
_first = PUBLIC_SCOPE


def current() -> Scope | None:
    """The scope of the connection, or of the one that the next question makes; nothing where it cannot be told."""
    raw = connection.connection
    return getattr(raw, _HELD, PUBLIC_SCOPE) if raw is not None else _first


def scope_of(actor: Actor) -> "contextlib.AbstractContextManager[None]":
    """Read as this actor."""
    return opened(Scope.of(actor))


def everything() -> "contextlib.AbstractContextManager[None]":
    """Read all there is, whoever asks; for what the system itself must know. Nothing can be written."""
    return opened(READING)


@contextlib.contextmanager
def opened(wanted: Scope, *, local: bool = False) -> Iterator[None]:
    """Read (and write) in a scope; a `local` one ends with the transaction at the latest."""
    before = current() or PUBLIC_SCOPE
    apply(wanted, local=local)
    try:
        yield
    finally:
        _leave(before, local)


def apply(wanted: Scope, *, local: bool = False) -> None:
    """Give the connection its scope, without asking where it has it already."""
    if current() == wanted:
        return
    with connection.cursor() as cursor:
        _remember(None)
        values = [each for value in wanted.values() for each in (value, local)]
        # The driver's own cursor: these are no queries of the page.
        cursor.cursor.execute(f"SELECT {_SET}", values)
    _remember(wanted)


def _leave(before: Scope, local: bool) -> None:
    raw: Any = connection.connection
    if raw is None or raw.closed:
        return
    if raw.info.transaction_status == TransactionStatus.INERROR:
        # The transaction is lost; undoing it also puts back the settings it began with.
        _remember(before)
        return
    apply(before, local=local)


def _remember(scope: Scope | None) -> None:
    setattr(connection.connection, _HELD, scope)


def begin_as(scope: Scope) -> None:
    """Give every connection of this process a scope to begin with: commands and the worker serve nobody."""
    global _first  # noqa: PLW0603 - what the process is for, said once
    _first = scope
    connection_created.connect(_begin, dispatch_uid="maillage.scope")
    if connection.connection is not None:
        apply(scope)


def _begin(**_: Any) -> None:
    apply(_first)
