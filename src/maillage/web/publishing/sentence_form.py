"""The form of a sentence: its texts in both languages, and for each variable in them the fact it is bound to."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import Actor
from maillage.core.json_types import Json, JsonObject
from maillage.core.text import label_and_value
from maillage.presentation.form_types import CleanedData, FormArgument
from maillage.publishing.fact_catalogue import FactCatalogue, FactOption, Form, form_text
from maillage.publishing.page_inputs import SentenceInput
from maillage.publishing.previews import describe_binding, describe_condition
from maillage.publishing.sentence_checks import TEMPLATE_NAMES
from maillage.publishing.sentence_templates import END_VARIABLE, InvalidTemplateError, template_variables

MAX_CONDITIONS, MAX_LENGTH = 6, 2_000
_LABELS = {
    "fr": gettext_lazy("Sentence in French"),
    "en": gettext_lazy("Sentence in English"),
    "ended_fr": gettext_lazy("Once it has ended, in French"),
    "ended_en": gettext_lazy("Once it has ended, in English"),
    "unsure_fr": gettext_lazy("While its dates are not sure, in French"),
    "unsure_en": gettext_lazy("While its dates are not sure, in English"),
}
# What a binding says beside the fact to which it leads, by field.
_WORDS, _LIST_SETTINGS = ("text_fr", "text_en"), ("form", "dated", "most")
_FORMS = [
    ("", gettext_lazy("bare: X")),
    ("the", gettext_lazy("with its article: le réseau X")),
    ("of", gettext_lazy("after “de”: du réseau X")),
    ("to", gettext_lazy("after “à”: au réseau X")),
]


@dataclass(frozen=True, slots=True)
class VariableFields:
    """The fields of one variable: the fact, then the words of a link or the settings of a list."""

    name: str
    fact: forms.BoundField
    more: list[forms.BoundField]


class SentenceForm(forms.Form):
    """A sentence. The variables in its texts decide which fields it has, so it grows when it is previewed."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        catalogue: FactCatalogue,
        actor: Actor,
        day: dt.date,
        sentence: Mapping[str, Json] | None = None,
    ) -> None:
        """`sentence` has the templates, `holds` and `bind` of a sentence that is there."""
        self._catalogue, self._actor, self._day = catalogue, actor, day
        self._saved = dict(sentence or {})
        self._bind: Mapping[str, Form] = self._saved.get("bind") or {}
        initial = {name: self._saved.get(name, "") for name in TEMPLATE_NAMES}
        super().__init__(data, initial=initial)
        self.variables = self._variables(data)
        for name in TEMPLATE_NAMES:
            self.fields[name] = _template_field(name)
        for name in self.variables:
            self._add_variable(name)
        for place, part in enumerate(self._condition_parts(data)):
            self._add_condition(place, part)

    def _variables(self, data: QueryDict | None) -> list[str]:
        """The variables of all texts, in the order in which they stand; of a text with a fault none."""
        found: dict[str, None] = {}
        for name in TEMPLATE_NAMES:
            text = str(data.get(name, "")) if data is not None else str(self.initial[name])
            found |= dict.fromkeys(_variables_of(name, text[:MAX_LENGTH]))
        return list(found)

    def _add_variable(self, name: str) -> None:
        saved = dict(self._bind.get(name, {}))
        fact = {key: value for key, value in saved.items() if key not in (*_WORDS, *_LIST_SETTINGS)}
        chosen = self._chosen(f"fact_{name}", form_text(fact) if fact else "")
        words = describe_binding(saved, actor=self._actor, day=self._day) if fact else ""
        choices = _choices(self._catalogue.bindings, fact, words)
        label = _("What {%(name)s} is") % {"name": name}
        self.fields[f"fact_{name}"] = _choice_field(label, choices, form_text(fact) if fact else "")
        form = _parsed(chosen)
        if "link" in form or "record" in form:
            for key, title in zip(_WORDS, (_("Other words, in French"), _("Other words, in English")), strict=True):
                field = forms.CharField(label=title, required=False, max_length=200, initial=saved.get(key, ""))
                self.fields[f"{key}_{name}"] = field
        elif "list" in form:
            self._add_list_settings(name, saved)

    def _add_list_settings(self, name: str, saved: Form) -> None:
        self.fields[f"form_{name}"] = forms.ChoiceField(
            label=_("Names in French"), choices=_FORMS, required=False, initial=saved.get("form", "")
        )
        self.fields[f"dated_{name}"] = forms.BooleanField(
            label=_("Each with its dates"), required=False, initial=bool(saved.get("dated", False))
        )
        self.fields[f"most_{name}"] = forms.IntegerField(
            label=_("How many names at most"), required=False, min_value=1, max_value=200, initial=saved.get("most")
        )

    def _condition_parts(self, data: QueryDict | None) -> list[Form]:
        """The saved conditions that must all hold, then one field that is free."""
        holds = self._saved.get("holds") or {}
        parts = list(holds["all"]) if "all" in holds else [holds] if holds else []
        places = sum(1 for place in range(MAX_CONDITIONS) if data is not None and data.get(f"holds_{place}"))
        empty: list[Form] = [{}] * (max(places, len(parts)) + 1 - len(parts))
        return [*parts, *empty][:MAX_CONDITIONS]

    def _add_condition(self, place: int, part: Form) -> None:
        words = ", ".join(describe_condition(part, actor=self._actor, day=self._day)) if part else ""
        label = _("It is shown while this holds") if place == 0 else _("… and while this holds too")
        choices = _choices(self._catalogue.conditions, part, words)
        self.fields[f"holds_{place}"] = _choice_field(label, choices, form_text(part) if part else "", place > 0)

    def _chosen(self, name: str, saved: str) -> str:
        return str(self.data.get(name, "")) if self.is_bound else saved

    def has_grown(self) -> bool:
        """Whether the texts or the chosen facts ask for other fields than those that were sent."""
        growing = ("fact_", "text_fr_", "form_")
        sent = {name for name in self.data if name.startswith(growing)}
        return sent != {name for name in self.fields if name.startswith(growing)}

    def texts(self) -> list[forms.BoundField]:
        return [self["fr"], self["en"]]

    def other_texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEMPLATE_NAMES[2:]]

    def has_other_texts(self) -> bool:
        """Whether a text for another phase is filled in, or has a fault."""
        return any(field.value() or field.errors for field in self.other_texts())

    def variable_fields(self) -> Iterator[VariableFields]:
        for name in self.variables:
            more = [f"{key}_{name}" for key in (*_WORDS, *_LIST_SETTINGS) if f"{key}_{name}" in self.fields]
            yield VariableFields(name, self[f"fact_{name}"], [self[key] for key in more])

    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("holds_")]

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        for name in TEMPLATE_NAMES:
            try:
                template_variables(data.get(name, ""))
            except InvalidTemplateError as error:
                self.add_error(name, str(error))
        for variant in ("ended_", "unsure_"):
            for one, other in ((f"{variant}fr", f"{variant}en"), (f"{variant}en", f"{variant}fr")):
                if data.get(one) and not data.get(other) and other not in self.errors:
                    self.add_error(other, _("Write it in this language too."))
        return data

    def input(self) -> SentenceInput:
        """The sentence as the argument of an action; only of a valid form."""
        texts = {name: self.cleaned_data[name] for name in TEMPLATE_NAMES}
        return SentenceInput(holds=self.holds(), bind=self.bind(), **texts)

    def templates(self) -> dict[str, str]:
        """The texts that are filled in, also of a form with faults."""
        texts = {name: " ".join(str(self[name].value() or "").split()) for name in TEMPLATE_NAMES}
        return {name: text for name, text in texts.items() if text}

    def holds(self) -> Form:
        parts = [_parsed(str(field.value() or "")) for field in self.conditions()]
        filled = [part for part in parts if part]
        return filled[0] if len(filled) == 1 else {"all": filled} if filled else {}

    def bind(self) -> JsonObject:
        """The binding of each variable for which a fact is chosen."""
        bind = {name: self._binding(name) for name in self.variables}
        return {name: form for name, form in bind.items() if form}

    def _binding(self, name: str) -> Form:
        form = _parsed(str(self[f"fact_{name}"].value() or ""))
        if "link" in form or "record" in form:
            words = {
                key: str(self[f"{key}_{name}"].value() or "").strip()
                for key in _WORDS
                if f"{key}_{name}" in self.fields
            }
            return form | {key: text for key, text in words.items() if text}
        if "list" in form and f"form_{name}" in self.fields:
            return form | self._list_settings(name)
        return form

    def _list_settings(self, name: str) -> Form:
        settings: Form = {}
        if self[f"form_{name}"].value():
            settings["form"] = self[f"form_{name}"].value()
        if self[f"dated_{name}"].value():
            settings["dated"] = True
        most = str(self[f"most_{name}"].value() or "")
        return settings | ({"most": int(most)} if most.isascii() and most.isdecimal() and 0 < len(most) < 4 else {})


def _template_field(name: str) -> forms.CharField:
    rows = 3 if name in ("fr", "en") else 2
    widget = forms.Textarea(attrs={"rows": rows, "lang": name[-2:], "spellcheck": "true"})
    required = name in ("fr", "en")
    return forms.CharField(label=_LABELS[name], required=required, max_length=MAX_LENGTH, widget=widget)


def _variables_of(name: str, text: str) -> list[str]:
    try:
        variables = template_variables(text)
    except InvalidTemplateError:
        return []
    if name.startswith("ended_"):
        variables -= {END_VARIABLE}
    return sorted(variables, key=lambda variable: text.index(f"{{{variable}"))


def _choices(groups: Mapping[str, list[FactOption]], saved: Form, words: str) -> list[tuple[str, FormArgument]]:
    """The choices of a field: the facts in groups, and first what is saved if it is none of them."""
    choices: list[tuple[str, FormArgument]] = [("", "—")]
    known = {option.value for options in groups.values() for option in options}
    if saved and form_text(saved) not in known:
        title = label_and_value(_("as it is"), words or _("a fact that is not in the register"))
        choices.append((form_text(saved), title))
    return choices + [
        (title, [(option.value, option.title) for option in options]) for title, options in groups.items()
    ]


def _choice_field(
    label: str, choices: list[tuple[str, FormArgument]], initial: str, optional: bool = False
) -> forms.ChoiceField:
    errors = {"required": _("Choose a fact.")}
    return forms.ChoiceField(
        label=label, choices=choices, initial=initial, required=not optional, error_messages=errors
    )


def _parsed(text: str) -> Form:
    """A form from the value of a choice; empty for what is none."""
    try:
        form = json.loads(text) if text else {}
    except ValueError:
        return {}
    return form if isinstance(form, dict) else {}
