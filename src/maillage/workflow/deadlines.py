"""The due date of a case, and the moments of its reminders."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from maillage.workflow.definition import Deadline
from maillage.workflow.working_days import WorkingDays

_DAY_END = dt.time(23, 59, 59)
_MORNING = dt.time(8)


@dataclass(frozen=True, slots=True)
class Clock:
    """The delay of a case in a state, from `start`; `own` is the promised number of working days, if any.

    `stopped` working days within it do not count.

    The day of `start` is not counted; the delay runs to the end of its last day, in the site's time zone.
    """

    deadline: Deadline
    calendar: WorkingDays
    start: dt.datetime
    own: int | None = None
    stopped: int = 0

    @property
    def days(self) -> int:
        """The delay in working days, with those that the clock stood still."""
        return (self.deadline.working_days if self.own is None or not self.deadline.own else self.own) + self.stopped

    @property
    def due_day(self) -> dt.date:
        return self.calendar.add(timezone.localdate(self.start), self.days)

    @property
    def due_at(self) -> dt.datetime:
        return _moment(self.due_day, _DAY_END)

    def reminder_at(self, offset: int) -> dt.datetime:
        """08:00 on the working day that is `offset` working days from the due day."""
        return _moment(self.calendar.add(self.due_day, offset), _MORNING)

    def next_reminder(self, done: Collection[int]) -> tuple[int, dt.datetime] | None:
        """The first reminder whose offset is not in `done`, with its moment; `None` where there is none.

        Reminders before the start of the delay (a promised delay may be shorter) are skipped.
        """
        remaining = ((offset, self.reminder_at(offset)) for offset in self.deadline.offsets if offset not in done)
        return next(((offset, at) for offset, at in remaining if at > self.start), None)

    @property
    def then_at(self) -> dt.datetime | None:
        """The moment of the automatic transition; `None` where the deadline has none."""
        automatic = self.deadline.then
        return _moment(self.calendar.add(self.due_day, automatic.after), _DAY_END) if automatic else None


def _moment(day: dt.date, time_of_day: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time_of_day))
