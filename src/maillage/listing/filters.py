"""The filters of a listing, and the choices they offer."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from maillage.core.actors import PUBLIC
from maillage.listing.values import Records, Text

_MAX_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice among values: `choices` lists them when the page is made, `apply` keeps the rows of one."""

    name: str
    title: Text
    choices: Callable[[], Iterable[tuple[str, Any]]]
    apply: Callable[[Records, str], Records]


def choice_filter(name: str, title: Text, path: str, choices: Iterable[tuple[str, Text]]) -> Filter:
    """A filter on a field with fixed choices."""
    fixed = list(choices)
    return Filter(name, title, lambda: fixed, lambda records, value: records.filter(**{path: value}))


def missing_value_filter(name: str, title: Text, path: str) -> Filter:
    """A filter, `yes` or `no`, on whether a field has no value yet."""
    options = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
    return Filter(name, title, lambda: options, lambda rows, value: rows.filter(**{f"{path}__isnull": value == "yes"}))


def distinct_values_filter(
    name: str, title: Text, path: str, model: type[models.Model], show: Callable[[str], Any] = str
) -> Filter:
    """A filter on the values that a field has in the public records of the table."""

    def choices() -> list[tuple[str, Any]]:
        manager: Any = model._default_manager
        public = manager.visible_to(PUBLIC).exclude(**{path: ""})
        values = public.values_list(path, flat=True).order_by(path).distinct()
        return [(value, show(value)) for value in values[:_MAX_CHOICES]]

    return Filter(name, title, choices, lambda records, value: records.filter(**{path: value}))


# Narrowing a list.

TRUE_ON_DAY_CHOICES: tuple[tuple[str, Text], ...] = (
    ("yes", gettext_lazy("in force")),
    ("unsure", gettext_lazy("not sure")),
    ("possible", gettext_lazy("in force or not sure")),
    ("no", gettext_lazy("ended or not begun")),
)


def filter_by_day(records: Records, answer: str, day: dt.date) -> Records:
    """The facts for which "in force on that day?" is answered by yes, unsure, possible (both) or no; else all."""
    if answer == "yes":
        return records.filter(certain__holds=day)
    if answer == "unsure":
        return records.filter(possible__holds=day).exclude(certain__holds=day)
    if answer == "possible":
        return records.filter(possible__holds=day)
    return records.exclude(possible__holds=day) if answer == "no" else records
