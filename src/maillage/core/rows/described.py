"""What a person reads of a field of a row."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Described:
    """What a person reads of a field. `into` is the model field that holds it, by default the name of the field.

    `example` stands in templates and forms; a field that is not `editable` is written by files and programs only, and
    one for `files_only` by files alone: officers load them, and actions refuse it. One for `officers_only` is refused
    from others.
    """

    title: str | Promise
    help: str | Promise = ""
    into: str = ""
    example: str = ""
    editable: bool = True
    files_only: bool = False
    officers_only: bool = False
    picks: tuple[str, ...] = ()
