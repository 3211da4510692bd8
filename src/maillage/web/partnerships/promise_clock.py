"""The clock of a need on its page: working days left of those promised, and each of them in a row."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.partnerships.models import NeedAddress
from maillage.workflow.models import Case

# A longer delay is said in words alone: its days would not fit in a row.
MAX_DAYS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ClockDay:
    """A working day of the delay; `state` is `gone`, `today` or `ahead`."""

    day: dt.date
    state: str
    is_promised: bool


@dataclass(frozen=True, slots=True)
class PromiseClock:
    """The delay from the day after `received` to `promised`; `stopped` is since when it stands still.

    `missed` is the day promised to the requester, where it passed and the state of the case has a delay of its own.
    """

    received: dt.date
    promised: dt.date
    total: int
    left: int
    late: int
    stopped: dt.date | None
    missed: dt.date | None
    days: list[ClockDay]

    @property
    def words(self) -> str:
        """How much time is left."""
        if self.late:
            return ngettext("%d working day late", "%d working days late", self.late) % self.late
        if not self.left:
            return _("promised for today")
        return ngettext("%d working day left", "%d working days left", self.left) % self.left

    @property
    def is_short(self) -> bool:
        """Whether little time is left."""
        return not self.stopped and self.left <= 2

    @property
    def label(self) -> str:
        """The row of days in words."""
        values = {"total": self.total, "first": formats.day(self.days[0].day), "last": formats.day(self.promised)}
        text = ngettext(
            "%(total)d working day: %(last)s", "%(total)d working days, from %(first)s to %(last)s", self.total
        )
        place = next((number for number, one in enumerate(self.days, start=1) if one.state == "today"), 0)
        today = "; " + _("today is day %d") % place if place else ""
        return text % values + today


def promise_clock(case: Case, address: NeedAddress, today: dt.date) -> PromiseClock | None:
    """The clock of a case that waits for an answer; `None` once the need is dealt with, or without a delay."""
    if address.dealt_at or not (address.promised_day or case.due_day):
        return None
    is_stopped = case.current_state.stops_clock
    promised = (address.promised_day if is_stopped else case.due_day) or address.promised_day
    clock = case.clock
    start = case.opened_at if is_stopped or clock is None else clock.start
    stopped = timezone.localdate(address.stopped_at) if is_stopped and address.stopped_at else None
    found = _clock(case, timezone.localdate(start), promised or today, stopped, today)
    has_own_delay = clock is not None and not clock.deadline.since_opening and not is_stopped
    return replace(found, missed=address.promised_day) if has_own_delay else found


def _clock(case: Case, received: dt.date, promised: dt.date, stopped: dt.date | None, today: dt.date) -> PromiseClock:
    calendar = case.calendar_under(case.definition.definition)
    counted_to = stopped or today
    total = calendar.count(received, promised)
    last = total if total <= MAX_DAYS_SHOWN else 0
    row = [calendar.add(received, number) for number in range(1, last + 1)]
    days = [ClockDay(day, _day_state(day, stopped, today), day == promised) for day in row]
    left, late = calendar.count(counted_to, promised), 0 if stopped else calendar.count(promised, today)
    return PromiseClock(received, promised, total, left, late, stopped, None, days)


def _day_state(day: dt.date, stopped: dt.date | None, today: dt.date) -> str:
    if day == today and not stopped:
        return "today"
    return "gone" if day <= (stopped or today) else "ahead"
