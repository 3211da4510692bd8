"""Cells and values: how the text of a cell is read by the type of its field, and how a value is written to a cell."""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.periods import UNKNOWN
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.row import RowField, suggest
from maillage.core.rows.sources import SourceInput, SourceValue
from maillage.core.rows.values import (
    Amount,
    Choice,
    Part,
    PartialDate,
    Raw,
    Reference,
    ReferenceOrText,
    Several,
    Value,
    ValueType,
    WholeNumber,
    YesNo,
)
from maillage.core.sheets.columns import is_number_like
from maillage.core.text import fold

_UNKNOWN_END = "?"
_CELL_ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|VALEUR!|NOM\?|NOMBRE!)")
_SOURCE_SEPARATOR = re.compile(r"\s*[\n;]\s*|\s+(?=https?://)")
_TWO_LANGUAGES = re.compile(r"(fr|en)\s*:(.*)\n\s*(en|fr)\s*:(.*)", re.DOTALL)
_TICKS = frozenset({"x", "✓", "✔"})


def is_source(row_field: RowField) -> bool:
    """Whether a field holds sources."""
    return isinstance(row_field.type, Several) and isinstance(row_field.type.of, SourceValue)


def cell_text(row_field: RowField, value: Value) -> str:
    """The text of the cell of a field, in the active language; `value` is that of an export, `None` for none."""
    value_type = row_field.type
    if isinstance(value_type, PartialDate) and value_type.end:
        return _end_text(value_type, value)
    if value is None or value == "":
        return ""
    if isinstance(value_type, Part):
        return _part_text(value)
    if isinstance(value_type, Several):
        items = value if isinstance(value, list) else [value]
        return ("\n" if is_source(row_field) else "; ").join(value_type.of.to_text(item) for item in items)
    return value_type.to_text(value)


def _part_text(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{language}: {text}" for language, text in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _end_text(value_type: PartialDate, value: str | None) -> str:
    """The end of a period: an empty cell is what the list takes for an end that is not given."""
    if value is None or value == value_type.absent:
        return ""
    return _UNKNOWN_END if value == UNKNOWN else value


def empty_value(row_field: RowField) -> str | None:
    """The value of a cell that a person has emptied."""
    value_type = row_field.type
    return value_type.absent if isinstance(value_type, PartialDate) and value_type.end else None


@dataclass(slots=True)
class CellReader:
    """Reads cells for one actor, whose organisations are found by their names; remembers what it has found."""

    actor: Actor
    _choices: dict[int, dict[str, str]] = field(default_factory=dict)
    _keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, row_field: RowField, text: str, known_sources: list[SourceInput]) -> Raw:
        """The value of a cell that is not empty, as files give it. Raises `RowError` that names the field by its title.

        `known_sources` are the sources that the record has, which a cell may repeat in words.
        """
        try:
            value = self._value(row_field, text, known_sources)
            row_field.type.parse(value)
        except InvalidValueError as error:
            reason = str(error.as_row_error(row_field.title))
            raise RowError(reason + _zeros_hint(row_field.type, text), row_field.key) from error
        return value

    def _value(self, row_field: RowField, text: str, known_sources: list[SourceInput]) -> Raw:
        if _CELL_ERROR.fullmatch(text):
            message = _("the formula of the cell gives %(text)s; correct it, or type the value")
            raise InvalidValueError(message, text=text)
        if is_source(row_field):
            return [_source(item, known_sources) for item in _SOURCE_SEPARATOR.split(text) if item]
        if isinstance(row_field.type, Several):
            items = [item.strip() for item in re.split(row_field.type.separator, text)]
            return [self._single(row_field.type.of, item) for item in items if item]
        return self._single(row_field.type, text)

    def _single(self, value_type: ValueType, text: str) -> Raw:
        if isinstance(value_type, Part) and (match := _TWO_LANGUAGES.fullmatch(text)):
            return {match[1]: match[2].strip(), match[3]: match[4].strip()}
        if isinstance(value_type, Choice):
            return self._choice(value_type, text)
        if isinstance(value_type, Reference):
            return self._reference(value_type, text)
        if isinstance(value_type, Amount | WholeNumber):
            return plain_number(text)
        if isinstance(value_type, YesNo):
            return "yes" if text.casefold() in _TICKS else text
        return text

    def _choice(self, value_type: Choice, text: str) -> str:
        """The key of a choice given by its key, or by its label in any language of the site."""
        if id(value_type) not in self._choices:
            self._choices[id(value_type)] = _labels(value_type)
        if key := self._choices[id(value_type)].get(fold(text)):
            return key
        hint = suggest(text, [str(label) for _key, label in value_type.choices])
        raise InvalidValueError(_("“%(value)s” is not a known value of “%(key)s”; %(hint)s"), value=text, hint=hint)

    def _reference(self, value_type: Reference, text: str) -> str:
        """The key of a record given by its key, or by a name that only this record of its list has."""
        place = (value_type.list, text)
        if place not in self._keys:
            self._keys[place] = self._key(value_type, text)
        return self._keys[place]

    def _key(self, value_type: Reference, text: str) -> str:
        target = FACT_LISTS.get(value_type.list)
        if target is None or target.find_named is None or value_type.find(text):
            return text
        records = target.find_named(text, self.actor)
        if len(records) > 1:
            keys = ", ".join(record.key for record in records[:5])
            message = _("several organisations are called “%(value)s”; write the key of one: %(keys)s")
            raise InvalidValueError(message, value=text, keys=keys)
        if not records and not isinstance(value_type, ReferenceOrText):
            message = _("no organisation has the key or the name “%(value)s”; correct it, or record it first")
            raise InvalidValueError(message, value=text)
        return str(records[0].key) if records else text


def _labels(value_type: Choice) -> dict[str, str]:
    keys: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            keys |= {fold(str(label)): key for key, label in value_type.choices}
    active = {fold(str(label)): key for key, label in value_type.choices}
    return keys | active | {fold(key): key for key, _label in value_type.choices}


def _source(text: str, known_sources: list[SourceInput]) -> Raw:
    """A source: an address, one that the record has already, or the title of a document."""
    known = next((source for source in known_sources if SourceValue().to_text(source) == text), None)
    if known is not None:
        return known
    return text if text.startswith(("http://", "https://")) else {"kind": "document", "title": text}


def plain_number(text: str) -> str:
    """A number as it is written in French or English, in plain digits: `1 234,50 €` gives `1234.50`."""
    digits = re.sub(r"[\s\u202f\u00a0€$£'’]", "", text)
    if re.fullmatch(r"-?\d+,\d{1,2}", digits) or re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d+", digits):
        return digits.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)", digits):
        return digits.replace(",", "")
    return digits


def _zeros_hint(value_type: ValueType, text: str) -> str:
    if is_number_like(value_type) or not text.isdigit():
        return ""
    return " " + _("(if it begins with zeros, the spreadsheet has removed them: format the column as text)")
