"""A test of each row of each definition that comes with the rooms, made from the definition itself."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import MANDATED_ROLES, OFFICER, READER
from maillage.workflow import engine
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.definition import CaseState, Definition, Transition
from maillage.workflow.guards import GUARDS, Guard
from maillage.workflow.models import Case, CaseStep
from maillage.workflow.parser import parse_definition
from maillage.workflow.shipped_definitions import shipped_definition_files as files
from maillage.workflow.signals import NOTICE_LISTENERS, add_notice_listener
from maillage.workflow.working_days import WorkingDays
from tests.workflow.sample_cases import ELSEWHERE, MONDAY, actor_with_role, open_sample_case

DEFINITIONS = [parse_definition(path.read_text("utf-8")) for path in files()]
ROWS = [(one, way) for one in DEFINITIONS for way in one.transitions.values()]
STATES = [(one, state) for one in DEFINITIONS for state in one.states.values()]
LATER = MONDAY + dt.timedelta(days=2)
NAMES = [f"{one.name}-{row.name}" for one, row in ROWS]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def standing(definition: Definition, state: str) -> Case:
    """A case of the definition that stands in a state."""
    case = open_sample_case(definition.name)
    engine.enter_state(case, state, MONDAY)
    return case


def test_a_file_is_named_for_its_process():
    assert [path.stem for path in files()] == [one.name for one in DEFINITIONS]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_role_named_passes_from_each_state(definition: Definition, way: Transition, changeable_guards):
    # What a room must have prepared is the business of its own tests.
    for name in set(way.guards) - {"with-reason"}:
        GUARDS[name] = Guard(name, "open", "", lambda _situation: True)
    for state in way.sources:
        for role in way.roles:
            case = standing(definition, state)
            told = []
            with NOTICE_LISTENERS.temporary_changes():
                add_notice_listener(told.append)
                apply_transition(
                    actor=actor_with_role(role), at=LATER, case_id=case.pk, transition=way.name, reason="Because."
                )
            case.refresh_from_db()
            assert (case.state, case.entered_at) == (way.target, LATER)
            assert (case.ended_at is not None) == definition.states[way.target].final
            step = CaseStep.objects.filter(case=case).last()
            assert (step.before, step.after, step.transition, step.reason) == (state, way.target, way.name, "Because.")
            assert [(one.name, one.roles) for one in told] == [(one.name, one.to) for one in way.notices]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_other_role_is_refused(definition: Definition, way: Transition):
    for role in {READER, OFFICER, *MANDATED_ROLES} - set(way.roles):
        case = standing(definition, way.sources[0])
        with pytest.raises(ActionForbiddenError):
            apply_transition(
                actor=actor_with_role(role), at=LATER, case_id=case.pk, transition=way.name, reason="Because."
            )
        case.refresh_from_db()
        assert case.state == way.sources[0]


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_a_mandate_for_another_organisation_is_refused(definition: Definition, way: Transition):
    case = standing(definition, way.sources[0])
    for role in MANDATED_ROLES:
        with pytest.raises(ActionForbiddenError):
            apply_transition(
                actor=actor_with_role(role, ELSEWHERE),
                at=LATER,
                case_id=case.pk,
                transition=way.name,
                reason="Because.",
            )


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_each_guard_is_respected(definition: Definition, way: Transition, changeable_guards):
    for name in way.guards:
        case = standing(definition, way.sources[0])
        with GUARDS.temporary_changes():
            for other in set(way.guards) - {"with-reason"}:
                GUARDS[other] = Guard(other, "open", "", lambda _situation: True)
            GUARDS[name] = Guard(name, "never", "Not today.", lambda _situation: False)
            with pytest.raises(ActionError, match="Not today"):
                apply_transition(
                    actor=actor_with_role(way.roles[0]),
                    at=LATER,
                    case_id=case.pk,
                    transition=way.name,
                    reason="Because.",
                )
    if "with-reason" in way.guards:
        for other in set(way.guards) - {"with-reason"}:
            GUARDS[other] = Guard(other, "open", "", lambda _situation: True)
        case = standing(definition, way.sources[0])
        with pytest.raises(ActionError):
            apply_transition(
                actor=actor_with_role(way.roles[0]), at=LATER, case_id=case.pk, transition=way.name, reason="  "
            )


@pytest.mark.parametrize(("definition", "way"), ROWS, ids=NAMES)
def test_it_cannot_be_fired_from_elsewhere(definition: Definition, way: Transition):
    for state in definition.states.keys() - set(way.sources):
        case = standing(definition, state)
        with pytest.raises(ActionError):
            apply_transition(
                actor=actor_with_role(way.roles[0]), at=LATER, case_id=case.pk, transition=way.name, reason="Because."
            )


@pytest.mark.parametrize(("definition", "state"), STATES, ids=[f"{one.name}-{row.name}" for one, row in STATES])
def test_each_deadline_is_computed(definition: Definition, state: CaseState):
    case = standing(definition, state.name)
    if state.deadline is None:
        assert case.due_at is None
        return
    calendar = WorkingDays(definition.country, definition.region)
    counted, day = 0, MONDAY.date()
    while counted < state.deadline.working_days:
        day += dt.timedelta(days=1)
        counted += calendar.is_working_day(day)
    assert timezone.localdate(case.due_at) == day
    assert case.remind_at is not None
