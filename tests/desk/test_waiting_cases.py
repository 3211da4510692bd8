"""Each state of each shipped process stands on the desk of whoever it waits for, and on nobody else's."""

import datetime as dt

import pytest

from maillage.core.actors import MANDATED_ROLES, OFFICER
from maillage.desk.queries import desk_rows
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation
from maillage.workflow.engine import enter_state
from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.workflow.sample_cases import MONDAY

pytestmark = pytest.mark.django_db

DAY = dt.date(2020, 1, 1)


def holder_of(role: str, organisation: Organisation) -> User:
    person = User.objects.create(email=f"{role}-{organisation.key}@example.org", name=f"{role} of {organisation.key}")
    Mandate.objects.create(person=person, organisation=organisation, role=role, first_day=DAY)
    return person


@pytest.fixture
def lab(db) -> Organisation:
    publish_shipped_definitions(MONDAY)
    return Organisation.objects.create(key="lab", kind="research-unit", name_fr="lab")


def titles(person: User) -> list[str]:
    return [row.title for row in desk_rows(person, MONDAY) if not row.is_unattended]


def test_each_state_of_each_process_is_on_the_desk_of_those_waited_for(lab):
    other = Organisation.objects.create(key="other", kind="research-unit", name_fr="other")
    people = {role: holder_of(role, lab) for role in MANDATED_ROLES}
    strangers = [holder_of(role, other) for role in MANDATED_ROLES]
    people[OFFICER] = User.objects.create(email="officer@example.org", name="officer", is_officer=True)
    expected = {role: [] for role in people}
    for process in ProcessDefinition.objects.order_by("name"):
        for state in process.definition.states:
            title = f"{process.name} {state}"
            case = Case(definition=process, title=title, organisation_id=lab.pk, opened_at=MONDAY)
            enter_state(case, state, MONDAY)
            for role in process.definition.waits_for(state):
                expected.get(role, []).append(title)
    assert {role: sorted(titles(person)) for role, person in people.items()} == {
        role: sorted(names) for role, names in expected.items()
    }
    assert expected["manager"]
    assert expected["pilot"]
    assert all(titles(stranger) == [] for stranger in strangers)


def test_a_process_named_as_another_kind_of_row_stands_as_a_case(lab):
    process = ProcessDefinition.objects.get(name="correction")
    process.pk, process.name = None, "review"
    process.save()
    case = Case(definition=process, title="A review of the site", organisation_id=lab.pk, opened_at=MONDAY)
    enter_state(case, next(iter(process.definition.states)), MONDAY)
    officer = User.objects.create(email="officer@example.org", name="officer", is_officer=True)
    assert [row.key for row in desk_rows(officer, MONDAY) if row.title == case.title] == [f"case:{case.pk}"]
