"""Rows of the desk in groups by due day, and their delay in working days; for the page and for the morning mail."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.desk.providers import DeskRow
from maillage.workflow.working_days import WorkingDays

_WORKING_WEEK = 5
# Beyond so many days nobody counts those of rest.
_LONGEST_COUNTED = 400
_CALENDAR = WorkingDays()


class DueGroup(models.TextChoices):
    """When rows are due, in the order of the desk."""

    LATE = "late", gettext_lazy("Late")
    TODAY = "today", gettext_lazy("Today")
    WEEK = "week", gettext_lazy("Within five working days")
    LATER = "later", gettext_lazy("Later, or without a due day")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of one group, in order."""

    group: DueGroup
    rows: list[DeskRow]


def due_group(row: DeskRow, day: dt.date) -> DueGroup:
    """The group of a row on a day."""
    if row.due is None or row.due > _CALENDAR.add(day, _WORKING_WEEK):
        return DueGroup.LATER
    if row.due < day:
        return DueGroup.LATE
    return DueGroup.TODAY if row.due == day else DueGroup.WEEK


def group_rows(rows: Iterable[DeskRow], day: dt.date) -> list[RowGroup]:
    """Rows that are in the order of the desk, in groups."""
    return [RowGroup(group, list(within)) for group, within in groupby(rows, lambda row: due_group(row, day))]


def days_left_words(due: dt.date | None, day: dt.date) -> str:
    """How many working days are left, in the active language: `in 3 working days`, `today`; empty without a due day."""
    if due is None:
        return ""
    if due < day:
        late = _CALENDAR.count(max(due, day - dt.timedelta(days=_LONGEST_COUNTED)), day)
        return ngettext("%d working day late", "%d working days late", late) % late if late else _("late")
    if (due - day).days <= 1:
        return _("tomorrow") if due > day else _("today")
    if (due - day).days > _LONGEST_COUNTED:
        return ""
    left = _CALENDAR.count(day, due)
    if not left:
        return _("before the next working day")
    return ngettext("in %d working day", "in %d working days", left) % left
