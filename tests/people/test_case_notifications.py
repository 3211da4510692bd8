"""What a process tells reaches those who hold the roles it names, and nobody else."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.notifications.actions.notices import choose_paces
from maillage.notifications.models import Notice
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.workflow.sample_cases import MONDAY, open_sample_case

pytestmark = pytest.mark.django_db

DAY = dt.date(2020, 1, 1)


def somebody(name: str, body: Organisation | None = None, role: str = "manager", **more) -> User:
    made = User.objects.create(email=f"{name}@example.org", name=name, **more)
    if body:
        Mandate.objects.create(person=made, organisation=body, role=role, first_day=DAY)
    return made


@pytest.fixture
def bodies(db) -> dict[str, Organisation]:
    publish_shipped_definitions(MONDAY)
    made = {
        key: Organisation.objects.create(key=key, kind="other", name_fr=key) for key in ("lab", "institute", "other")
    }
    Tie.objects.create(
        subject=made["lab"], object=made["institute"], kind="member-of", period_start="2020", managed_by="object"
    )
    return made


def told() -> set[str]:
    return set(Notice.objects.values_list("person__name", flat=True))


def test_holders_of_the_roles_named_are_told_and_nobody_else(bodies):
    somebody("officer", is_officer=True)
    somebody("manager of the lab", bodies["lab"])
    somebody("manager of its institute", bodies["institute"])
    somebody("lead of the lab", bodies["lab"], role="lead")
    somebody("manager of another", bodies["other"])
    somebody("manager who left", bodies["lab"], is_active=False)
    open_sample_case(organisation_id=bodies["lab"].pk)
    assert told() == {"officer", "manager of the lab", "manager of its institute"}


def test_who_acts_is_not_told_of_it(bodies):
    officer, other = somebody("officer", is_officer=True), somebody("another officer", is_officer=True)
    case = open_sample_case(organisation_id=bodies["lab"].pk)
    actor, reason = actor_of(officer, MONDAY), "Read again."
    for transition in ("answer", "reopen"):
        Notice.objects.all().delete()
        apply_transition(actor=actor, at=MONDAY, case_id=case.pk, transition=transition, reason=reason)
    notice = Notice.objects.get()
    assert notice.person == other
    assert "Report of an error" in notice.subject_en
    assert "Signalement" in notice.subject_fr
    assert reason in notice.body_en
    assert notice.link_fr == f"/fr/cases/{case.pk}"


def test_reminders_say_by_when_and_must_reach(bodies):
    manager = somebody("manager", bodies["lab"])
    case = open_sample_case(organisation_id=bodies["lab"].pk, title="The town is wrong")
    Notice.objects.all().delete()
    remind(actor=SYSTEM, at=MONDAY + dt.timedelta(days=60), case_id=case.pk)
    subjects = list(Notice.objects.order_by("pk").values_list("subject_en", "person__name"))
    assert subjects[0] == ("Due on 16 March 2026: The town is wrong", "manager")
    assert subjects[-1] == ("Overdue since 16 March 2026: The town is wrong", "manager")
    with pytest.raises(ActionError):
        choose_paces(actor=actor_of(manager, timezone.now()), at=timezone.now(), paces={"deadlines": "none"})
