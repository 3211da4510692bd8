"""Rows of the desk in groups by due day, and their delay in words; for the page and for the morning mail."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.desk.providers import DeskRow

_DAYS_OF_WEEK = 7


class DueGroup(models.TextChoices):
    """When rows are due, in the order of the desk."""

    LATE = "late", gettext_lazy("Late")
    TODAY = "today", gettext_lazy("Today")
    WEEK = "week", gettext_lazy("Within seven days")
    LATER = "later", gettext_lazy("Later, or without a due day")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of one group, in order."""

    group: DueGroup
    rows: list[DeskRow]


def due_group(row: DeskRow, day: dt.date) -> DueGroup:
    """The group of a row on a day."""
    if row.due is None or row.due > day + dt.timedelta(days=_DAYS_OF_WEEK):
        return DueGroup.LATER
    if row.due < day:
        return DueGroup.LATE
    return DueGroup.TODAY if row.due == day else DueGroup.WEEK


def group_rows(rows: Iterable[DeskRow], day: dt.date) -> list[RowGroup]:
    """Rows that are in the order of the desk, in groups."""
    return [RowGroup(group, list(within)) for group, within in groupby(rows, lambda row: due_group(row, day))]


def days_left_words(due: dt.date | None, day: dt.date) -> str:
    """How much time is left, in the active language: `in 3 days`, `today`, `2 days late`; empty without a due day."""
    if due is None:
        return ""
    days = (due - day).days
    if days < 0:
        return ngettext("%d day late", "%d days late", -days) % -days
    if days <= 1:
        return _("tomorrow") if days else _("today")
    return ngettext("in %d day", "in %d days", days) % days
