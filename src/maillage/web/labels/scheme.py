"""Sections of the page of a label: its scheme, and its waves as a drawing and as a table."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.certainty import Evidence, RecordKey, evidence_of
from maillage.core.models import Citation
from maillage.core.periods import UNKNOWN
from maillage.core.request import Request
from maillage.labels.listing import parameter_value
from maillage.labels.models import Label, Parameter, Wave
from maillage.labels.schemes import HolderCount, LabelScheme, WaveDetails, get_label_scheme
from maillage.labels.vocabulary import CertaintyMark, ParameterName
from maillage.listing.values import PeriodValue, period_value
from maillage.presentation import cells
from maillage.presentation.evidence import NumberedCitations
from maillage.presentation.links import query_string
from maillage.web.labels import waves_drawing

# Parameters with a column in the table of waves; the others are listed under the name of the wave.
_IN_COLUMNS = frozenset(
    {
        ParameterName.CALL_OPENED, ParameterName.CALL_CLOSED, ParameterName.LENGTH, ParameterName.EXTENSION,
        ParameterName.CANDIDATES, ParameterName.AWARDED, ParameterName.RENEWED, ParameterName.PREPARATORY,
        ParameterName.ON_PROBATION, ParameterName.LOST,
    }
)  # fmt: skip
# Other outcomes of candidates and holders; shown as a gap where another wave of the label has them.
_OUTCOMES = (ParameterName.PREPARATORY, ParameterName.ON_PROBATION)
_SINCE_BEFORE = (ParameterName.RENEWED, ParameterName.LOST)
_FORCES = ("yes", "unsure")


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """A parameter ready for the page; `doubt` is its certainty, empty where it is confirmed."""

    name: str
    value: SafeString
    period: str
    mark: str
    doubt: str
    note: str
    url: str
    past: bool
    citations: list[tuple[int, Citation]]


@dataclass(frozen=True, slots=True)
class CountedHolders:
    """The numbers of holders in the register on a day, and the addresses of their lists."""

    day: dt.date
    sure: int
    unsure: int
    sure_url: str
    unsure_url: str


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave of the table. `said` has its parameters by the name of their column; a missing one is a gap.

    `outcome` has the lines below the number awarded; `others` the parameters without a column.
    """

    wave: Wave
    decided: str
    term: str
    doubt: str
    said: dict[str, ShownParameter]
    outcome: list[tuple[str, ShownParameter | None]]
    holders: CountedHolders | None
    others: list[ShownParameter]


def scheme_sections(request: Request, label: Label) -> dict[str, object]:
    """The scheme, its gaps, its waves as rows and as a drawing."""
    scheme = get_label_scheme(label, actor=request.actor)
    cited = _evidence(request, scheme)
    parameter_names = {name for wave in scheme.waves for name in wave.parameters}
    return {
        "scheme": [_shown_parameter(parameter, request, cited) for parameter in scheme.parameters],
        "gaps": [name.label for name in scheme.gaps],
        "waves": [_wave_row(wave, request, cited, parameter_names) for wave in scheme.waves],
        "drawing": waves_drawing.waves_drawing(scheme.waves, request.as_of.on),
        "parameters_url": f"{reverse('parameters:list')}?{query_string({'label': label.key})}",
    }


def _evidence(request: Request, scheme: LabelScheme) -> dict[RecordKey, Evidence]:
    parameters = [*scheme.parameters, *(parameter for wave in scheme.waves for parameter in wave.parameters.values())]
    records = [*parameters, *(wave.wave for wave in scheme.waves)]
    return evidence_of([(record.kind_name(), record.pk) for record in records], actor=request.actor)


def _doubt(mark: str, evidence: Evidence) -> str:
    """Why a value is not certain, in a word; empty where it is confirmed."""
    if any(contradiction.is_open for contradiction in evidence.contradictions):
        return _("disputed")
    return "" if mark == CertaintyMark.CONFIRMED else str(CertaintyMark(mark).label)


def _shown_parameter(parameter: Parameter, request: Request, cited: dict[RecordKey, Evidence]) -> ShownParameter:
    return ShownParameter(
        name=parameter.get_name_display(),
        value=cells.render_html(parameter_value(parameter), request.as_of),
        period=cells.render_text(period_value(parameter)),
        mark=parameter.get_mark_display(),
        doubt=_doubt(parameter.mark, cited[Parameter.kind_name(), parameter.pk]),
        note=str(parameter.note),
        url=parameter.get_absolute_url(),
        past=parameter.possible.upper is not None and parameter.possible.upper <= request.as_of.on,
        citations=NumberedCitations(cited[Parameter.kind_name(), parameter.pk].citations).numbered(),
    )


def _wave_row(details: WaveDetails, request: Request, cited: dict[RecordKey, Evidence], summary: set[str]) -> WaveRow:
    parameters = {name: _shown_parameter(parameter, request, cited) for name, parameter in details.parameters.items()}
    term, unknown = details.term, (details.term.start, details.term.end) == (UNKNOWN, UNKNOWN)
    return WaveRow(
        wave=details.wave,
        decided=formats.partial_date(details.wave.decided) if details.wave.decided else "",
        term="" if unknown else cells.render_text(PeriodValue(term.start, term.end)),
        doubt="" if unknown else _doubt(term.mark, cited[Wave.kind_name(), details.wave.pk]),
        said={name.replace("-", "_"): parameter for name, parameter in parameters.items() if name in _IN_COLUMNS},
        outcome=_outcomes(parameters, summary),
        holders=_counted_holders(details.wave, details.holders, request) if details.holders else None,
        others=[parameters[name] for name in ParameterName.values if name in parameters and name not in _IN_COLUMNS],
    )


def _outcomes(parameters: dict[str, ShownParameter], summary: set[str]) -> list[tuple[str, ShownParameter | None]]:
    """The outcomes other than awards; those of earlier holders are left out where they are not known."""
    names = {*(name for name in _SINCE_BEFORE if name in parameters), *(name for name in _OUTCOMES if name in summary)}
    return [(str(name.label), parameters.get(name)) for name in ParameterName if name in names]


def _counted_holders(wave: Wave, holder_count: HolderCount, request: Request) -> CountedHolders:
    sure, unsure = (_awards_url(wave, holder_count.day, force, request) for force in _FORCES)
    return CountedHolders(holder_count.day, holder_count.sure, holder_count.unsure, sure, unsure)


def _awards_url(wave: Wave, day: dt.date, force: str, request: Request) -> str:
    """The address of the list of awards on a day, as known at the same moment as the page."""
    known_at = request.as_of.known.isoformat() if request.as_of.known else ""
    pairs = {"label": wave.label.key, "force": force, "on": day.isoformat(), "known": known_at, "simulated": "no"}
    return f"{reverse('awards:list')}?{query_string(pairs)}"
