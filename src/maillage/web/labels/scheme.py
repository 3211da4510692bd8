"""What the page of a label shows besides its facts: its scheme, and its waves drawn and in a table."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from maillage.kernel import wording
from maillage.kernel.certainty import Evidence, RecordKey, evidence_of
from maillage.kernel.listing import Between, between
from maillage.kernel.models import Citation
from maillage.kernel.periods import UNKNOWN
from maillage.kernel.request import Request
from maillage.labels.listing import value_of
from maillage.labels.models import Label, Parameter, Wave
from maillage.labels.schemes import Holders, KnownWave, Scheme, scheme_of
from maillage.labels.vocabulary import Mark, ParameterName
from maillage.web import cells
from maillage.web.evidence import Sources
from maillage.web.labels import waves
from maillage.web.links import query_of

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
class Shown:
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
class Counted:
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
    said: dict[str, Shown]
    outcome: list[tuple[str, Shown | None]]
    holders: Counted | None
    others: list[Shown]


def sections(request: Request, label: Label) -> dict[str, Any]:
    """The scheme, its gaps, its waves as rows and as a drawing."""
    scheme = scheme_of(label, actor=request.actor)
    cited = _evidence(request, scheme)
    told = {name for one in scheme.waves for name in one.parameters}
    return {
        "scheme": [_shown(one, request, cited) for one in scheme.parameters],
        "gaps": [name.label for name in scheme.gaps],
        "waves": [_row(one, request, cited, told) for one in scheme.waves],
        "drawing": waves.drawn(scheme.waves, request.reading.on),
        "parameters_url": f"{reverse('parameters:list')}?{query_of({'label': label.key})}",
    }


def _evidence(request: Request, scheme: Scheme) -> dict[RecordKey, Evidence]:
    found = [*scheme.parameters, *(one for each in scheme.waves for one in each.parameters.values())]
    return evidence_of([(Parameter.kind_name(), one.pk) for one in found], actor=request.actor)


def _shown(one: Parameter, request: Request, cited: dict[RecordKey, Evidence]) -> Shown:
    return Shown(
        name=one.get_name_display(),
        value=cells.html(value_of(one), request.reading),
        period=cells.words(between(one)),
        mark=one.get_mark_display(),
        doubt="" if one.mark == Mark.CONFIRMED else one.get_mark_display(),
        note=str(one.note),
        url=one.get_absolute_url(),
        past=one.possible.upper is not None and one.possible.upper <= request.reading.on,
        citations=Sources(cited[Parameter.kind_name(), one.pk].citations).numbered(),
    )


def _row(known: KnownWave, request: Request, cited: dict[RecordKey, Evidence], told: set[str]) -> WaveRow:
    shown = {name: _shown(one, request, cited) for name, one in known.parameters.items()}
    term, unknown = known.term, (known.term.start, known.term.end) == (UNKNOWN, UNKNOWN)
    return WaveRow(
        wave=known.wave,
        decided=wording.partial_date(known.wave.decided) if known.wave.decided else "",
        term="" if unknown else cells.words(Between(term.start, term.end)),
        doubt="" if unknown or term.mark == Mark.CONFIRMED else str(Mark(term.mark).label),
        said={name.replace("-", "_"): one for name, one in shown.items() if name in _IN_COLUMNS},
        outcome=_outcome(shown, told),
        holders=_counted(known.wave, known.holders, request) if known.holders else None,
        others=[shown[name] for name in ParameterName.values if name in shown and name not in _IN_COLUMNS],
    )


def _outcome(shown: dict[str, Shown], told: set[str]) -> list[tuple[str, Shown | None]]:
    """What became of others than those awarded; whoever held the label before is told of only where it is known."""
    known = {*(name for name in _SINCE_BEFORE if name in shown), *(name for name in _OUTCOMES if name in told)}
    return [(str(name.label), shown.get(name)) for name in ParameterName if name in known]


def _counted(wave: Wave, held: Holders, request: Request) -> Counted:
    sure, unsure = (_awards(wave, held.day, force, request) for force in _FORCES)
    return Counted(held.day, held.sure, held.unsure, sure, unsure)


def _awards(wave: Wave, day: dt.date, force: str, request: Request) -> str:
    """The list of awards on a day; what was known is read at the same moment as the page."""
    known = request.reading.known.isoformat() if request.reading.known else ""
    pairs = {"label": wave.label.key, "force": force, "on": day.isoformat(), "known": known, "simulated": "no"}
    return f"{reverse('awards:list')}?{query_of(pairs)}"
