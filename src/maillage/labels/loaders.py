"""List loaders of labels, waves, awards and the parameters of schemes, and their export rows."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.list_export import export_organisation, export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.periods import UNKNOWN, InvalidPeriodError, TruthOnDay, edtf_text, span
from maillage.core.row_writing import cite_sources, row_amount, row_values, upsert
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.vocabulary import PARAMETER_CHOICES, PARAMETER_KINDS, CertaintyMark, ParameterKind, ParameterName
from maillage.register.loaders import choice_value, find_organisation, find_organisation_or_text, period_values

_LABEL_TEXTS = {
    "name_fr": "name", "name_en": "name_en", "purpose_en": "purpose", "purpose_fr": "purpose_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip
_AWARD_TEXTS = {"note_en": "note", "note_fr": "note_fr", "evidence_en": "certainty", "evidence_fr": "certainty_fr"}
_WAVE_TEXTS = {
    "name_fr": "name", "name_en": "name_en", "decided": "decided", "outcome_en": "outcome", "outcome_fr": "outcome_fr",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip
_NOTES = {"note_en": "note", "note_fr": "note_fr"}
_EMPTY_VALUES: dict[str, Any] = {
    "number": None, "currency": "", "day": "", "body": None, "chosen": [], "text_fr": "", "text_en": "",
}  # fmt: skip
MOST_MONTHS = 600
_CONFIRMED_IN = re.compile(r"confirmed in (\d{4}) or later")


def write_label(row: FileRow) -> RowOutcome:
    """Write one row of `labels`."""
    values: dict[str, Any] = row_values(row, **_LABEL_TEXTS) | period_values(row, "since", "until")
    if "authority" in row.values:
        values |= find_organisation_or_text(row, "authority", "authority")
    if "managed_by" in row.values:
        values["managed_by"] = find_organisation(row, "managed_by")
    label, outcome = upsert(Label, {"key": row.text("key")}, values)
    return outcome | cite_sources(row, label)


def _find_label(row: FileRow) -> Label:
    key = row.text("label")
    label: Label | None = Label.objects.filter(key=key).first()
    if label is None:
        message = _("“%(key)s” is not the key of a label; add it to “labels” or correct the key") % {"key": key}
        raise RowError(message, "label")
    return label


def _whole_day(row: FileRow, name: str) -> dt.date | None:
    text = row.text(name)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise RowError(_("“%s” is no day; write it as 2026-12-31") % text[:20], name) from None


def write_award(row: FileRow) -> RowOutcome:
    """Write one row of `awards`. An award has a term, so a missing end is unknown, not open."""
    start = edtf_text(row.values.get("from"))
    identity = {"label": _find_label(row), **find_organisation_or_text(row, "holder", "holder"), "period_start": start}
    values: dict[str, Any] = row_values(row, **_AWARD_TEXTS)
    if "simulated" in row.values:
        values["simulated"] = _yes_or_no(row, "simulated")
    if "to" in row.values or not Award.objects.filter(**identity).exists():
        values["period_end"] = edtf_text(row.values.get("to"))
    if "probation_until" in row.values:
        values["probation_until"] = _whole_day(row, "probation_until")
    award, outcome = upsert(Award, identity, values)
    return outcome | cite_sources(row, award)


def _yes_or_no(row: FileRow, name: str) -> bool:
    value = row.values[name]
    if not isinstance(value, bool):
        raise RowError(_("“%(key)s” must be yes or no") % {"key": name}, name)
    return value


def write_wave(row: FileRow) -> RowOutcome:
    """Write one row of `waves`: an edition of a label's call, with the term of the labels then awarded."""
    values: dict[str, Any] = row_values(row, **_WAVE_TEXTS) | period_values(row, absent_end=UNKNOWN)
    if "decided" in values:
        values["decided"] = _edtf_day(row, "decided")
    if "mark" in row.values:
        values["mark"] = choice_value(row, "mark", CertaintyMark)
    wave, outcome = upsert(Wave, {"label": _find_label(row), "key": row.text("key")}, values)
    return outcome | cite_sources(row, wave)


def write_parameter(row: FileRow) -> RowOutcome:
    """Write one row of `parameters`; the name of the parameter determines the kind of its value."""
    label, name = _find_label(row), choice_value(row, "name", ParameterName)
    identity = {"label": label, "wave": _find_wave(row, label), "name": name}
    values: dict[str, Any] = row_values(row, **_NOTES) | period_values(row)
    identity["period_start"] = values.pop("period_start", UNKNOWN)
    parameter, outcome = upsert(
        Parameter,
        identity,
        {**values, "mark": choice_value(row, "mark", CertaintyMark), **_parameter_values(row, name)},
    )
    return outcome | cite_sources(row, parameter)


def _find_wave(row: FileRow, label: Label) -> Wave | None:
    key = row.text("wave")
    wave: Wave | None = label.waves.filter(key=key).first() if key else None
    if key and wave is None:
        message = _("“%(key)s” is not a wave of the label “%(label)s”; add it to “waves” or correct the key")
        raise RowError(message % {"key": key, "label": label.key}, "wave")
    return wave


def _parameter_values(row: FileRow, name: str) -> dict[str, Any]:
    """The value of a parameter as model fields, the others empty. Raises `RowError` for a value of another kind."""
    if row.values.get("value") is None:
        raise RowError(_("“value” is missing; where no source gives one, leave the whole row out"), "value")
    if "currency" in row.values and PARAMETER_KINDS[name] is not ParameterKind.MONEY:
        message = _("“%(name)s” is no amount of money; take “currency” away")
        raise RowError(message % {"name": name}, "currency")
    return _EMPTY_VALUES | _VALUE_PARSERS[PARAMETER_KINDS[name]](row, name)


def _whole_value(row: FileRow, name: str) -> dict[str, Any]:
    value = row.values["value"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = _("“%(value)s” is not a whole number, which “%(name)s” must be; write one such as 48")
        raise RowError(message % {"value": value, "name": name}, "value")
    return {"number": Decimal(value)}


def _months_value(row: FileRow, name: str) -> dict[str, Any]:
    values = _whole_value(row, name)
    if values["number"] > MOST_MONTHS:
        message = _("“%(name)s” is at most %(most)d months; write the number of months, such as 48")
        raise RowError(message % {"name": name, "most": MOST_MONTHS}, "value")
    return values


def _money_value(row: FileRow, _name: str) -> dict[str, object]:
    return {"number": row_amount(row, "value"), "currency": row.text("currency")}


def _day_value(row: FileRow, _name: str) -> dict[str, object]:
    return {"day": _edtf_day(row, "value")}


def _edtf_day(row: FileRow, name: str) -> str:
    """A day, month or year in EDTF, or empty. Raises `RowError` for anything else."""
    text = edtf_text(row.values[name])
    try:
        if text:
            span(text)
    except InvalidPeriodError as error:
        raise RowError(str(error), name) from error
    return text


def _organisation_value(row: FileRow, name: str) -> dict[str, object]:
    """An organisation by its key; one that has none is a text in both languages, so that a mistyped key is refused."""
    if isinstance(row.values["value"], dict):
        return _text_value(row, name)
    return {"body": find_organisation(row, "value")}


def _text_value(row: FileRow, _name: str) -> dict[str, object]:
    value = row.values["value"]
    is_bilingual = isinstance(value, dict) and set(value) == {"fr", "en"}
    if not is_bilingual or not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise RowError(_("“value” must be a text in both languages: {fr: …, en: …}"), "value")
    return {"text_fr": value["fr"].strip(), "text_en": value["en"].strip()}


def _choice_values(row: FileRow, name: str) -> dict[str, object]:
    values = row.texts("value")
    known_values = PARAMETER_CHOICES[name].values
    if unknown_values := [value for value in values if value not in known_values]:
        message = _("“%(value)s” is not a known value of “%(field)s”; use one of %(choices)s")
        raise RowError(
            message % {"value": unknown_values[0], "field": name, "choices": ", ".join(known_values)}, "value"
        )
    return {"chosen": list(dict.fromkeys(values))}


_VALUE_PARSERS: dict[ParameterKind, Callable[[FileRow, str], dict[str, Any]]] = {
    ParameterKind.BODY: _organisation_value,
    ParameterKind.CHOICES: _choice_values,
    ParameterKind.MONTHS: _months_value,
    ParameterKind.COUNT: _whole_value,
    ParameterKind.DAY: _day_value,
    ParameterKind.MONEY: _money_value,
    ParameterKind.WORDS: _text_value,
}


def update_attested_awards() -> None:
    """Extend the certain period of awards without a known end to the term of the wave that attests them.

    An award "confirmed in 2020 or later" holds in the wave decided that year, for that wave's term; only a wave whose
    term is itself confirmed is used.
    """
    waves = list(Wave.objects.filter(mark=CertaintyMark.CONFIRMED).exclude(period_end=UNKNOWN))
    for award in Award.objects.filter(period_end=UNKNOWN):
        attested = _attested_term(award, [wave for wave in waves if wave.label_id == award.label_id])
        if attested and award.attested != attested:
            award.attested = attested
            award.save()


def _attested_term(award: Award, waves: list[Wave]) -> str:
    match = _CONFIRMED_IN.search(award.evidence_en)
    year = match[1] if match else award.period_start[:4]
    if not year:
        return ""
    last = span(year).last
    return next((str(wave.period) for wave in waves if wave.in_force(last) is TruthOnDay.YES), "")


def label_row(label: Label) -> dict[str, object]:
    """Serialise a label as a row of `labels`."""
    row = {"key": label.key, "authority": export_organisation(label, "authority"), **export_texts(label, _LABEL_TEXTS)}
    row |= export_period(label, "since", "until") | ({"managed_by": label.managed_by.key} if label.managed_by else {})
    return {key: value for key, value in row.items() if value}


def award_row(award: Award) -> dict[str, object]:
    """Serialise an award as a row of `awards`."""
    row = {
        "label": award.label.key,
        "holder": export_organisation(award, "holder"),
        **export_period(award, absent_end=UNKNOWN),
    }
    if award.probation_until:
        row["probation_until"] = award.probation_until.isoformat()
    return row | export_texts(award, _AWARD_TEXTS) | ({"simulated": True} if award.simulated else {})


def wave_row(wave: Wave) -> dict[str, object]:
    """Serialise a wave as a row of `waves`."""
    row = {"label": wave.label.key, "key": wave.key, "mark": wave.mark, **export_period(wave, absent_end=UNKNOWN)}
    return row | export_texts(wave, _WAVE_TEXTS)


def parameter_row(parameter: Parameter) -> dict[str, object]:
    """Serialise a parameter as a row of `parameters`."""
    row: dict[str, object] = {"label": parameter.label.key}
    if parameter.wave:
        row["wave"] = parameter.wave.key
    row |= {"name": parameter.name, "value": _value_row(parameter)}
    if parameter.currency:
        row["currency"] = parameter.currency
    return row | {"mark": parameter.mark, **export_period(parameter), **export_texts(parameter, _NOTES)}


def _value_row(parameter: Parameter) -> Any:
    if parameter.number is not None:
        return str(parameter.number) if parameter.currency else int(parameter.number)
    if parameter.body:
        return parameter.body.key
    if parameter.text_fr:
        return {"fr": parameter.text_fr, "en": parameter.text_en}
    return parameter.day or parameter.chosen


LABEL_LOADER = ListLoader(
    name="labels",
    model=Label,
    identity=("key",),
    lookup=("key",),
    fields=frozenset({*_LABEL_TEXTS.values(), "key", "authority", "managed_by", "since", "until", "source"}),
    write=write_label,
    to_row=label_row,
)
AWARD_LOADER = ListLoader(
    name="awards",
    model=Award,
    identity=("label", "holder", "from"),
    lookup=("label__key", "holder__key", "period_start"),
    fields=frozenset(
        {*_AWARD_TEXTS.values(), "label", "holder", "from", "to", "probation_until", "simulated", "source"}
    ),
    write=write_award,
    to_row=award_row,
    finish=update_attested_awards,
)
WAVE_LOADER = ListLoader(
    name="waves",
    model=Wave,
    identity=("label", "key"),
    lookup=("label__key", "key"),
    fields=frozenset({*_WAVE_TEXTS.values(), "label", "key", "from", "to", "mark", "source"}),
    write=write_wave,
    to_row=wave_row,
    finish=update_attested_awards,
)
PARAMETER_LOADER = ListLoader(
    name="parameters",
    model=Parameter,
    identity=("label", "wave", "name", "from"),
    lookup=("label__key", "wave__key", "name", "period_start"),
    fields=frozenset({*_NOTES.values(), "label", "wave", "name", "value", "currency", "from", "to", "mark", "source"}),
    write=write_parameter,
    to_row=parameter_row,
    optional_identity=frozenset({"wave", "from"}),
)

register_loaders(LABEL_LOADER, AWARD_LOADER, WAVE_LOADER, PARAMETER_LOADER)
