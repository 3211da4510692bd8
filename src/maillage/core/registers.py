"""Registers: the items that rooms declare at set-up. Nothing is added or removed afterwards.

Each process of the site (web, worker, command line) must hold the same registers, since the effects of an action must
not depend on the process in which it runs. A room fills them from the modules that `core.rooms.RoomConfig.ready`
imports; then `freeze_registers` closes them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")


class RegisterFrozenError(RuntimeError):
    """An item was declared after set-up: move the declaration to the room's `hooks.py`."""


class Register(dict[str, Item]):
    """Declared items by name. Set-up fills and freezes it; later changes raise `RegisterFrozenError`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.frozen = False
        _REGISTERS[name] = self

    def __setitem__(self, key: str, item: Item) -> None:
        self._check_open(key)
        super().__setitem__(key, item)

    def __delitem__(self, key: str) -> None:
        self._check_open(key)
        super().__delitem__(key)

    @contextmanager
    def temporary_changes(self) -> Iterator[None]:
        """Allow changes within the block, and undo them afterwards; for tests."""
        items, frozen = dict(self), self.frozen
        self.frozen = False
        try:
            yield
        finally:
            self.clear()
            self.update(items)
            self.frozen = frozen

    def _check_open(self, key: str) -> None:
        if self.frozen:
            raise RegisterFrozenError(f"“{key}” is declared in “{self.name}” after set-up: declare it in hooks.py.")


_REGISTERS: dict[str, Register[Any]] = {}  # Any: each register holds a kind of thing of its own


def qualified_name(function: object) -> str:
    """The name under which a function is registered: `maillage.charter.hooks.follow_new_holders`."""
    return f"{function.__module__}.{getattr(function, '__qualname__', repr(function))}"


def freeze_registers() -> None:
    """Freeze every register; called once, when all rooms are loaded."""
    for register in _REGISTERS.values():
        register.frozen = True


def register_contents() -> dict[str, list[str]]:
    """The sorted keys of each register by its name, to compare processes with each other."""
    return {name: sorted(register) for name, register in sorted(_REGISTERS.items())}
