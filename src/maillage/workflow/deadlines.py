"""When a case is due, and when its reminders are."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from maillage.workflow.definition import Deadline
from maillage.workflow.working_days import WorkingDays

_END = dt.time(23, 59, 59)
_MORNING = dt.time(8)


@dataclass(frozen=True, slots=True)
class Clock:
    """The delay of one case in one state, from `start`; `own` is what was promised for the case, if anything was.

    The day it starts on is not counted, and the delay runs to the end of its last day, in the site's time zone.
    """

    deadline: Deadline
    calendar: WorkingDays
    start: dt.datetime
    own: int | None = None

    @property
    def days(self) -> int:
        """The delay in working days."""
        return self.deadline.working_days if self.own is None or not self.deadline.own else self.own

    @property
    def due_day(self) -> dt.date:
        return self.calendar.add(timezone.localdate(self.start), self.days)

    @property
    def due_at(self) -> dt.datetime:
        return _moment(self.due_day, _END)

    def reminder_at(self, offset: int) -> dt.datetime:
        """The morning of the working day that is `offset` from the due day."""
        return _moment(self.calendar.add(self.due_day, offset), _MORNING)

    def next_reminder(self, done: Collection[int]) -> tuple[int, dt.datetime] | None:
        """The first reminder that is not among those `done`, with its moment; `None` where all are.

        One that would have come before the delay began, because a shorter one was promised, does not come.
        """
        left = ((offset, self.reminder_at(offset)) for offset in self.deadline.offsets if offset not in done)
        return next(((offset, at) for offset, at in left if at > self.start), None)

    @property
    def then_at(self) -> dt.datetime | None:
        """The moment after which the case goes on by itself, where its definition says so."""
        then = self.deadline.then
        return _moment(self.calendar.add(self.due_day, then.after), _END) if then else None


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
