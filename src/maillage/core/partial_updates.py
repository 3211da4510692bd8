"""Arguments of an action that leave a field as it is if they are not passed.

A field that may be empty has three states in a call: not passed, passed as empty (`None` or `""`), passed with a value.
A single argument has the default `UNSET`; a group of fields is a `TypedDict` with `total=False`:

    def revise_thing(*, actor: Actor, at: dt.datetime, thing_id: int, note: str | Unset = UNSET) -> Thing:

Over the API an argument that is absent from the JSON object is not passed; `null` and `""` are values.
"""

import enum
from typing import Final, Literal, TypeVar

Value = TypeVar("Value")


class Unset(enum.Enum):
    """The type of `UNSET`; an enumeration, so that type checkers narrow `value is UNSET`."""

    UNSET = enum.auto()

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Final = Unset.UNSET


def present_values(**values: object) -> dict[str, object]:
    """The values other than `UNSET`, by name: for `update_or_create` and for `setattr`."""
    return {name: value for name, value in values.items() if value is not UNSET}


def value_or(value: Value | Unset, current: Value) -> Value:
    """The value, or the current one if it is `UNSET`."""
    return current if isinstance(value, Unset) else value


def strip_text(text: str | Unset, max_length: int | None = None) -> str | Unset:
    """The stripped text, cut to `max_length` characters; `UNSET` stays `UNSET`."""
    return text if isinstance(text, Unset) else text.strip()[:max_length]
