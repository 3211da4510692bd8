"""What the page of a label shows besides its facts: its scheme, and its waves drawn and in a table."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

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

# What stands in columns of the table of waves; what else a wave says stands under its name.
_IN_COLUMNS = frozenset(
    {
        ParameterName.CALL_OPENED, ParameterName.CALL_CLOSED, ParameterName.LENGTH, ParameterName.EXTENSION,
        ParameterName.CANDIDATES, ParameterName.AWARDED, ParameterName.RENEWED, ParameterName.PREPARATORY,
        ParameterName.ON_PROBATION, ParameterName.LOST,
    }
)  # fmt: skip
# What else became of candidates and holders: a gap where another wave of the label says it.
_OUTCOMES = (ParameterName.PREPARATORY, ParameterName.ON_PROBATION)
_SINCE_BEFORE = (ParameterName.RENEWED, ParameterName.LOST)
_FORCES = ("yes", "unsure")


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """A parameter as the page says it; `doubt` is how sure it is, where it is not confirmed."""

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
    """How many holders the register knows on a day, and the lists that name them."""

    day: dt.date
    sure: int
    unsure: int
    sure_url: str
    unsure_url: str


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave of the table. `said` has its parameters by the name of their column: one that is not there is a gap.

    `outcome` has what stands below the number awarded; `others` what else the wave says.
    """

    wave: Wave
    decided: str
    term: str
    doubt: str
    said: dict[str, ShownParameter]
    outcome: list[tuple[str, ShownParameter | None]]
    holders: CountedHolders | None
    others: list[ShownParameter]


def scheme_sections(request: Request, label: Label) -> dict[str, Any]:
    """The scheme, its gaps, its waves as rows and as a drawing."""
    scheme = get_label_scheme(label, actor=request.actor)
    cited = _evidence(request, scheme)
    told = {name for one in scheme.waves for name in one.parameters}
    return {
        "scheme": [_shown(one, request, cited) for one in scheme.parameters],
        "gaps": [name.label for name in scheme.gaps],
        "waves": [_row(one, request, cited, told) for one in scheme.waves],
        "drawing": waves_drawing.waves_drawing(scheme.waves, request.as_of.on),
        "parameters_url": f"{reverse('parameters:list')}?{query_string({'label': label.key})}",
    }


def _evidence(request: Request, scheme: LabelScheme) -> dict[RecordKey, Evidence]:
    found = [*scheme.parameters, *(one for each in scheme.waves for one in each.parameters.values())]
    return evidence_of([(Parameter.kind_name(), one.pk) for one in found], actor=request.actor)


def _shown(one: Parameter, request: Request, cited: dict[RecordKey, Evidence]) -> ShownParameter:
    return ShownParameter(
        name=one.get_name_display(),
        value=cells.render_html(parameter_value(one), request.as_of),
        period=cells.render_text(period_value(one)),
        mark=one.get_mark_display(),
        doubt="" if one.mark == CertaintyMark.CONFIRMED else one.get_mark_display(),
        note=str(one.note),
        url=one.get_absolute_url(),
        past=one.possible.upper is not None and one.possible.upper <= request.as_of.on,
        citations=NumberedCitations(cited[Parameter.kind_name(), one.pk].citations).numbered(),
    )


def _row(known: WaveDetails, request: Request, cited: dict[RecordKey, Evidence], summary: set[str]) -> WaveRow:
    shown = {name: _shown(one, request, cited) for name, one in known.parameters.items()}
    term, unknown = known.term, (known.term.start, known.term.end) == (UNKNOWN, UNKNOWN)
    return WaveRow(
        wave=known.wave,
        decided=formats.partial_date(known.wave.decided) if known.wave.decided else "",
        term="" if unknown else cells.render_text(PeriodValue(term.start, term.end)),
        doubt="" if unknown or term.mark == CertaintyMark.CONFIRMED else str(CertaintyMark(term.mark).label),
        said={name.replace("-", "_"): one for name, one in shown.items() if name in _IN_COLUMNS},
        outcome=_outcome(shown, summary),
        holders=_counted(known.wave, known.holders, request) if known.holders else None,
        others=[shown[name] for name in ParameterName.values if name in shown and name not in _IN_COLUMNS],
    )


def _outcome(shown: dict[str, ShownParameter], summary: set[str]) -> list[tuple[str, ShownParameter | None]]:
    """What became of others than those awarded; whoever held the label before is told of only where it is known."""
    known = {*(name for name in _SINCE_BEFORE if name in shown), *(name for name in _OUTCOMES if name in summary)}
    return [(str(name.label), shown.get(name)) for name in ParameterName if name in known]


def _counted(wave: Wave, is_accepted: HolderCount, request: Request) -> CountedHolders:
    sure, unsure = (_awards(wave, is_accepted.day, force, request) for force in _FORCES)
    return CountedHolders(is_accepted.day, is_accepted.sure, is_accepted.unsure, sure, unsure)


def _awards(wave: Wave, day: dt.date, force: str, request: Request) -> str:
    """The list of awards on a day; what was known is read at the same moment as the page."""
    known = request.as_of.known.isoformat() if request.as_of.known else ""
    pairs = {"label": wave.label.key, "force": force, "on": day.isoformat(), "known": known, "simulated": "no"}
    return f"{reverse('awards:list')}?{query_string(pairs)}"
