"""A test of each row of each definition that comes with the rooms, made from the definition itself."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import MANDATED, OFFICER, READER
from maillage.kernel.processes import actions
from maillage.kernel.processes.actions import fire
from maillage.kernel.processes.document import Definition, State, Transition
from maillage.kernel.processes.guards import GUARDS, Guard
from maillage.kernel.processes.models import Case, CaseStep
from maillage.kernel.processes.reading import from_text
from maillage.kernel.processes.shipped import shipped as files
from maillage.kernel.processes.signals import forget, listen
from maillage.kernel.processes.working_days import WorkingDays
from tests.processes.acting import ELSEWHERE, MONDAY, opened, person

DEFINITIONS = [from_text(path.read_text("utf-8")) for path in files()]
ROWS = [(one, way) for one in DEFINITIONS for way in one.transitions.values()]
STATES = [(one, state) for one in DEFINITIONS for state in one.states.values()]
LATER = MONDAY + dt.timedelta(days=2)
NAMES = [f"{one.name}-{row.name}" for one, row in ROWS]

pytestmark = pytest.mark.usefixtures("shipped")


def standing(definition: Definition, state: str) -> Case:
    """A case of the definition that stands in a state."""
    case = opened(definition.name)
    actions._enter(case, state, MONDAY)
    return case


def test_a_file_is_named_for_its_process():
    assert [path.stem for path in files()] == [one.name for one in DEFINITIONS]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_role_named_passes_from_each_state(definition: Definition, way: Transition, monkeypatch):
    # What a room must have prepared is the business of its own tests.
    for name in set(way.guards) - {"with-reason"}:
        monkeypatch.setitem(GUARDS, name, Guard(name, "open", "", lambda _situation: True))
    for state in way.sources:
        for role in way.roles:
            case = standing(definition, state)
            told = []
            listen(told.append)
            try:
                fire(actor=person(role), at=LATER, case_id=case.pk, transition=way.name, reason="Because.")
            finally:
                forget(told.append)
            case.refresh_from_db()
            assert (case.state, case.entered_at) == (way.target, LATER)
            assert (case.ended_at is not None) == definition.states[way.target].final
            step = CaseStep.objects.filter(case=case).last()
            assert (step.before, step.after, step.transition, step.reason) == (state, way.target, way.name, "Because.")
            assert [(one.name, one.roles) for one in told] == [(one.name, one.to) for one in way.notices]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_other_role_is_refused(definition: Definition, way: Transition):
    for role in {READER, OFFICER, *MANDATED} - set(way.roles):
        case = standing(definition, way.sources[0])
        with pytest.raises(Forbidden):
            fire(actor=person(role), at=LATER, case_id=case.pk, transition=way.name, reason="Because.")
        case.refresh_from_db()
        assert case.state == way.sources[0]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_a_mandate_for_another_organisation_is_refused(definition: Definition, way: Transition):
    case = standing(definition, way.sources[0])
    for role in MANDATED:
        with pytest.raises(Forbidden):
            fire(actor=person(role, ELSEWHERE), at=LATER, case_id=case.pk, transition=way.name, reason="Because.")


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_guard_is_respected(definition: Definition, way: Transition, monkeypatch):
    for name in way.guards:
        case = standing(definition, way.sources[0])
        for other in set(way.guards) - {"with-reason"}:
            monkeypatch.setitem(GUARDS, other, Guard(other, "open", "", lambda _situation: True))
        monkeypatch.setitem(GUARDS, name, Guard(name, "never", "Not today.", lambda _situation: False))
        with pytest.raises(Impossible, match="Not today"):
            fire(actor=person(way.roles[0]), at=LATER, case_id=case.pk, transition=way.name, reason="Because.")
        monkeypatch.undo()
    if "with-reason" in way.guards:
        for other in set(way.guards) - {"with-reason"}:
            monkeypatch.setitem(GUARDS, other, Guard(other, "open", "", lambda _situation: True))
        case = standing(definition, way.sources[0])
        with pytest.raises(Impossible):
            fire(actor=person(way.roles[0]), at=LATER, case_id=case.pk, transition=way.name, reason="  ")


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_it_cannot_be_fired_from_elsewhere(definition: Definition, way: Transition):
    for state in definition.states.keys() - set(way.sources):
        case = standing(definition, state)
        with pytest.raises(Impossible):
            fire(actor=person(way.roles[0]), at=LATER, case_id=case.pk, transition=way.name, reason="Because.")


@pytest.mark.parametrize(("definition", "state"), STATES, ids=[f"{one.name}-{row.name}" for one, row in STATES])
def test_each_deadline_is_computed(definition: Definition, state: State):
    case = standing(definition, state.name)
    if state.deadline is None:
        assert case.due_at is None
        return
    calendar = WorkingDays(definition.country, definition.region)
    counted, day = 0, MONDAY.date()
    while counted < state.deadline.working_days:
        day += dt.timedelta(days=1)
        counted += calendar.works(day)
    assert timezone.localdate(case.due_at) == day
    assert case.remind_at is not None
