"""Cases: whom they wait for, when they are due, reminders, moves, and what a dry run tells of them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.register.models import Organisation
from maillage.workflow import engine, queries
from maillage.workflow.actions.cases import apply_transition, move_case_to_version
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.dry_run import dry_run_definition
from maillage.workflow.guards import GUARDS, TransitionContext
from maillage.workflow.models import Case, Reminder
from maillage.workflow.parser import parse_definition
from maillage.workflow.shipped_definitions import shipped_definition_files as files
from maillage.workflow.signals import NOTICE_LISTENERS, add_notice_listener
from maillage.workflow.tasks import raise_reminders
from tests.workflow.sample_cases import ELSEWHERE, HERE, MONDAY, actor_with_role, open_sample_case, waiting_cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
TEXT = next(path for path in files() if path.stem == "correction").read_text("utf-8")
# In place of “received”, a state of another name.
RENAMED = TEXT.replace("  received:", "  arrived:").replace(": received", ": arrived")


@pytest.fixture
def told():
    notices = []
    with NOTICE_LISTENERS.temporary_changes():
        add_notice_listener(notices.append)
        yield notices


def after(days: int) -> dt.datetime:
    return MONDAY + dt.timedelta(days=days)


def test_it_waits_for_those_who_can_take_it_on():
    here, there = open_sample_case(), open_sample_case(organisation_id=ELSEWHERE)
    assert set(waiting_cases(actor=actor_with_role("officer"), at=MONDAY)) == {here, there}
    assert list(waiting_cases(actor=actor_with_role("manager", HERE), at=MONDAY)) == [here]
    assert not waiting_cases(actor=actor_with_role("lead", HERE), at=MONDAY)
    assert not waiting_cases(actor=PUBLIC, at=MONDAY)
    apply_transition(actor=actor_with_role("manager"), at=MONDAY, case_id=here.pk, transition="refuse", reason="No.")
    assert not waiting_cases(actor=actor_with_role("manager", HERE), at=MONDAY)


def test_a_mandate_that_has_ended_opens_nothing():
    case, manager = open_sample_case(), actor_with_role("manager")
    before = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    assert not waiting_cases(actor=manager, at=before)
    with pytest.raises(ActionForbiddenError):
        apply_transition(actor=manager, at=before, case_id=case.pk, transition="refuse", reason="No.")


def test_only_those_within_reach_read_it():
    case = open_sample_case()
    assert case in queries.cases(actor=actor_with_role("officer"))
    assert case in queries.cases(actor=actor_with_role("lead", HERE))
    assert case not in queries.cases(actor=actor_with_role("manager", ELSEWHERE))
    assert case not in queries.cases(actor=PUBLIC)


def test_the_overdue_come_first_and_none_is_missed():
    late, soon = open_sample_case(), open_sample_case(at=after(7))
    officer, now = actor_with_role("officer"), after(15)
    assert list(waiting_cases(actor=officer, at=now)) == [late, soon]


def test_the_place_of_the_case_decides_its_working_days():
    # Ten working days from 26 March 2026 go over Good Friday, which is worked but in Alsace-Moselle; and Easter Monday.
    at = dt.datetime(2026, 3, 26, 9, tzinfo=dt.UTC)
    assert open_sample_case(at=at).due_day == dt.date(2026, 4, 10)
    assert open_sample_case(at=at, place=("FR", "Alsace-Moselle")).due_day == dt.date(2026, 4, 13)
    with pytest.raises(ActionError):
        open_sample_case(at=at, place=("FR", "Atlantis"))


def test_each_reminder_is_raised_once(told):
    case = open_sample_case()
    told.clear()
    for day in range(40):
        for _again in range(2):
            for pk in queries.case_ids_to_remind(after(day)):
                remind(actor=SYSTEM, at=after(day), case_id=pk)
            assert not remind(actor=SYSTEM, at=after(day), case_id=case.pk)
    assert [(one.name, one.offset) for one in told] == [("reminder", n) for n in (-3, -1, 1, 5, 10)]
    assert {one.roles for one in told} == {("officer", "manager")}
    days = [timezone.localdate(one.at) for one in told]
    assert days == [dt.date(2026, 3, day) for day in (11, 13, 17, 23, 30)]
    assert Reminder.objects.filter(case=case).count() == 5


def test_the_worker_raises_what_it_missed_and_a_second_run_nothing(told):
    open_sample_case()
    told.clear()
    assert raise_reminders(0) == 5
    assert raise_reminders(0) == 0
    assert len(told) == 5


def test_a_failing_listener_undoes_its_reminder_and_leaves_the_others(told):
    bad, good = open_sample_case(), open_sample_case()

    def fails(notice):
        if notice.case_id == bad.pk:
            raise RuntimeError("no mail today")

    with NOTICE_LISTENERS.temporary_changes():
        add_notice_listener(fails)
        assert raise_reminders(0) == 5
    assert not Reminder.objects.filter(case=bad).exists()
    assert Reminder.objects.filter(case=good).count() == 5
    assert raise_reminders(0) == 5


def test_what_has_ended_is_reminded_of_no_more(told):
    case = open_sample_case()
    apply_transition(
        actor=actor_with_role("officer"), at=after(1), case_id=case.pk, transition="answer", reason="So it is."
    )
    assert not queries.case_ids_to_remind(after(400))
    reopened = apply_transition(
        actor=actor_with_role("officer"), at=after(30), case_id=case.pk, transition="reopen", reason="It is not."
    )
    assert reopened.due_at > after(40)
    assert queries.case_ids_to_remind(after(60)) == [case.pk]


def test_another_may_be_asked_to_decide():
    case = open_sample_case(actor=actor_with_role("officer", user_id=1))
    situation = TransitionContext(case, actor_with_role("officer", user_id=1), MONDAY, "")
    assert not GUARDS["by-another-person"].holds(situation)
    assert GUARDS["by-another-person"].holds(TransitionContext(case, actor_with_role("officer", user_id=2), MONDAY, ""))


def test_a_running_case_stays_on_its_version_until_it_is_moved():
    case = open_sample_case()
    quick = TEXT.replace("working_days: 10,", "working_days: 4,")
    assert publish_definition(actor=SYSTEM, at=after(1), text=quick, reason="Faster.").version == 2
    case.refresh_from_db()
    assert (case.definition.version, case.due_day) == (1, dt.date(2026, 3, 16))
    assert open_sample_case(at=after(2)).definition.version == 2
    with pytest.raises(ActionError):
        move_case_to_version(actor=SYSTEM, at=after(2), case_id=case.pk, version=2, reason=" ")
    with pytest.raises(ActionForbiddenError):
        move_case_to_version(
            actor=actor_with_role("manager"), at=after(2), case_id=case.pk, version=2, reason="Faster."
        )
    moved = move_case_to_version(actor=SYSTEM, at=after(2), case_id=case.pk, version=2, reason="Faster.")
    assert (moved.definition.version, moved.due_day, moved.entered_at) == (2, dt.date(2026, 3, 6), MONDAY)
    assert moved.steps.last().reason == "Faster."


def test_a_case_whose_state_is_gone_is_moved_into_one_that_is_there():
    case = open_sample_case()
    publish_definition(actor=SYSTEM, at=after(1), text=RENAMED, reason="Other words.")
    with pytest.raises(ActionError, match="received"):
        move_case_to_version(actor=SYSTEM, at=after(2), case_id=case.pk, version=2, reason="x")
    moved = move_case_to_version(actor=SYSTEM, at=after(2), case_id=case.pk, version=2, reason="x", state="arrived")
    assert moved.state == "arrived"


def test_a_dry_run_tells_what_would_break():
    open_sample_case()
    open_sample_case()
    found = dry_run_definition(parse_definition(RENAMED), after(1))
    assert (found.running, found.broken) == (2, 2)
    assert len(found.findings[0].cases) == 2
    assert dry_run_definition(parse_definition(TEXT), after(1)).findings == []


def test_a_dry_run_tells_of_changed_delays_roles_and_ends():
    open_sample_case()
    quick = parse_definition(TEXT.replace("working_days: 10,", "working_days: 4,"))
    (finding,) = dry_run_definition(quick, after(7)).findings
    assert not finding.breaks
    others = parse_definition(TEXT.replace("roles: [officer, manager]", "roles: [officer]"))
    assert len(dry_run_definition(others, after(1)).findings) == 1


def test_a_guard_that_is_gone_refuses_and_a_dry_run_finds_it(changeable_guards):
    case = open_sample_case()
    del GUARDS["with-reason"]
    with pytest.raises(ActionError):
        apply_transition(
            actor=actor_with_role("officer"), at=MONDAY, case_id=case.pk, transition="refuse", reason="No."
        )
    assert dry_run_definition(Case.objects.get().definition.definition, MONDAY).broken == 1


def test_without_an_account_not_too_many_are_opened(monkeypatch):
    one, two, three = (reported(key) for key in ("one", "two", "three"))
    for _number in range(engine.RUNNING_WITHOUT_ACCOUNT):
        open_sample_case(actor=PUBLIC, **one)
    with pytest.raises(ActionError):
        open_sample_case(actor=PUBLIC, **one)
    open_sample_case(actor=PUBLIC, **two)
    open_sample_case(**one)
    monkeypatch.setattr(engine, "HOURLY_WITHOUT_ACCOUNT", 6)
    with pytest.raises(ActionError):
        open_sample_case(actor=PUBLIC, **three)
    open_sample_case(actor=PUBLIC, at=after(1), **three)


def reported(key: str) -> dict[str, Any]:
    """What a report of an error on an organisation gives."""
    body = Organisation.objects.create(key=key, kind="research-unit", name_fr=key)
    return {"record": ("register.organisation", body.pk), "organisation_id": None}


def test_who_has_an_account_does_not_tire_others():
    one = reported("one")
    for _number in range(engine.HOURLY_BY_PERSON):
        open_sample_case(actor=actor_with_role("reader", user_id=9), **one)
    with pytest.raises(ActionError):
        open_sample_case(actor=actor_with_role("reader", user_id=9), **one)
    open_sample_case(actor=actor_with_role("reader", user_id=10), **one)


def test_a_case_says_what_its_record_says_and_nothing_else():
    one, other = reported("one"), reported("other")
    case = open_sample_case(actor=actor_with_role("reader"), title="Your account is suspended", **one)
    assert (case.title, case.organisation_id) == ("one", one["record"][1])
    with pytest.raises(ActionForbiddenError):
        open_sample_case(actor=actor_with_role("reader"), record=one["record"], organisation_id=other["record"][1])
    with pytest.raises(ActionError):
        open_sample_case(actor=actor_with_role("reader"), record=("register.organisation", 0), organisation_id=None)
    with pytest.raises(ActionForbiddenError):
        open_sample_case(actor=actor_with_role("reader"))
    with pytest.raises(ActionError):
        open_sample_case(actor=actor_with_role("reader"), organisation_id=None, title=" ")


def test_what_has_ended_is_moved_to_no_other_version():
    case = open_sample_case()
    apply_transition(actor=actor_with_role("officer"), at=MONDAY, case_id=case.pk, transition="refuse", reason="No.")
    with pytest.raises(ActionError, match="terminé"):
        move_case_to_version(actor=actor_with_role("officer"), at=MONDAY, case_id=case.pk, version=2, reason="Why not?")
