"""Form fields that several forms use."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """An input for a day, with the calendar of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def textarea(rows: int = 4) -> forms.Textarea:
    """An input for several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A field for a day, with the calendar of the browser."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def amount_field(label: Any) -> forms.DecimalField:
    """An optional field for an amount in euros."""
    return forms.DecimalField(label=label, max_digits=18, decimal_places=2, min_value=0, required=False)


def text_field(label: Any, *, rows: int, **more: Any) -> forms.CharField:
    """A field for a text of several lines."""
    return forms.CharField(label=label, max_length=5_000, widget=forms.Textarea(attrs={"rows": rows}), **more)


def reason_field() -> forms.CharField:
    """A field for the reason of a change."""
    return forms.CharField(label=_("Reason, which stands in the history"), max_length=2000)
