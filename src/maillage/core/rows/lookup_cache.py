"""Records that many rows of one load refer to, looked up once."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
# Any: each key has a kind of record of its own.
_FOUND: ContextVar[dict[Hashable, Any] | None] = ContextVar("records found in a load", default=None)


@contextmanager
def lookup_cache() -> Iterator[None]:
    """Within the block, `cached_lookup` keeps what it finds: for the rows of one list, none of which changes them."""
    token = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(token)


def cached_lookup(key: Hashable, find: Callable[[], T]) -> T:
    """What `find` returns, or what it returned before for this key; `None` is not kept, since it may be made yet."""
    found = _FOUND.get()
    if found is None:
        return find()
    record: T = found[key] if key in found else find()
    if record is not None:
        found[key] = record
    return record
