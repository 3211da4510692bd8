"""What was done today by the reader and the colleagues, from what rooms register."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from maillage.core.registers import Register, qualified_name
from maillage.core.security.session_scope import actor_scope
from maillage.desk.providers import DeskReader, case_page_by_id
from maillage.workflow.models import Case, CaseStep, StepKind

MAX_DONE_ROWS = 12


@dataclass(frozen=True, slots=True)
class DoneRow:
    """Something that was done: what, on which thing (with its page), when and by whom."""

    what: str
    title: str
    url: str
    at: dt.datetime
    by: str
    is_own: bool = False


DoneProvider = Callable[[DeskReader, dt.datetime], Iterable[DoneRow]]
DONE_PROVIDERS: Register[DoneProvider] = Register("what was done today")


def done_rows(provider: DoneProvider) -> DoneProvider:
    """Register a function that finds what was done since a moment, as far as the reader may read it."""
    DONE_PROVIDERS[qualified_name(provider)] = provider
    return provider


def done_today(readers: Iterable[DeskReader]) -> list[DoneRow]:
    """What was done today as far as a person may read it by any role, the latest first."""
    rows: dict[tuple[dt.datetime, str, str], DoneRow] = {}
    for reader in readers:
        midnight = timezone.localtime(reader.at).replace(hour=0, minute=0, second=0, microsecond=0)
        with actor_scope(reader.actor):
            for provider in DONE_PROVIDERS.values():
                rows |= {(row.at, row.what, row.title): row for row in provider(reader, midnight)}
    return sorted(rows.values(), key=lambda row: row.at, reverse=True)[:MAX_DONE_ROWS]


@done_rows
def case_steps(reader: DeskReader, since: dt.datetime) -> Iterable[DoneRow]:
    """The transitions that persons applied to cases that the reader may read."""
    steps = CaseStep.objects.filter(case__in=Case.objects.visible_to(reader.actor), kind=StepKind.FIRED)
    by_persons = steps.filter(at__gte=since, user__isnull=False).select_related("case__definition", "definition")
    latest = list(by_persons.order_by("-pk")[:MAX_DONE_ROWS])
    pages = case_page_by_id({step.case_id: step.case for step in latest}.values(), reader.actor)
    for step in latest:
        transition = step.definition.definition.transitions.get(step.transition)
        what = str(transition.title if transition else step.get_kind_display())
        yield DoneRow(
            what, step.case.title, pages[step.case_id].url, step.at, step.actor, step.user == reader.actor.user_id
        )
