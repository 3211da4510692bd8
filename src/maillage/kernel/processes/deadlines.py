"""When a case is due, and when its reminders are."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from maillage.kernel.processes.document import Deadline
from maillage.kernel.processes.working_days import WorkingDays

_END = dt.time(23, 59, 59)
_MORNING = dt.time(8)


@dataclass(frozen=True, slots=True)
class Clock:
    """The delay of one case in one state, from the moment it entered it.

    The day of entering is not counted, and the delay runs to the end of its last day, in the site's time zone.
    """

    deadline: Deadline
    calendar: WorkingDays
    entered_at: dt.datetime

    @property
    def due_day(self) -> dt.date:
        return self.calendar.add(timezone.localdate(self.entered_at), self.deadline.working_days)

    @property
    def due_at(self) -> dt.datetime:
        return _moment(self.due_day, _END)

    def reminder_at(self, offset: int) -> dt.datetime:
        """The morning of the working day that is `offset` from the due day."""
        return _moment(self.calendar.add(self.due_day, offset), _MORNING)

    def next_reminder(self, done: Collection[int]) -> tuple[int, dt.datetime] | None:
        """The first reminder that is not among those `done`, with its moment; `None` where all are."""
        left = [offset for offset in self.deadline.offsets if offset not in done]
        return (left[0], self.reminder_at(left[0])) if left else None


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
