"""The dry run of a definition on the running cases: which could not go on with it, and which would change."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.workflow.definition import Definition
from maillage.workflow.guards import GUARDS
from maillage.workflow.models import Case

# At most this many cases are checked, and each finding shows at most this many of its cases.
MAX_CASES_CHECKED = 5_000
CASES_SHOWN = 10


@dataclass(slots=True)
class DryRunFinding:
    """A consequence for running cases; `breaks` where they could not go on. `cases` are the first few of `count`."""

    message: str
    breaks: bool
    count: int = 0
    cases: list[Case] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DryRun:
    """The result of a dry run, which checked `cases_checked` of `running` cases."""

    findings: list[DryRunFinding]
    cases_checked: int
    running: int

    @property
    def broken(self) -> int:
        """The number of cases that could not go on."""
        return sum(finding.count for finding in self.findings if finding.breaks)


def dry_run_definition(definition: Definition, at: dt.datetime) -> DryRun:
    """Find what moving every running case of the process to the definition would change; nothing is saved."""
    running = Case.objects.running().filter(definition__name=definition.name)
    findings_by_message: dict[str, DryRunFinding] = {}
    cases_checked = 0
    for case in running.select_related("definition").order_by("due_at", "id")[:MAX_CASES_CHECKED]:
        cases_checked += 1
        for message, breaks in _consequences(case, definition, at):
            finding = findings_by_message.setdefault(message, DryRunFinding(message, breaks))
            finding.count += 1
            if len(finding.cases) < CASES_SHOWN:
                finding.cases.append(case)
    findings = sorted(
        findings_by_message.values(), key=lambda finding: (not finding.breaks, -finding.count, finding.message)
    )
    return DryRun(findings, cases_checked, running.count())


def _consequences(case: Case, new: Definition, at: dt.datetime) -> list[tuple[str, bool]]:
    """The consequences for one case, each as (message, breaks); equal messages are counted together."""
    consequences = [
        (_("The condition “%s” of the version it runs on is not known any more; it waits to be moved.") % name, True)
        for name in _unknown_guards(case)
    ]
    state = new.states.get(case.state)
    if state is None:
        message = _("The state “%s” is removed; keep it, or say for each case where it goes on.")
        return [*consequences, (message % case.current_state.title, True)]
    if state.final:
        return [*consequences, (_("The state “%s” becomes final: these cases would end.") % state.title, False)]
    if (state.deadline and case.due_at is None) or (case.current_state.deadline and state.deadline is None):
        consequences.append((_("“%s” gains or loses its deadline.") % state.title, False))
    elif state.deadline and _overdue_at_once(case, new, at):
        message = _("“%s” gets a shorter delay: these cases would be overdue at once.")
        consequences.append((message % state.title, False))
    if set(new.waits_for(case.state)) != set(case.roles):
        consequences.append((_("“%s” would wait for other roles.") % state.title, False))
    return consequences


def _unknown_guards(case: Case) -> list[str]:
    transitions = case.definition.definition.leaving(case.state)
    return sorted({name for transition in transitions for name in transition.guards if name not in GUARDS})


def _overdue_at_once(case: Case, new: Definition, at: dt.datetime) -> bool:
    clock = case.clock_under(new)
    return bool(clock and case.due_at and clock.due_at < at <= case.due_at)
