"""Days as people and files write them: 2026-01-31."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _


def day_or_none(text: str) -> dt.date | None:
    """The day that a text is; `None` for anything else."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def parse_day(text: str, error: Callable[[str], Exception] = ValueError) -> dt.date:
    """The day that a text is. Raises `error` with a message that names the text and the remedy."""
    day = day_or_none(text)
    if day is None:
        raise error(_("“%s” is no day; write it as 2026-01-31.") % text.strip()[:60])
    return day
