"""The value of a parameter of a scheme: how each kind is read, stored and written back."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from maillage.core.rows.currency import check_currency
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.values import Amount, PartialDay, Raw, Several, Text, Values, WholeNumber
from maillage.labels.models import Parameter
from maillage.labels.vocabulary import PARAMETER_CHOICES, PARAMETER_KINDS, ParameterKind
from maillage.register.row_types import ORGANISATION

MOST_MONTHS = 600
_NO_VALUE: dict[str, object] = {
    "number": None, "currency": "", "day": "", "organisation": None, "chosen": [], "text_fr": "", "text_en": "",
}  # fmt: skip


def parameter_value(name: str, raw: object, currency: str, *, has_currency: bool) -> dict[str, object]:
    """The value of a parameter as model fields, the others empty. Raises `RowError` for a value of another kind."""
    if raw is None or raw == "":
        raise RowError(_("“value” is missing; where no source gives one, leave the whole row out"), "value")
    kind = PARAMETER_KINDS[name]
    if has_currency and kind is not ParameterKind.MONEY:
        message = _("“%(name)s” is no amount of money; take “currency” away")
        raise RowError(message % {"name": name}, "currency")
    if kind is ParameterKind.MONEY:
        check_currency(raw, currency, "value")
    try:
        return _NO_VALUE | _PARSERS[kind](raw, name) | ({"currency": currency} if kind is ParameterKind.MONEY else {})
    except InvalidValueError as error:
        raise error.as_row_error("value") from error


def _count(raw: object, name: str) -> Values:
    try:
        value = WholeNumber().parse(raw)
    except InvalidValueError as error:
        message = _("“%(value)s” is not a whole number, which “%(name)s” must be; write one such as 48")
        raise RowError(message % {"value": raw, "name": name}, "value") from error
    return {"number": Decimal(value or 0)}


def _months(raw: object, name: str) -> dict[str, object]:
    values = _count(raw, name)
    if values["number"] > MOST_MONTHS:
        message = _("“%(name)s” is at most %(most)d months; write the number of months, such as 48")
        raise RowError(message % {"name": name, "most": MOST_MONTHS}, "value")
    return values


def _money(raw: object, _name: str) -> dict[str, object]:
    return {"number": Amount().parse(raw)}


def _day(raw: object, _name: str) -> dict[str, object]:
    return {"day": PartialDay().parse(raw)}


def _organisation(raw: object, name: str) -> dict[str, object]:
    """An organisation by its key; one that has none is a text in both languages, so that a mistyped key is refused."""
    if isinstance(raw, dict):
        return _text(raw, name)
    return ORGANISATION.model_values(Text().parse(raw), "organisation")


def _text(raw: Raw, _name: str) -> Values:
    is_bilingual = isinstance(raw, dict) and set(raw) == {"fr", "en"}
    if not is_bilingual or not all(isinstance(text, str) and text.strip() for text in raw.values()):
        raise RowError(_("“value” must be a text in both languages: {fr: …, en: …}"), "value")
    return {"text_fr": raw["fr"].strip(), "text_en": raw["en"].strip()}


def _chosen(raw: object, name: str) -> dict[str, object]:
    values = Several(Text()).parse(raw)
    known_values = PARAMETER_CHOICES[name].values
    if unknown_values := [value for value in values if value not in known_values]:
        message = _("“%(value)s” is not a known value of “%(field)s”; use one of %(choices)s")
        words = {"value": unknown_values[0], "field": name, "choices": ", ".join(known_values)}
        raise RowError(message % words, "value")
    return {"chosen": list(dict.fromkeys(values))}


_PARSERS: dict[ParameterKind, Callable[[object, str], dict[str, object]]] = {
    ParameterKind.ORGANISATION: _organisation,
    ParameterKind.CHOICES: _chosen,
    ParameterKind.MONTHS: _months,
    ParameterKind.COUNT: _count,
    ParameterKind.DAY: _day,
    ParameterKind.MONEY: _money,
    ParameterKind.WORDS: _text,
}


def read_parameter_value(parameter: Parameter) -> object:
    """The value of a parameter as it stands in a row."""
    if parameter.number is not None:
        return str(parameter.number) if parameter.kind is ParameterKind.MONEY else int(parameter.number)
    if parameter.organisation:
        return parameter.organisation.key
    if parameter.text_fr:
        return {"fr": parameter.text_fr, "en": parameter.text_en}
    return parameter.day or parameter.chosen
