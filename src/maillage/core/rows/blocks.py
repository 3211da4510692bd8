"""Writing rows block by block: each block at once, or its rows one by one where that cannot be done."""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from maillage.core.rows.bulk_statements import NewIds
from maillage.core.rows.write_batch import BlockError, write_batch

Item = TypeVar("Item")
Result = TypeVar("Result")

BLOCK_SIZE = 500
# New objects between two searches for cycles; by default 700, which takes a quarter of the time of a long load.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
# A block that the database refuses is halved until it is this small, and then written one by one.
_SMALLEST = 8


class _RareCollections:
    """How many loads of the process run: the last that ends restores what the first changed for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if not self._running:
                self._before = gc.get_threshold()
                gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *self._before[1:])
            self._running += 1

    def end(self) -> None:
        with self._lock:
            self._running -= 1
            if not self._running:
                gc.set_threshold(*self._before)


_RARE_COLLECTIONS = _RareCollections()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search for cycles of objects seldom within, where many objects are made and nearly none is in a cycle."""
    _RARE_COLLECTIONS.begin()
    try:
        yield
    finally:
        _RARE_COLLECTIONS.end()


def in_blocks(
    items: Sequence[Item],
    write: Callable[[Sequence[Item]], list[Result]],
    forget: Callable[[Sequence[Item]], None] = lambda _items: None,
    size: int = BLOCK_SIZE,
) -> Iterator[Result]:
    """The results of `write` for all items, block by block.

    `write` writes each item of a block in a `row_savepoint`. It is called again, with fewer items, for a block that the
    database refuses; `forget` is called before, to take back what `write` has noted elsewhere.
    """
    new_ids = NewIds()

    def write_block(block: Sequence[Item]) -> list[Result]:
        try:
            with write_batch(new_ids):
                return write(block)
        except BlockError:
            forget(block)
        if len(block) > _SMALLEST:
            middle = len(block) // 2
            return write_block(block[:middle]) + write_block(block[middle:])
        return [result for item in block for result in write([item])]

    for start in range(0, len(items), size):
        yield from write_block(items[start : start + size])
