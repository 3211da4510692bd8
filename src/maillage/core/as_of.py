"""When a page is read: *on* a day of the world, *as known at* a moment of the record."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _


class InvalidMomentError(ValueError):
    """A day or moment in an address that cannot be read."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day and the moment a page is read at; `None` is today, or what is known now."""

    day: dt.date | None = None
    known: dt.datetime | None = None

    @classmethod
    def parse(cls, day: str, known: str) -> "AsOf":
        """From the `on` and `known` of an address. Raises `InvalidMomentError` naming what cannot be read."""
        return cls(_day(day) if day else None, _moment(known) if known else None)

    @property
    def on(self) -> dt.date:
        return self.day or timezone.localdate()

    @property
    def is_now(self) -> bool:
        return self.day is None and self.known is None

    def query(self) -> str:
        """The part of an address that carries this reading to the next page: `on=2021-01-01`, or nothing."""
        pairs = {"on": self.day, "known": self.known}
        return urlencode({name: value.isoformat() for name, value in pairs.items() if value})


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidMomentError(_("“%s” is not a day; write it as 2021-01-31.") % text[:40]) from error


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise InvalidMomentError(_("“%s” is not a moment; write it as 2021-01-31T12:00.") % text[:40]) from error
    if len(text) == len("2021-01-31"):
        moment = dt.datetime.combine(moment, dt.time.max)
    return moment if moment.tzinfo else timezone.make_aware(moment)
