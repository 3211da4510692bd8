"""What a date in words is understood as."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.core.formats import partial_date
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.values import DateOrInterval, PartialDate, ValueType
from maillage.web.facts.fields import empty_date_meaning


@dataclass(frozen=True, slots=True)
class Understood:
    """A date in words of the active language, or why it is none."""

    date: str = ""
    error: str = ""


def understood_date(text: str, value_type: ValueType | None = None, *, empty: str = "") -> Understood:
    """What a text is understood as. What no text means follows from the type, else is `empty`: `open` or `unknown`."""
    if not text.strip():
        empty = empty_date_meaning(value_type) if value_type else empty
        return Understood(_still(empty) if empty else "")
    try:
        date = _read(text, value_type)
    except (InvalidValueError, InvalidPeriodError) as error:
        reason = str(error.as_row_error(text)) if isinstance(error, InvalidValueError) else str(error)
        return Understood(error=reason)
    words = {OPEN: _still("open"), UNKNOWN: _still("unknown")}
    return Understood(words.get(date) or partial_date(date))


def _still(meaning: str) -> str:
    return _("it still holds") if meaning == "open" else _("not known")


def _read(text: str, value_type: ValueType | None) -> str:
    """The date of a text; an interval of two where the type, or the slash, says so."""
    if isinstance(value_type, DateOrInterval):
        return value_type.parse(text)
    try:
        return PartialDate().parse(text)
    except InvalidValueError:
        return DateOrInterval().parse(text)
