"""The names of an organisation over time, in the form that corrects it: one line of fields for each."""

from django import forms
from django.utils.translation import gettext as _

from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.values import PartialDate, Values
from maillage.register.vocabulary import NameKind
from maillage.web.facts.fields import date_attributes

_DATES = {"from": PartialDate(), "to": PartialDate(absent=OPEN)}
_KEYS = ("text", "kind", "language", "from", "to")


class DatedNamesMixin(forms.Form):
    """A form with the dated names of an organisation; `name_lines` are the names of the fields of each."""

    name_lines: list[dict[str, str]]

    def add_dated_names(self, names: list[Values]) -> None:
        """Add the fields of those of these names that are dated or aliases, and of one more."""
        names = [name for name in names if {"from", "to"} & name.keys() or name.get("kind") == NameKind.ALIAS]
        # What the form does not show of each name: its visibility and notes stay.
        self._not_shown = [{key: value for key, value in name.items() if key not in _KEYS} for name in names]
        titles = {"text": _("Name"), "kind": _("Kind"), "language": _("Language"), "from": _("Start"), "to": _("End")}
        self.name_lines = [{key: f"names-{line}-{key}" for key in _KEYS} for line in range(len(names) + 1)]
        for line, fields in enumerate(self.name_lines):
            values = names[line] if line < len(names) else {"kind": NameKind.OFFICIAL.value}
            for key, name in fields.items():
                label = f"{titles[key]} ({line + 1})"
                self.fields[name] = forms.CharField(
                    label=label, required=False, max_length=400, widget=_widget(key, name), show_hidden_initial=True
                )
                is_unknown_end = key == "to" and values.get(key) == UNKNOWN
                self.initial[name] = _("not known") if is_unknown_end else values.get(key, "")

    def dated_names(self, cleaned: Values) -> list[Values] | None:
        """The names that were typed, as a row gives them; `None` if none was changed. Errors are at their field."""
        if not {name for fields in self.name_lines for name in fields.values()} & set(self.changed_data):
            return None
        typed = [{key: (name, cleaned.get(name, "")) for key, name in fields.items()} for fields in self.name_lines]
        not_shown = [*self._not_shown, {}]
        return [not_shown[line] | self._name(fields) for line, fields in enumerate(typed) if fields["text"][1]]

    def _name(self, fields: dict[str, tuple[str, str]]) -> Values:
        values: Values = {}
        for key, (name, text) in fields.items():
            if text:
                values[key] = self._date(name, text) if key in ("from", "to") else text
        return values

    def _date(self, name: str, text: str) -> str:
        try:
            return PartialDate().parse(text)
        except InvalidValueError as error:
            self.add_error(name, str(error.as_row_error(str(self.fields[name].label))))
            return ""


def _widget(key: str, name: str) -> forms.Widget:
    if key == "kind":
        return forms.Select(choices=NameKind.choices)
    if key == "language":
        return forms.TextInput(attrs={"placeholder": "fr", "maxlength": 8})
    if key == "text":
        return forms.TextInput()
    return forms.TextInput(attrs=date_attributes(name, _DATES[key]))


def name_words(name: Values) -> str:
    """A dated name of a row, in words."""
    return ", ".join(str(name[key]) for key in _KEYS if name.get(key))
