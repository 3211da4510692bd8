"""Filters of a listing, with their choices."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import PUBLIC
from maillage.core.security.visibility import visible_records
from maillage.core.text import fold
from maillage.listing.values import Records, Text

_MAX_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter by one of several values: `choices` lists (value, label) pairs, `apply` filters by a value.

    `apply_on` filters by a value on the day read, in place of `apply`.
    """

    name: str
    title: Text
    choices: Callable[[], Iterable[tuple[str, object]]]
    apply: Callable[[Records, str], Records] = lambda records, _value: records
    apply_on: Callable[[Records, str, dt.date], Records] | None = None

    def narrow(self, records: Records, value: str, day: dt.date) -> Records:
        """The records that the filter leaves for a value on a day."""
        return self.apply_on(records, value, day) if self.apply_on else self.apply(records, value)


def choice_filter(name: str, title: Text, path: str, choices: Iterable[tuple[str, Text]]) -> Filter:
    """A filter on a field with fixed choices."""
    options = list(choices)
    return Filter(name, title, lambda: options, lambda records, value: records.filter(**{path: value}))


def missing_value_filter(name: str, title: Text, path: str) -> Filter:
    """A filter on whether a field is null: `yes` or `no`."""
    options = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
    return Filter(
        name, title, lambda: options, lambda records, value: records.filter(**{f"{path}__isnull": value == "yes"})
    )


def distinct_values_filter(
    name: str, title: Text, path: str, model: type[models.Model], show: Callable[[str], object] = str
) -> Filter:
    """A filter on the values of a field in public records, at most 300; `show` returns the label of a value."""

    def choices() -> list[tuple[str, object]]:
        public = visible_records(model, PUBLIC).exclude(**{path: ""})
        values = public.values_list(path, flat=True).order_by(path).distinct()
        return [(value, show(value)) for value in values[:_MAX_CHOICES]]

    return Filter(name, title, choices, lambda records, value: records.filter(**{path: value}))


def distinct_texts_filter(name: str, title: Text, model: type[models.Model]) -> Filter:
    """A filter on a text in both languages (`kind_fr`, `kind_en`) of public records, in the language of the reader."""
    languages = (f"{name}_en", f"{name}_fr")

    def choices() -> list[tuple[str, str]]:
        pairs = visible_records(model, PUBLIC).values_list(*languages).order_by(*languages).distinct()[:_MAX_CHOICES]
        shown = {english or french: (french if formats.language() == "fr" else english) for english, french in pairs}
        named = [(value, text or value) for value, text in shown.items() if value]
        return sorted(named, key=lambda choice: fold(choice[1]))

    def narrow(records: Records, value: str) -> Records:
        english, french = (models.Q(**{language: value}) for language in languages)
        return records.filter(english | french)

    return Filter(name, title, choices, narrow)


TRUE_ON_DAY_CHOICES: tuple[tuple[str, Text], ...] = (
    ("yes", gettext_lazy("true on that day")),
    ("unsure", gettext_lazy("not sure")),
    ("possible", gettext_lazy("true on that day or not sure")),
    ("no", gettext_lazy("ended or not begun")),
)


def filter_by_day(records: Records, answer: str, day: dt.date) -> Records:
    """The facts true on a day: `yes`, `unsure`, `possible` (yes or unsure) or `no`; all for another answer."""
    if answer == "yes":
        return records.filter(certain__holds=day)
    if answer == "unsure":
        return records.filter(possible__holds=day).exclude(certain__holds=day)
    if answer == "possible":
        return records.filter(possible__holds=day)
    return records.exclude(possible__holds=day) if answer == "no" else records
