"""The lists of labels, waves, awards and the parameters of schemes."""

import datetime as dt
import re
from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import OFFICER
from maillage.core.periods import OPEN, UNKNOWN, TruthOnDay, span
from maillage.core.rows.currency import CurrencyValue
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import find_first
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, RowField, Start, UnknownEnd, optional
from maillage.core.rows.sources import Sources
from maillage.core.rows.values import Choice, Day, Key, Part, PartialDay, Raw, Reference, Text, Values, YesNo
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.parameter_values import parameter_value, read_parameter_value
from maillage.labels.vocabulary import CertaintyMark, ParameterName
from maillage.register.row_types import ORGANISATION, ORGANISATION_OR_TEXT

LABEL = Reference("labels")
_CONFIRMED_IN = re.compile(r"confirmed in (\d{4}) or later")
LabelValue = Annotated[str, LABEL, Described(_("Label"))]
MarkValue = Annotated[str, Choice(CertaintyMark.choices), Described(_("How sure"), _(
    "An uncertain one is shown, never applied as a rule."), into="mark", example="confirmed")]  # fmt: skip


class LabelRow(FactRow):
    """A recognition given to organisations by an authority."""

    key: Annotated[str, Key(), Described(_("Key"))]
    name: Annotated[str, Text(300), Described(_("Name in French"), into="name_fr")] = ""
    name_en: Annotated[str, Text(300), Described(_("Name in English"))] = ""
    authority: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Authority"), _(
        "Who gives the label: an organisation, or its name."))] = ""  # fmt: skip
    managed_by: Annotated[str, ORGANISATION, Described(_("Managed by"))] = ""
    purpose: Annotated[str, Text(long=True), Described(_("Purpose in English"), into="purpose_en")] = ""
    purpose_fr: Annotated[str, Text(long=True), Described(_("Purpose in French"))] = ""
    start: Start = optional("since")
    end: End = optional("until")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class AwardRow(FactRow):
    """A label held over a period. An award has a term, so that its end is unknown unless it is given."""

    label: LabelValue
    holder: Annotated[str, ORGANISATION_OR_TEXT, Described(_("Holder"))]
    start: Start = optional("from")
    end: UnknownEnd = optional("to")
    probation_until: Annotated[dt.date | None, Day(), Described(_("On probation until"))] = None
    certainty: Annotated[str, Text(300), Described(_("Evidence in English"), into="evidence_en")] = ""
    certainty_fr: Annotated[str, Text(300), Described(_("Evidence in French"), into="evidence_fr")] = ""
    simulated: Annotated[bool, YesNo(), Described(_("Simulated"), _(
        "Made to try something out; marked wherever it is shown."))] = False  # fmt: skip
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class WaveRow(FactRow):
    """One edition of a label's call; its period is the term of the labels then awarded."""

    label: LabelValue
    key: Annotated[str, Text(40), Described(_("Key"), example="2020")]
    name: Annotated[str, Text(120), Described(_("Name in French"), into="name_fr")] = ""
    name_en: Annotated[str, Text(120), Described(_("Name in English"))] = ""
    decided: Annotated[str, PartialDay(), Described(_("Decided on"))] = ""
    start: Start = optional("from")
    end: UnknownEnd = optional("to")
    outcome: Annotated[str, Text(long=True), Described(_("Outcome in English"), into="outcome_en")] = ""
    outcome_fr: Annotated[str, Text(long=True), Described(_("Outcome in French"))] = ""
    mark: MarkValue = CertaintyMark.UNCERTAIN
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class ParameterRow(FactRow):
    """A parameter of a scheme, or of one of its waves, over a period."""

    label: LabelValue
    wave: Annotated[str, Part("text"), Described(_("Wave"), _("The key of a wave of the label."))] = ""
    name: Annotated[str, Choice(ParameterName.choices), Described(_("Parameter"), example="length")]
    value: Annotated[Raw, Part("any"), Described(_("Value"), _(
        "A number, an amount, a date or the key of an organisation, as the parameter asks; a text as {fr: …, en: …}."),
        example="48")] = None  # fmt: skip
    currency: CurrencyValue = ""
    mark: MarkValue
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def parameter_values(row: ParameterRow, _record: Parameter | None) -> Values:
    """The wave and the value of a parameter, whose name determines the kind of its value."""
    value = parameter_value(row.name, row.value, row.currency, has_currency=row.has("currency"))
    return {"wave": _find_wave(row), **value}


def _find_wave(row: ParameterRow) -> Wave | None:
    label = LABEL.find(row.label)
    wave = find_first(Wave, {"label": label, "key": row.wave}) if label and row.wave else None
    if row.wave and wave is None:
        message = gettext("“%(key)s” is not a wave of the label “%(label)s”; add it to “waves” or correct the key")
        raise RowError(message % {"key": row.wave, "label": row.label}, "wave")
    return wave


def read_parameter(parameter: Parameter) -> Values:
    """The wave, the value and the currency of a parameter."""
    wave = parameter.wave.key if parameter.wave else ""
    return {"wave": wave, "value": read_parameter_value(parameter), "currency": parameter.currency}


class _ParameterList(FactList[ParameterRow, Parameter]):
    """The natural key of a parameter holds its wave, which is found among those of its label."""

    def lookup(self, row: ParameterRow) -> Values:
        return {**super().lookup(row), "wave": _find_wave(row)}

    def matches(self, field: RowField, value: object) -> Q:
        if field.name != "wave":
            return super().matches(field, value)
        return Q(wave__key=value) if value else Q(wave=None)


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
    if year in (OPEN, UNKNOWN):
        return ""
    last = span(year).last
    return next((str(wave.period) for wave in waves if wave.in_force(last) is TruthOnDay.YES), "")


LABELS = FactList(
    name="labels",
    title=_("Labels"),
    row=LabelRow,
    model=Label,
    natural_key=("key",),
    writers=(OFFICER,),
)
AWARDS = FactList(
    name="awards",
    title=_("Awards"),
    row=AwardRow,
    model=Award,
    natural_key=("label", "holder", "start"),
    finish=update_attested_awards,
    writers=(OFFICER,),
)
WAVES = FactList(
    name="waves",
    title=_("Waves"),
    row=WaveRow,
    model=Wave,
    natural_key=("label", "key"),
    finish=update_attested_awards,
    writers=(OFFICER,),
)
PARAMETERS = _ParameterList(
    name="parameters",
    title=_("Parameters of schemes"),
    row=ParameterRow,
    model=Parameter,
    natural_key=("label", "wave", "name", "start"),
    values=parameter_values,
    read_parts=read_parameter,
    writers=(OFFICER,),
)

register_lists(LABELS, AWARDS, WAVES, PARAMETERS)
