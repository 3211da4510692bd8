"""Forms of the settings of the site."""

from collections.abc import Iterator
from itertools import permutations

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.request import Request
from maillage.presentation.action_forms import posted_data
from maillage.presentation.form_types import CleanedData, FormArgument
from maillage.register.models import Organisation
from maillage.site.environment import locked_variable
from maillage.site.models import SiteText
from maillage.site.site_values import LEAST_YEARS, MOST_YEARS, SiteValues
from maillage.web.facts.fields import picker_attributes
from maillage.web.facts.form_parts import FormPart
from maillage.web.facts.record_picker import PICKED_SUFFIX, find_by_key, picked_key, picker_options, picker_text
from maillage.web.form_fields import textarea
from maillage.web.site.parts import FieldText, SettingsPart

_LISTS = ("organisations",)
_BLANK_PICKERS = 2


class SettingsForm(forms.Form):
    """The settings of one part. Those that the environment sets are shown locked."""

    def __init__(self, request: Request, part: SettingsPart, values: SiteValues) -> None:
        super().__init__(posted_data(request), label_suffix="")
        for name, text in part.fields.items():
            self.fields[name] = _setting_field(text)
            value = getattr(values, name)
            self.initial[name] = ",".join(value) if isinstance(value, tuple) else value
            if variable := locked_variable(name):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Locked: the environment sets it (%s).") % variable

    def changes(self) -> dict[str, str]:
        """The settings that were changed, by name; a choice is one even if it is that of the software."""
        chosen = [name for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)]
        names = [name for name in self.fields if name in self.changed_data or name in chosen]
        return {name: self.cleaned_data[name] for name in names if not self.fields[name].disabled}


def _setting_field(text: FieldText) -> forms.Field:
    options: dict[str, FormArgument] = {"label": text.label, "help_text": text.help, "required": False}
    if text.kind == "languages":
        return forms.ChoiceField(choices=list(_language_orders()), **options)
    widgets: dict[str, forms.Widget] = {"long": textarea(), "mail": forms.EmailInput(), "years": _years_input()}
    return forms.CharField(widget=widgets.get(text.kind, forms.TextInput()), strip=text.kind != "long", **options)


def _years_input() -> forms.NumberInput:
    return forms.NumberInput(attrs={"min": LEAST_YEARS, "max": MOST_YEARS, "required": True})


def _language_orders() -> Iterator[tuple[str, str]]:
    """Every choice of languages in every order: both, then one alone."""
    for count in range(len(settings.LANGUAGES), 0, -1):
        for languages in permutations(settings.LANGUAGES, count):
            yield ",".join(code for code, _name in languages), ", ".join(str(name) for _code, name in languages)


class ShownForm(forms.Form):
    """The organisations shown, in their order, each picked by name; `organisation_ids` are those picked."""

    def __init__(self, request: Request, shown: list[Organisation]) -> None:
        self.request, self.organisation_ids = request, list[int]()
        data = _with_picked(request)
        super().__init__(data, label_suffix="")
        posted = sum(1 for name in data or {} if name.startswith("shown-") and not name.endswith(PICKED_SUFFIX))
        for number in range(max(len(shown) + _BLANK_PICKERS, posted)):
            self._add_picker(f"shown-{number}", number, shown)

    def _add_picker(self, name: str, number: int, shown: list[Organisation]) -> None:
        widget = forms.TextInput(attrs=picker_attributes(name, _LISTS))
        label = _("Organisation %d") % (number + 1)
        self.fields[name] = forms.CharField(label=label, required=False, max_length=400, widget=widget)
        if number == 0:
            self.fields[name].help_text = _("Type a name, an acronym, a town or an identifier.")
        if number < len(shown):
            self.initial[name] = picker_text(shown[number])

    def clean(self) -> CleanedData:
        cleaned = super().clean() or {}
        for name in self.fields:
            if cleaned.get(name):
                self._pick(name, cleaned[name])
        return cleaned

    def _pick(self, name: str, text: str) -> None:
        key, error = picked_key(self.request, text, _LISTS)
        record = find_by_key(self.request, _LISTS, key) if key else None
        if record is None:
            self.add_error(name, error)
        else:
            self.organisation_ids.append(record.pk)

    def parts(self) -> list[FormPart]:
        """The fields as the page shows them, with the records that a refused text may mean."""
        return [self._part(name) for name in self.fields]

    def _part(self, name: str) -> FormPart:
        bound = self[name]
        options = picker_options(self.request, str(bound.value() or ""), _LISTS) if bound.errors else []
        return FormPart(bound, None, True, tuple(options), True)


def _with_picked(request: Request) -> FormArgument:
    """The posted data, in which the text of a picker names the record that was chosen below it."""
    data = posted_data(request)
    if data is None:
        return None
    named = data.copy()
    for name, key in data.items():
        if name.endswith(PICKED_SUFFIX) and (record := find_by_key(request, _LISTS, str(key))):
            named[name.removesuffix(PICKED_SUFFIX)] = picker_text(record)
    return named


class TextForm(forms.Form):
    """A text of the site in both languages."""

    text_fr = forms.CharField(
        label=gettext_lazy("Text in French"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, request: Request, text: SiteText) -> None:
        initial = {"text_fr": text.text_fr, "text_en": text.text_en}
        super().__init__(posted_data(request), initial=initial, label_suffix="")
        self.fields["text_en"].help_text = _(
            "An empty line begins a paragraph, “## ” a heading, “- ” a point of a list. Addresses become links."
        )
