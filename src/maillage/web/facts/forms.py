"""The form of a fact, made from the description of its list."""

from collections.abc import Iterator

import yaml
from django import forms
from django.db import models
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.request import Request
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.new_keys import is_made, new_key, next_number
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Key, Part, PartialDate, Raw, Reference, ReferenceOrText, Several, Value, Values
from maillage.register.models import Organisation
from maillage.register.row_types import IdentifierValue
from maillage.web.facts import fields as row_inputs
from maillage.web.facts.dated_names import DatedNamesMixin
from maillage.web.facts.form_parts import FormGroup, FormPart
from maillage.web.facts.record_picker import (
    PICKED_SUFFIX,
    find_by_key,
    picked_key,
    picker_options,
    picker_text,
)
from maillage.web.facts.source_fields import (
    SOURCE_FIELDS,
    SourceFieldsMixin,
    acting_organisation,
    source_initial,
)
from maillage.web.facts.understood import understood_date
from maillage.web.form_fields import reason_field
from maillage.web.link_errors import LinkError

_MORE = frozenset({"key", "visibility", "note", "note_fr", "latitude", "longitude"})
_BLANK_PICKERS = 2


def editable_fields(fact_list: AnyFactList) -> list[RowField]:
    """The fields of a list that a person fills in a form; the source has fields of its own."""
    return [field for field in fact_list.fields if field.described.editable and field.name != "source"]


class FactForm(SourceFieldsMixin, DatedNamesMixin):
    """Fields of one fact, then its source. After validation `row_values` are the values that were typed, by key.

    A correction holds what each field was when the form was shown, so that only what its person changed is written.
    """

    def __init__(
        self,
        fact_list: AnyFactList,
        request: Request,
        *,
        row: Values | None = None,
        record: Model | None = None,
        data: QueryDict | None = None,
        proposed: Values | None = None,
    ) -> None:
        """`row` is the fact as it is, with its `record`, for a correction; `data` replaces what was posted.

        `proposed` are values that the fields show instead of those of the fact.
        """
        self.fact_list, self.request, self.row, self.record = fact_list, request, row, record
        self.proposed = proposed or {}
        posted = request.POST if request.method == "POST" else None
        typed = data if data is not None else posted
        # A form that is shown again with other data is not written: its file is chosen again.
        super().__init__(typed, request.FILES if data is None and posted is not None else None, label_suffix="")
        self.row_values: Values = {}
        self.typed: QueryDict = QueryDict(mutable=True)
        self.row_fields = self.shown_fields()
        for field in self.row_fields:
            self._add_row_field(field)
        if typed is not None:
            self.data = self.typed = self._with_picked(typed)
        if fact_list.has_sources:
            self.add_source_fields(request, of_sitting=row is None)
        self._set_initial()
        self.name_lines = []
        if row is not None and fact_list.model is Organisation:
            self.add_dated_names((row | self.proposed).get("names") or [])
        if row is not None:
            self.fields["reason"] = reason_field()

    def add_reason(self, initial: str) -> None:
        """Ask for a reason also for a new fact."""
        self.fields["reason"], self.initial["reason"] = reason_field(), initial

    def shown_fields(self) -> list[RowField]:
        """The fields of the list that the form has; the key of a record is not corrected."""
        return [field for field in editable_fields(self.fact_list) if self.row is None or not _is_key(field)]

    def _add_row_field(self, field: RowField) -> None:
        if row_inputs.picks_several(field):
            self._add_pickers(field)
            return
        widget = row_inputs.widget_of(field, self.request.actor)
        if self._is_new_name(field):
            widget.attrs |= row_inputs.resembling_attributes(field.key)
        self.fields[field.key] = self._text_field(field, widget, field.title)

    def _add_pickers(self, field: RowField) -> None:
        lists = row_inputs.picked_lists(field)
        for number in range(self._picker_count(field)):
            name = f"{field.key}-{number}"
            widget = forms.TextInput(attrs=row_inputs.picker_attributes(name, lists))
            self.fields[name] = self._text_field(field, widget, f"{field.title} ({number + 1})")
            if number:
                self.fields[name].help_text = ""

    def _is_new_name(self, field: RowField) -> bool:
        """Whether a field is a name of a new organisation, which may be in the register already."""
        return self.row is None and self.fact_list.model is Organisation and field.key in ("name_fr", "name_en")

    def _with_picked(self, data: QueryDict) -> QueryDict:
        """The posted data, in which the text of a picker names the record that was chosen below it."""
        named = data.copy()
        for field in self.row_fields:
            for name in self._names_of(field):
                key = str(data.get(f"{name}{PICKED_SUFFIX}", ""))
                if key and (record := find_by_key(self.request, row_inputs.picked_lists(field), key)):
                    named[name] = picker_text(record)
        return named

    def _names_of(self, field: RowField) -> list[str]:
        """The names of the inputs of a field: one, or several where several records are picked."""
        if not row_inputs.picks_several(field):
            return [field.key]
        return [name for name in self.fields if name.rpartition("-")[0] == field.key]

    def _picker_count(self, field: RowField) -> int:
        posted = sum(1 for name in self.data if name.startswith(f"{field.key}-") and name.count("-") == 1)
        return max(len((self.row or {}).get(field.key) or []) + _BLANK_PICKERS, 3, posted)

    def _text_field(self, field: RowField, widget: forms.Widget, label: str) -> forms.Field:
        is_left_out = self.is_bound and self.row is not None and field.key not in self.data
        return forms.CharField(
            label=label,
            help_text=self._help(field),
            required=self._is_required(field) and not is_left_out and not self._is_made(field),
            widget=widget,
            show_hidden_initial=self.row is not None,
        )

    def _is_required(self, field: RowField) -> bool:
        """Whether a row or its record cannot do without a field."""
        if field.required or row_inputs.picks_several(field):
            return field.required
        names = {model_field.name for model_field in self.fact_list.model._meta.get_fields()}
        stored = self.fact_list.model._meta.get_field(field.into) if field.into in names else None
        return isinstance(stored, models.Field) and not (stored.blank or stored.null or stored.has_default())

    def _help(self, field: RowField) -> str:
        if self._is_made(field):
            return _("Its name in addresses and files; made from the name if you leave it empty.")
        if row_inputs.picked_lists(field):
            return _("Type a name, an acronym, a town or an identifier.")
        if isinstance(field.type, Several) and field.key != "check_source":
            several = _("Several are separated by “;”.")
            return f"{field.help} {several}".strip()
        return field.help

    def _is_made(self, field: RowField) -> bool:
        """Whether a new fact gets its key from its name, if none is given."""
        return self.row is None and is_made(field)

    def _set_initial(self) -> None:
        """What the fields show first: the fact as it is; for a new one, what the address gives."""
        self.initial = {**self.initial, "visibility": "public"}
        row = (self.row if self.row is not None else self._prefilled()) | self.proposed
        for field in self.row_fields:
            value = row.get(field.key)
            if row_inputs.picks_several(field):
                texts = [self._picker_text(field, key) for key in value or []]
                self.initial |= {f"{field.key}-{number}": text for number, text in enumerate(texts)}
            elif value not in (None, "") or self.record is not None:
                self.initial[field.key] = self._shown(field, value)
        if self.row is None:
            given = {name: self.request.GET[name][:1000] for name in SOURCE_FIELDS if self.request.GET.get(name)}
            self.initial |= given
        self.initial |= source_initial(self.proposed.get("source"))

    def _prefilled(self) -> Values:
        """The values that the address gives, else the organisation for which the person acts."""
        keys = [field.key for field in self.row_fields if field.key in self.request.GET]
        given = {key: self.request.GET[key][:400] for key in keys}
        field = next((self.fact_list.field(name) for name in self.fact_list.concerns), None)
        if field and not given and row_inputs.picked_lists(field) and (own := acting_organisation(self.request)):
            given[field.key] = own.key
        if "n" in self.fields and "n" not in self.proposed:
            given.setdefault("n", str(next_number(self.fact_list)))
        if not self.is_bound:
            self._check_prefilled(given)
        several = {field.key for field in self.row_fields if row_inputs.picks_several(field)}
        return {key: [value] if key in several else value for key, value in given.items()}

    def _check_prefilled(self, given: Values) -> None:
        """Raise `LinkError` for an address that names a record which is not there, or not for its reader."""
        for field in self.row_fields:
            lists, key = row_inputs.referred_lists(field), given.get(field.key)
            if key and lists and not _takes_words(field) and find_by_key(self.request, lists, key) is None:
                message = _("It names “%(key)s” as “%(field)s”: the register has no such record, or it is not for you.")
                raise LinkError(message % {"key": key, "field": field.title})

    def _shown(self, field: RowField, value: Value) -> str:
        if row_inputs.picked_lists(field):
            return self._picker_text(field, str(value or ""))
        return row_inputs.shown_value(field, value, self.record)

    def _picker_text(self, field: RowField, key: str) -> str:
        record = find_by_key(self.request, row_inputs.picked_lists(field), key) if key else None
        return picker_text(record) if record else key

    # Reading what was typed

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        for field in self.row_fields:
            if row_inputs.picks_several(field):
                self._clean_several(field, cleaned)
            elif field.key in cleaned and (self.row is None or field.key in self.changed_data):
                self._clean_row_field(field, cleaned[field.key])
        if (names := self.dated_names(cleaned)) is not None:
            self.row_values["names"] = names
        self._make_key()
        if self.fact_list.has_sources and (source := self.given_source(cleaned)):
            self.row_values["source"] = [source]
        return cleaned

    def _clean_row_field(self, field: RowField, text: str) -> None:
        if not text and self.row is None:
            return
        if not text and isinstance(field.type, PartialDate) and field.type.end:
            text = field.type.absent
        try:
            self.row_values[field.key] = _mapping(field, text) or self._picked(field, field.key, text)
            field.type.parse(self.row_values[field.key])
        except InvalidValueError as error:
            self.add_error(field.key, str(error.as_row_error(field.title)))

    def _clean_several(self, field: RowField, cleaned: Values) -> None:
        names = self._names_of(field)
        if self.row is not None and not set(names) & set(self.changed_data):
            return
        keys = [self._picked(field, name, cleaned[name]) for name in names if cleaned.get(name)]
        if keys or self.row is not None:
            self.row_values[field.key] = keys

    def _picked(self, field: RowField, name: str, text: str) -> str:
        """The key that a text means in a picker; the text itself for another field, or where words are enough."""
        lists = row_inputs.picked_lists(field)
        if not lists or not text:
            return text
        key, error = picked_key(self.request, text, lists)
        if error and _takes_words(field):
            return text
        if error:
            self.add_error(name, error)
        return key

    def _make_key(self) -> None:
        field = next((field for field in self.row_fields if self._is_made(field)), None)
        if field and not self.row_values.get(field.key) and not self.errors:
            self.row_values[field.key] = new_key(self.fact_list, self.row_values)

    # Showing it

    def groups(self) -> Iterator[FormGroup]:
        """The fields of the fact in groups: its own, its identifiers, then its key, notes and visibility."""
        identifiers = [field for field in self.row_fields if _is_identifier(field)]
        more = [field for field in self.row_fields if field.key in _MORE and not self._is_main(field)]
        main = [field for field in self.row_fields if field not in identifiers and field not in more]
        yield FormGroup("", self._parts(main))
        if lines := [self._name_part(name) for fields in self.name_lines for name in fields.values()]:
            yield FormGroup(_("Names over time"), lines, any(part.field.errors for part in lines))
        for title, row_fields in ((_("Identifiers"), identifiers), (_("More fields"), more)):
            parts = self._parts(row_fields)
            if parts:
                yield FormGroup(title, parts, any(part.field.errors for part in parts))

    def _name_part(self, name: str) -> FormPart:
        bound, is_date = self[name], name.endswith(("-from", "-to"))
        empty = "open" if name.endswith("-to") else "unknown"
        understood = understood_date(str(bound.value() or ""), empty=empty) if is_date else None
        return FormPart(bound, understood, is_wide=name.endswith("-text"))

    def _is_main(self, field: RowField) -> bool:
        return field.key == "key" and not self._is_made(field)

    def _parts(self, row_fields: list[RowField]) -> list[FormPart]:
        return [self._part(field, name) for field in row_fields for name in self._names_of(field)]

    def _part(self, field: RowField, name: str) -> FormPart:
        bound = self[name]
        text = str(bound.value() or "")
        understood = understood_date(text, field.type) if row_inputs.is_date(field.type) else None
        lists = row_inputs.picked_lists(field)
        options = picker_options(self.request, text, lists) if lists and bound.errors else []
        is_wide = bool(lists) or isinstance(bound.field.widget, forms.Textarea)
        return FormPart(bound, understood, bool(lists), tuple(options), is_wide, self._is_new_name(field))

    def focus_first_error(self) -> None:
        """Give the focus to the first field at fault."""
        name = next((name for name in self.fields if name in self.errors), None)
        if name:
            self.fields[name].widget.attrs["autofocus"] = True

    def shared_by_next(self) -> dict[str, str]:
        """What the next fact of the same sitting shares, as parameters of an address: organisations, kind, source."""
        shared = {
            field.key: str(self.row_values[field.key])
            for field in self.row_fields
            if field.key in self.row_values and isinstance(field.type, Reference) and not picks_words(field)
        }
        source = {name: str(self.cleaned_data.get(name) or "") for name in SOURCE_FIELDS}
        return shared | {name: text for name, text in source.items() if text}


def _mapping(field: RowField, text: str) -> Raw:
    """A mapping such as `{fr: …, en: …}` in a field that takes any value; `None` for another text."""
    if not (isinstance(field.type, Part) and field.type.shape == "any" and text.startswith("{")):
        return None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def picks_words(field: RowField) -> bool:
    """Whether words may stand for the record."""
    return isinstance(field.type, ReferenceOrText)


def _takes_words(field: RowField) -> bool:
    """Whether words may stand for a record, or for one of several."""
    return picks_words(field) or field.key == "parties"


def _is_key(field: RowField) -> bool:
    return isinstance(field.type, Key) and field.key == "key"


def _is_identifier(field: RowField) -> bool:
    return isinstance(field.type, Several) and isinstance(field.type.of, IdentifierValue)


class EndForm(SourceFieldsMixin):
    """Since when a fact no longer holds, who says so, and why it is changed."""

    end = forms.CharField(
        label=gettext_lazy("It no longer holds since"),
        help_text=gettext_lazy("As precisely as it is known: 2026, July 2026, 7/2/2026."),
        max_length=40,
    )
    reason = reason_field()

    def __init__(self, fact_list: AnyFactList, request: Request, *, of_sitting: bool = True) -> None:
        """`of_sitting` is whether the source may be that of the sitting, and be kept for it."""
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None, label_suffix="")
        self.request = request
        self.fields["end"].widget.attrs |= row_inputs.date_attributes("end")
        if fact_list.has_sources:
            self.add_source_fields(request, of_sitting=of_sitting)

    def groups(self) -> Iterator[FormGroup]:
        yield FormGroup("", [FormPart(self["end"], understood_date(str(self["end"].value() or "")))])

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        cleaned["source"] = (self.given_source(cleaned) if "source_kind" in self.fields else None) or ""
        return cleaned


class ReasonForm(forms.Form):
    """Why a fact is withdrawn or restored."""

    reason = reason_field()

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, label_suffix="")
