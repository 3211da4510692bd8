"""The form fields of a row, by the type of each."""

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.row import RowField
from maillage.core.rows.values import (
    Choice,
    DateOrInterval,
    Day,
    Part,
    PartialDate,
    Reference,
    Several,
    Text,
    Value,
    ValueType,
    YesNo,
)
from maillage.web.form_fields import DayInput, textarea

# A list with more records than this is not shown as a choice: its keys are typed.
_MAX_CHOICES = 300
DATE_CLASS = "date-words"


def picked_lists(field: RowField) -> tuple[str, ...]:
    """The lists whose records are picked for a field by typing; empty for other fields."""
    if isinstance(field.type, Reference) and field.type.list == "organisations":
        return ("organisations",)
    return field.described.picks


def referred_lists(field: RowField) -> tuple[str, ...]:
    """The lists among whose records a field names one by its key; empty for other fields."""
    return picked_lists(field) or ((field.type.list,) if isinstance(field.type, Reference) else ())


def picks_several(field: RowField) -> bool:
    """Whether several records are picked for a field."""
    return bool(picked_lists(field)) and isinstance(field.type, Part | Several)


def is_date(value_type: ValueType) -> bool:
    """Whether a value is a date in words, in one field."""
    return isinstance(value_type, PartialDate | DateOrInterval)


def widget_of(field: RowField, actor: Actor) -> forms.Widget:
    """The input for a field of a row."""
    if isinstance(field.type, Choice):
        return forms.Select(choices=[("", "—"), *field.type.choices])
    if isinstance(field.type, YesNo):
        return forms.Select(choices=[("", _("no")), ("yes", _("yes"))])
    if isinstance(field.type, Day):
        return DayInput()
    if isinstance(field.type, Reference) and not picked_lists(field) and (choices := _records(field.type, actor)):
        return forms.Select(choices=[("", "—"), *choices])
    return _text_input(field)


def _text_input(field: RowField) -> forms.Widget:
    if isinstance(field.type, Text) and field.type.long:
        return textarea(3)
    if isinstance(field.type, Several) and not field.type.is_stored and field.key.endswith("source"):
        return textarea(2)
    attributes = {"placeholder": field.described.example} if field.described.example else {}
    if is_date(field.type):
        attributes |= date_attributes(field.key, field.type)
    if picked_lists(field):
        attributes |= picker_attributes(field.key, picked_lists(field))
    return forms.TextInput(attrs=attributes)


def _records(reference: Reference, actor: Actor) -> list[tuple[str, str]]:
    """The records of a short list by key, for a choice; empty for a list that is too long or has none."""
    records = FACT_LISTS[reference.list].model.objects.visible_to(actor)[: _MAX_CHOICES + 1]
    choices = [(record.key, str(record)) for record in records]
    return sorted(choices, key=lambda choice: choice[1].casefold()) if len(choices) <= _MAX_CHOICES else []


def date_attributes(name: str, value_type: ValueType | None = None, *, always: bool = True) -> dict[str, str]:
    """The attributes of an input for a date in words, which shows what is understood while one types.

    It also shows what an empty date means, unless `always` is false.
    """
    empty = empty_date_meaning(value_type) if always else ""
    address = f"{reverse('understood-date')}?empty={empty}"
    return {"class": DATE_CLASS, **_asked_while_typing(address, f"{name}-understood")}


def empty_date_meaning(value_type: ValueType | None) -> str:
    """What an empty date means: `open` (it still holds) or `unknown`."""
    return "open" if isinstance(value_type, PartialDate) and value_type.absent == OPEN else "unknown"


def picker_attributes(name: str, lists: tuple[str, ...]) -> dict[str, str]:
    """The attributes of an input that finds records of lists while one types."""
    address = f"{reverse('picker-options')}?lists={','.join(lists)}"
    return _asked_while_typing(address, f"{name}-found")


def resembling_attributes(name: str) -> dict[str, str]:
    """The attributes of an input for the name of a new organisation, which shows those that resemble it."""
    return _asked_while_typing(reverse("resembling-organisations"), f"{name}-found")


def _asked_while_typing(address: str, target: str) -> dict[str, str]:
    """The attributes by which an input asks a page for a part of the form, after each pause."""
    trigger = "input changed delay:250ms"
    asked = {"hx-get": address, "hx-trigger": trigger, "hx-target": f"#{target}", "hx-swap": "innerHTML"}
    return {**asked, "hx-sync": "this:replace", "autocomplete": "off"}


def shown_value(field: RowField, value: Value, record: Model | None) -> str:
    """A value of a row as the text of its input."""
    if isinstance(field.type, Choice):
        return str(value or "")
    if isinstance(field.type, YesNo):
        return "yes" if value else ""
    if record is not None and isinstance(field.type, PartialDate) and field.type.end:
        return _shown_end(field.type, str(value or field.type.read(record, field.into)))
    if isinstance(field.type, Several) and field.key.endswith("source"):
        return "\n".join(field.type.of.to_text(item) for item in value or [])
    return field.type.to_text(value)


def _shown_end(value_type: PartialDate, text: str) -> str:
    if text == value_type.absent:
        return ""
    return {OPEN: _("still true"), UNKNOWN: _("not known")}.get(text, text)
