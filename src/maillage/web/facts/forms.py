"""The form of a fact, made from the description of its list."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.models import Source
from maillage.core.request import Request
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.fact_list import FactList, Values
from maillage.core.rows.row import RowField
from maillage.core.rows.sources import SourceValue
from maillage.core.rows.values import Choice, Day, PartialDate, Reference, ReferenceOrText, Several, Text, YesNo
from maillage.register.models import Organisation
from maillage.web.facts.organisation_picker import picked_key, picker_text
from maillage.web.form_fields import DayInput, reason_field, textarea

_SOURCE_TEXTS = ("title", "issuer", "dated", "place")


def _widget(field: RowField) -> forms.Widget:
    value_type = field.type
    if isinstance(value_type, Choice):
        return forms.Select(choices=[("", "—"), *value_type.choices])
    if isinstance(value_type, Text) and value_type.long:
        return textarea(3)
    if isinstance(value_type, Day):
        return DayInput()
    if isinstance(value_type, YesNo):
        return forms.Select(choices=[("", _("no")), ("yes", _("yes"))])
    attributes = {"placeholder": field.described.example} if field.described.example else {}
    if isinstance(value_type, Reference) and value_type.list == "organisations":
        found = f"{field.key}-found"
        attributes |= {"list": found, **_asked_while_typing("suggested-organisations", found)}
    if isinstance(value_type, PartialDate):
        attributes |= date_attributes(field.key)
    return forms.TextInput(attrs=attributes)


def date_attributes(name: str) -> dict[str, str]:
    """The attributes of an input for a date in words, which shows what is understood while one types."""
    return {"class": "date-words", **_asked_while_typing("understood-date", f"{name}-understood")}


def _asked_while_typing(url_name: str, target: str) -> dict[str, str]:
    """The attributes by which an input asks a page for a part of the form, after each pause."""
    trigger = "input changed delay:250ms"
    asked = {"hx-get": reverse(url_name), "hx-trigger": trigger, "hx-target": f"#{target}", "hx-swap": "innerHTML"}
    return {**asked, "autocomplete": "off"}


def editable_fields(fact_list: FactList[Any]) -> list[RowField]:
    """The fields of a list that a person fills in a form; sources have fields of their own."""
    return [field for field in fact_list.fields if field.described.editable and not is_source(field)]


def is_source(field: RowField) -> bool:
    """Whether a field holds sources."""
    return isinstance(field.type, Several) and isinstance(field.type.of, SourceValue)


class FactForm(forms.Form):
    """Fields of one fact, then its source. `row_values` are the values of the row that was typed, by key."""

    def __init__(
        self, fact_list: FactList[Any], request: Request, *, row: Values | None = None, fields: tuple[str, ...] = ()
    ) -> None:
        """`row` is the fact as it is, for a correction; `fields` are the keys shown, all by default."""
        initial = {field.key: self._shown(field, (row or {}).get(field.key)) for field in fact_list.fields}
        super().__init__(request.POST or None, initial={**initial, "source_kind": Source.Kind.WEB})
        self.fact_list, self.request, self.row = fact_list, request, row
        self.row_fields = [field for field in editable_fields(fact_list) if not fields or field.key in fields]
        for field in self.row_fields:
            self.fields[field.key] = self._form_field(field)
        self._add_source_fields()
        if row is not None:
            self.fields["reason"] = reason_field()
        self.row_values: Values = {}

    def _shown(self, field: RowField, value: Any) -> str:
        if isinstance(field.type, Choice | YesNo):
            return "yes" if value is True else str(value or "")
        if isinstance(field.type, Reference) and field.type.list == "organisations" and value:
            organisation = Organisation.objects.filter(key=value).first()
            return picker_text(organisation) if organisation else str(value)
        return field.type.to_text(value)

    def _form_field(self, field: RowField) -> forms.Field:
        locked = self.row is not None and field.key == "key"
        return forms.CharField(
            label=field.title,
            help_text=field.help,
            required=field.required,
            widget=_widget(field),
            max_length=None,
            strip=True,
            disabled=locked,
        )

    def _add_source_fields(self) -> None:
        kinds = [kind for kind in Source.Kind.choices if kind[0] != Source.Kind.STATEMENT or self._own_organisation()]
        add = self.fields
        add["source_kind"] = forms.ChoiceField(
            label=gettext_lazy("Source"), choices=kinds, widget=forms.RadioSelect, required=False,
            help_text=gettext_lazy("Who says so? A source outside of the organisation makes the fact confirmed."),
        )  # fmt: skip
        texts = {
            "url": (gettext_lazy("Address of the page"), 1000),
            "title": (gettext_lazy("Title of the document"), 300),
            "issuer": (gettext_lazy("Signed or issued by"), 300),
            "dated": (gettext_lazy("Dated"), 40),
            "place": (gettext_lazy("Page or article"), 300),
        }
        for name, (label, limit) in texts.items():
            add[f"source_{name}"] = forms.CharField(label=label, required=False, max_length=limit)

    def _own_organisation(self) -> str:
        """The key of the organisation for which the person acts; empty for an officer without a mandate in use."""
        acting = self.request.actor.acting
        if acting is None:
            return ""
        return str(Organisation.objects.filter(pk=acting.organisation_id).values_list("key", flat=True).first() or "")

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        for field in self.row_fields:
            if field.key in cleaned and (self.row is None or field.key in self.changed_data):
                self._clean_row_field(field, cleaned[field.key])
        self._clean_source(cleaned)
        return cleaned

    def _clean_row_field(self, field: RowField, text: str) -> None:
        if not text and self.row is None:
            return
        try:
            self.row_values[field.key] = self._picked(field, text)
            field.type.parse(self.row_values[field.key])
        except InvalidValueError as error:
            self.add_error(field.key, str(error.as_row_error(field.title)))

    def _picked(self, field: RowField, text: str) -> str:
        if not text or not (isinstance(field.type, Reference) and field.type.list == "organisations"):
            return text
        key, error = picked_key(self.request, text)
        if error and isinstance(field.type, ReferenceOrText):
            return text
        if error:
            self.add_error(field.key, error)
        return key

    def _clean_source(self, cleaned: Values) -> None:
        source = self._source(cleaned)
        if source is None:
            return
        try:
            SourceValue().parse(source)
        except InvalidValueError as error:
            self.add_error("source_url", str(error.as_row_error("source")))
        self.row_values["source"] = [source]

    def _source(self, cleaned: Values) -> str | dict[str, str] | None:
        kind = cleaned.get("source_kind") or Source.Kind.WEB
        if kind == Source.Kind.WEB:
            return cleaned.get("source_url") or None
        if kind == Source.Kind.STATEMENT:
            return {"kind": kind, "of": self._own_organisation()}
        words = {name: cleaned.get(f"source_{name}", "") for name in _SOURCE_TEXTS}
        if not words["title"]:
            self.add_error("source_title", _("Give the title of the document."))
            return None
        return {"kind": kind, **{name: text for name, text in words.items() if text}}


class EndForm(forms.Form):
    """Since when a fact no longer holds, who says so, and why it is changed."""

    end = forms.CharField(
        label=gettext_lazy("It no longer holds since"),
        help_text=gettext_lazy("As precisely as it is known: 2026, July 2026, 7/2/2026."),
        max_length=40,
    )
    source = forms.CharField(label=gettext_lazy("Address of a page that says so"), required=False, max_length=1000)
    reason = reason_field()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.fields["end"].widget.attrs |= date_attributes("end")


class ReasonForm(forms.Form):
    """Why a fact is withdrawn or restored."""

    reason = reason_field()
