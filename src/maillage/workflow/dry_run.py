"""The dry run of a definition against the cases that run: which could not go on with it, and which would change."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.workflow.definition import Definition
from maillage.workflow.guards import GUARDS
from maillage.workflow.models import Case

# Cases are looked at one by one up to this many; each shows a few of its kind.
MAX_CASES_CHECKED = 5_000
CASES_SHOWN = 10


@dataclass(slots=True)
class DryRunFinding:
    """Something that would happen to running cases. `breaks` tells that they could not go on."""

    message: str
    breaks: bool
    count: int = 0
    cases: list[Case] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a dry run found: `cases_checked` of `running` cases."""

    findings: list[DryRunFinding]
    cases_checked: int
    running: int

    @property
    def broken(self) -> int:
        """How many cases could not go on."""
        return sum(finding.count for finding in self.findings if finding.breaks)


def dry_run_definition(definition: Definition, at: dt.datetime) -> DryRun:
    """Move every running case of the process to the definition, in thought alone."""
    running = Case.objects.running().filter(definition__name=definition.name)
    found: dict[str, DryRunFinding] = {}
    looked_at = 0
    for case in running.select_related("definition").order_by("due_at", "id")[:MAX_CASES_CHECKED]:
        looked_at += 1
        for message, breaks in _consequences(case, definition, at):
            finding = found.setdefault(message, DryRunFinding(message, breaks))
            finding.count += 1
            if len(finding.cases) < CASES_SHOWN:
                finding.cases.append(case)
    findings = sorted(found.values(), key=lambda one: (not one.breaks, -one.count, one.message))
    return DryRun(findings, looked_at, running.count())


def _consequences(case: Case, new: Definition, at: dt.datetime) -> list[tuple[str, bool]]:
    """What would happen to one case, in words that are the same for all cases of its kind."""
    said = [
        (_("The condition “%s” of the version it runs on is not known any more; it waits to be moved.") % name, True)
        for name in _unknown_guards(case)
    ]
    state = new.states.get(case.state)
    if state is None:
        message = _("The state “%s” is removed; keep it, or say for each case where it goes on.")
        return [*said, (message % case.current_state.title, True)]
    if state.final:
        return [*said, (_("The state “%s” becomes final: these cases would end.") % state.title, False)]
    if (state.deadline and case.due_at is None) or (case.current_state.deadline and state.deadline is None):
        said.append((_("“%s” gains or loses its deadline.") % state.title, False))
    elif state.deadline and _overdue_at_once(case, new, at):
        said.append((_("“%s” gets a shorter delay: these cases would be overdue at once.") % state.title, False))
    if set(new.waits_for(case.state)) != set(case.roles):
        said.append((_("“%s” would wait for other roles.") % state.title, False))
    return said


def _unknown_guards(case: Case) -> list[str]:
    ways = case.definition.definition.leaving(case.state)
    return sorted({name for way in ways for name in way.guards if name not in GUARDS})


def _overdue_at_once(case: Case, new: Definition, at: dt.datetime) -> bool:
    clock = case.clock_under(new)
    return bool(clock and case.due_at and clock.due_at < at <= case.due_at)
