"""Schemes of labels: their parameters, their waves with terms, and counts of holders.

Only confirmed and derived parameters are used as rules; uncertain ones are only shown.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from maillage.core.actors import Actor
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.vocabulary import SCHEME_PARAMETERS, CertaintyMark, ParameterName

MOST_WAVES = 60
MOST_PARAMETERS = 500
_DAY, _MONTH, _YEAR = len("2011-04-28"), len("2011-04"), len("2011")


@dataclass(frozen=True, slots=True)
class WaveTerm:
    """The term of the labels of a wave (EDTF; empty if unknown), and how sure it is."""

    start: str
    end: str
    mark: str


@dataclass(frozen=True, slots=True)
class HolderCount:
    """How many awards of a label are surely in force on a day, and how many perhaps."""

    day: dt.date
    sure: int
    unsure: int


@dataclass(frozen=True, slots=True)
class WaveDetails:
    """A wave with its own parameters by name, its term, and the count of holders of its label."""

    wave: Wave
    parameters: Mapping[str, Parameter]
    term: WaveTerm
    holders: HolderCount | None


@dataclass(frozen=True, slots=True)
class LabelScheme:
    """The scheme of a label: parameters without a wave, the waves from the first, and the unknown parameters."""

    parameters: list[Parameter]
    waves: list[WaveDetails]
    gaps: list[ParameterName]


def get_label_scheme(label: Label, *, actor: Actor) -> LabelScheme:
    """The scheme of a label, as far as the actor may read it."""
    parameters = list_parameters(label, actor=actor)
    parameters_by_wave: dict[int, dict[str, Parameter]] = {}
    for parameter in parameters:
        if parameter.wave_id is not None:
            parameters_by_wave.setdefault(parameter.wave_id, {})[parameter.name] = parameter
    waves = list(Wave.objects.visible_to(actor).filter(label=label).select_related("label").order_by("pk")[:MOST_WAVES])
    waves.sort(key=_wave_order)
    days = {wave.pk: day for wave in waves if (day := counting_day(wave))}
    counts_by_day = count_holders(label, set(days.values()), actor=actor)
    wave_details = [
        WaveDetails(
            wave,
            parameters_by_wave.get(wave.pk, {}),
            wave_term(wave, parameters_by_wave.get(wave.pk, {})),
            counts_by_day.get(days.get(wave.pk)),
        )
        for wave in waves
    ]
    return LabelScheme(
        [parameter for parameter in parameters if parameter.wave_id is None],
        wave_details,
        missing_parameters(parameters) if parameters or waves else [],
    )


def list_parameters(label: Label, *, actor: Actor) -> list[Parameter]:
    """The parameters of a label and of its waves, by `ParameterName`, then by start of period."""
    order = {name: position for position, name in enumerate(ParameterName.values)}
    rows = Parameter.objects.visible_to(actor).filter(label=label).select_related("label", "wave", "organisation")
    return sorted(
        rows[:MOST_PARAMETERS], key=lambda parameter: (order[parameter.name], parameter.period_start, parameter.pk)
    )


def missing_parameters(parameters: Iterable[Parameter]) -> list[ParameterName]:
    """The names of `SCHEME_PARAMETERS` that are not among these parameters."""
    known_names = {parameter.name for parameter in parameters}
    return [name for name in SCHEME_PARAMETERS if name not in known_names]


def wave_term(wave: Wave, parameters: Mapping[str, Parameter]) -> WaveTerm:
    """The term of a wave: as recorded, else derived from its length and extension if these are sure."""
    if wave.period_end != UNKNOWN:
        return WaveTerm(wave.period_start, wave.period_end, wave.mark)
    lengths = [
        parameter for name in (ParameterName.LENGTH, ParameterName.EXTENSION) if (parameter := parameters.get(name))
    ]
    if ParameterName.LENGTH not in parameters or not all(length.is_rule for length in lengths):
        return WaveTerm(wave.period_start, UNKNOWN, CertaintyMark.UNCERTAIN)
    end = term_end(wave.period_start, sum(length.whole_number for length in lengths))
    return WaveTerm(wave.period_start, end, CertaintyMark.DERIVED if end else CertaintyMark.UNCERTAIN)


def term_end(start: str, months: int) -> str:
    """The end (EDTF) of a term of so many months, as precise as its start; unknown if it cannot be derived.

    From `2011-04-28`, 60 months end on `2016-04-27`; from `2006`, 48 months end in `2010` (or on the last day before).
    """
    if start in (OPEN, UNKNOWN) or len(start) not in (_DAY, _MONTH, _YEAR) or "X" in start or months <= 0:
        return UNKNOWN
    if len(start) == _YEAR:
        return str(int(start) + months // 12) if months % 12 == 0 else UNKNOWN
    first_day = span(start).first
    years, month = divmod(first_day.month - 1 + months, 12)
    month_after = dt.date(first_day.year + years, month + 1, 1)
    if len(start) == _MONTH:
        return f"{month_after:%Y-%m}"
    next_month = (month_after + dt.timedelta(days=31)).replace(day=1)
    return min(month_after + dt.timedelta(days=first_day.day - 2), next_month - dt.timedelta(days=1)).isoformat()


def counting_day(wave: Wave) -> dt.date | None:
    """The day on which the holders of a wave are counted: the last of the year in which its term begins.

    Many awards are dated by year only; on an earlier day none of these would be certain.
    """
    begins = wave.period_start or wave.decided
    return None if begins in (OPEN, UNKNOWN) else dt.date(span(begins).last.year, 12, 31)


def count_holders(label: Label, days: Collection[dt.date], *, actor: Actor) -> dict[dt.date | None, HolderCount]:
    """The counts of awards in force on each of these days that the actor may read, without simulated ones."""
    counts: dict[str, Count] = {}
    for number, day in enumerate(sorted(days)):
        sure, perhaps = Q(certain__holds=day), Q(possible__holds=day)
        counts |= {f"sure_{number}": Count("pk", filter=sure), f"perhaps_{number}": Count("pk", filter=perhaps)}
    if not counts:
        return {}
    totals = Award.objects.visible_to(actor).filter(label=label, simulated=False).aggregate(**counts)
    return {
        day: HolderCount(day, totals[f"sure_{number}"], totals[f"perhaps_{number}"] - totals[f"sure_{number}"])
        for number, day in enumerate(sorted(days))
    }


def _wave_order(wave: Wave) -> tuple[dt.date, str]:
    """Sort key by beginning; waves without a known beginning come last."""
    begins = wave.period_start or wave.decided
    return (dt.date.max if begins in (OPEN, UNKNOWN) else span(begins).first), wave.key
