"""Form fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day, chosen in a calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def textarea(rows: int = 4) -> forms.Textarea:
    """A field for some lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, chosen from the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def amount_field(label: Any) -> forms.DecimalField:
    """An amount of euros, or nothing."""
    return forms.DecimalField(label=label, max_digits=18, decimal_places=2, min_value=0, required=False)


def text_field(label: Any, *, rows: int, **more: Any) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(label=label, max_length=5_000, widget=forms.Textarea(attrs={"rows": rows}), **more)


def reason_field() -> forms.CharField:
    """Why something is changed."""
    return forms.CharField(label=_("Reason, which stands in the history"), max_length=2000)
