"""Form fields that several forms use."""

from collections.abc import Callable, Collection
from typing import TypeVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.model_fields import ModelField
from maillage.presentation.form_types import FormArgument
from maillage.presentation.partial_forms import CheckboxInput

FormClass = TypeVar("FormClass", bound=type[forms.Form])


class DayInput(forms.DateInput):
    """An input for a day, with the calendar of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def textarea(rows: int = 4) -> forms.Textarea:
    """An input for several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_field(label: FormArgument, **more: FormArgument) -> forms.DateField:
    """A field for a day, with the calendar of the browser."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def amount_field(label: FormArgument) -> forms.DecimalField:
    """An optional field for an amount in euros."""
    return forms.DecimalField(label=label, max_digits=18, decimal_places=2, min_value=0, required=False)


def text_field(label: FormArgument, *, rows: int, **more: FormArgument) -> forms.CharField:
    """A field for a text of several lines."""
    return forms.CharField(label=label, max_length=5_000, widget=forms.Textarea(attrs={"rows": rows}), **more)


def reason_field() -> forms.CharField:
    """A field for the reason of a change."""
    return forms.CharField(label=_("Reason, which stands in the history"), max_length=2000)


def with_model_fields(
    model: type[models.Model], names: Collection[str], labels: dict[str, FormArgument] | None = None
) -> Callable[[FormClass], FormClass]:
    """Give a form class the fields of a model by these names, in this order, where the class does not state them.

    The label (unless in `labels`), the help, the greatest length and whether a value is required come from the model.
    """

    def add_fields(form_class: FormClass) -> FormClass:
        stated = form_class.base_fields
        missing = [name for name in names if name not in stated]
        model_fields = forms.fields_for_model(model, missing, labels=labels, formfield_callback=_form_field)
        fields = {name: stated[name] if name in stated else model_fields[name] for name in names}
        # Form classes that inherit from this one read `declared_fields`, forms read `base_fields`.
        form_class.declared_fields = form_class.base_fields = fields | stated
        return form_class

    return add_fields


def _form_field(field: ModelField, **options: FormArgument) -> forms.Field | None:
    """The form field of a model field; a day has the calendar of the browser, a check box can be unticked."""
    if isinstance(field, models.DateField):
        options["widget"] = DayInput()
    elif isinstance(field, models.BooleanField):
        options["widget"] = CheckboxInput()
    return field.formfield(**options)
