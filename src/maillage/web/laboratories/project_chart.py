"""The section of an organisation's page with its past projects by year, as a chart, and with whom it worked."""

from dataclasses import dataclass

from maillage.core.request import Request
from maillage.projects.past_work import PastWork, YearOfProjects, past_work
from maillage.register.models import Organisation

WIDTH, HEIGHT, _BASE, _COLUMN_HEIGHT, _LEFT, _MAX_COLUMN = 480, 160, 136, 108, 6, 40
# As many years have a number and a name below as fit beside each other.
_WORDS = 9


@dataclass(frozen=True, slots=True)
class ProjectColumn:
    """A year as a column of the chart; `named` says whether its year and number are written."""

    x: int
    middle: int
    y: int
    width: int
    height: int
    year: YearOfProjects
    named: bool


def past_work_section(request: Request, organisation: Organisation) -> dict[str, object]:
    """The chart and the partners; empty where the year of no project is known, and for what was known earlier."""
    if request.as_of.known is not None:
        return {}
    work = past_work(organisation.pk, request.actor)
    return {"past_work": work, "project_columns": _columns(work)} if work.years else {}


def _columns(work: PastWork) -> list[ProjectColumn]:
    step = min(_MAX_COLUMN, (WIDTH - 2 * _LEFT) / len(work.years))
    unit = _COLUMN_HEIGHT / max(year.count for year in work.years)
    every = -(-len(work.years) // _WORDS)
    columns = []
    for number, year in enumerate(work.years):
        height, x, width = round(year.count * unit), round(_LEFT + number * step) + 2, round(step) - 4
        named = (len(work.years) - 1 - number) % every == 0
        columns.append(ProjectColumn(x, x + width // 2, _BASE - height, width, height, year, named))
    return columns
