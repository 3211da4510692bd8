"""The rows of files of lists: their texts, the errors of a row or a file, and the outcome of a write."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _


class RowOutcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"

    def __or__(self, other: "RowOutcome") -> "RowOutcome":
        """The outcome of two writes to one row: `CREATED` before `UPDATED` before `UNCHANGED`."""
        order = [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
        return min(self, other, key=order.index)


class RowError(ValueError):
    """A row that is refused. The message says what is wrong and what to do; `field` is the key of the row at fault."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class InvalidFileError(ValueError):
    """A file that cannot be read at all; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a list, with the line of the row and of each of its fields in the file.

    `read_on` is the day on which its sources were read; `dated` is whether the file gives that day, so that loading an
    undated file again does not make its sources look recently read. `seed` is the URL that replaces the source `seed`.
    """

    values: dict[str, Any]
    line: int
    lines: dict[str, int]
    read_on: dt.date
    dated: bool = False
    seed: str = ""

    def text(self, name: str, limit: int = 100_000) -> str:
        """A text field, stripped; empty if absent.

        Raises `RowError` for a list, a mapping, control characters, or more than `limit` characters.
        """
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, list | dict):
            list_message, mapping_message = (
                _("“%(key)s” must be a text, not a list"),
                _("“%(key)s” must be a text, not a mapping"),
            )
            raise RowError((list_message if isinstance(value, list) else mapping_message) % {"key": name}, name)
        text = str(value).strip()
        if any(character < " " and character not in "\n\t" for character in text):
            raise RowError(_("“%(key)s” holds a control character; retype the text") % {"key": name}, name)
        if len(text) > limit:
            message = _("“%(key)s” has %(count)d characters; shorten it to %(limit)d")
            raise RowError(message % {"key": name, "count": len(text), "limit": limit}, name)
        return text

    def texts(self, name: str) -> list[str]:
        """The texts of a field that may hold one text or a list of texts."""
        value = self.values.get(name)
        if value is None:
            return []
        return [str(item).strip() for item in (value if isinstance(value, list) else [value])]

    def sources(self, name: str = "source") -> list[str]:
        """The URLs of sources; `seed` is replaced by the seed page of the file, if it has one."""
        return [self.seed if item == "seed" and self.seed else item for item in self.texts(name)]
