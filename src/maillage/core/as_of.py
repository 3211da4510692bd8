"""The day and the moment for which a page is read: facts *on* a day, records *as known at* a moment."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.days import parse_day


class InvalidMomentError(ValueError):
    """An invalid day or moment in an address."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day and the moment for which a page is read; `None` is today, or what is known now."""

    day: dt.date | None = None
    known: dt.datetime | None = None

    @classmethod
    def parse(cls, day: str, known: str) -> "AsOf":
        """Parse the parameters `on` and `known` of an address. Raises `InvalidMomentError`."""
        return cls(parse_day(day, InvalidMomentError) if day else None, _parse_moment(known) if known else None)

    @property
    def on(self) -> dt.date:
        return self.day or timezone.localdate()

    @property
    def is_now(self) -> bool:
        return self.day is None and self.known is None

    def query(self) -> str:
        """The query string of this day and moment: `on=2021-01-01`; empty for now."""
        parameters = {"on": self.day, "known": self.known}
        return urlencode({name: value.isoformat() for name, value in parameters.items() if value})


def _parse_moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise InvalidMomentError(_("“%s” is not a moment; write it as 2021-01-31T12:00.") % text[:40]) from error
    if len(text) == len("2021-01-31"):
        moment = dt.datetime.combine(moment, dt.time.max)
    return moment if moment.tzinfo else timezone.make_aware(moment)
