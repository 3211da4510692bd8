"""Delays that run since the opening, that an organisation has promised itself, and that move a case on at their end."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.documents.faults import InvalidDocumentError
from maillage.workflow import queries
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.engine import CaseSubject, create_case
from maillage.workflow.guards import TransitionContext
from maillage.workflow.models import Case, Reminder
from maillage.workflow.parser import parse_definition
from maillage.workflow.signals import NOTICE_LISTENERS, TRANSITION_PREPARATIONS, add_notice_listener, before_transition
from tests.workflow.sample_cases import ELSEWHERE, HERE, MONDAY, actor_with_role, waiting_cases

pytestmark = pytest.mark.django_db

DELAY = (
    "{working_days: 10, from: opening, own: yes, remind_before: [9, 2], remind_after: [1], remind: [manager], "
    "then: {fire: escalate, after: 3}}"
)
TEXT = f"""
process: promise
title: {{fr: Promesse, en: Promise}}
opening: {{state: received, roles: [system]}}
states:
  received: {{title: {{fr: Reçu, en: Received}}, deadline: {DELAY}}}
  taken: {{title: {{fr: Pris, en: Taken}}, deadline: {DELAY}}}
  escalated: {{title: {{fr: Remonté, en: Escalated}}}}
  done: {{title: {{fr: Fait, en: Done}}, final: yes}}
transitions:
  take: {{title: {{fr: Prendre, en: Take}}, from: received, to: taken, roles: [manager]}}
  escalate: {{title: {{fr: Remonter, en: Escalate}}, from: [received, taken], to: escalated, roles: [system]}}
  end: {{title: {{fr: Finir, en: End}}, from: [taken, escalated], to: done, roles: [manager, pilot]}}
"""


@pytest.fixture(autouse=True)
def _in_force(db) -> None:
    publish_definition(actor=SYSTEM, at=MONDAY - dt.timedelta(days=1), text=TEXT, reason="For the test.")


@pytest.fixture
def told():
    notices = []
    with NOTICE_LISTENERS.temporary_changes():
        add_notice_listener(notices.append)
        yield notices


def opened(delay: int | None = None) -> Case:
    return create_case(
        actor=SYSTEM, at=MONDAY, process="promise", about=CaseSubject("A need", organisation_id=HERE, delay=delay)
    )


def day(number: int) -> dt.datetime:
    """The morning of a working day of March 2026, 0 being the Monday of the opening."""
    return MONDAY + dt.timedelta(days=number + 2 * (number // 5))


def test_a_delay_since_the_opening_is_the_same_in_each_state():
    case = opened()
    due = case.due_at
    assert timezone.localdate(due) == dt.date(2026, 3, 16)
    case = apply_transition(actor=actor_with_role("manager"), at=day(4), case_id=case.pk, transition="take")
    assert case.due_at == due


def test_what_was_promised_takes_the_place_of_the_delay():
    case = opened(delay=5)
    assert timezone.localdate(case.due_at) == dt.date(2026, 3, 9)


def test_reminders_are_not_repeated_in_the_next_state_nor_come_before_the_delay(told):
    case = opened(delay=5)
    remind(actor=SYSTEM, at=day(4), case_id=case.pk)
    apply_transition(actor=actor_with_role("manager"), at=day(4), case_id=case.pk, transition="take")
    remind(actor=SYSTEM, at=day(7), case_id=case.pk)
    # Nine days before the end of five there was nothing to remind of.
    assert [one.offset for one in told] == [-2, 1]
    assert Reminder.objects.count() == 2


def test_it_goes_on_by_itself_once_and_not_before(told):
    case = opened(delay=5)
    assert queries.case_ids_to_remind(day(9)) == [case.pk]
    remind(actor=SYSTEM, at=day(8), case_id=case.pk)
    case.refresh_from_db()
    assert case.state == "received"
    remind(actor=SYSTEM, at=day(9), case_id=case.pk)
    case.refresh_from_db()
    assert (case.state, case.due_at, case.remind_at) == ("escalated", None, None)
    assert queries.case_ids_to_remind(day(60)) == []
    assert case.steps.last().actor == SYSTEM.name


def test_what_cannot_go_on_by_itself_is_reminded_of_all_the_same(told):
    def refuse(situation: TransitionContext) -> None:
        raise ActionError("Not this one.")

    case = opened(delay=4)
    with TRANSITION_PREPARATIONS.temporary_changes():
        before_transition("promise", "escalate")(refuse)
        remind(actor=SYSTEM, at=day(8), case_id=case.pk)
    case.refresh_from_db()
    assert (case.state, [one.offset for one in told], case.remind_at) == ("received", [-2, 1], None)
    assert waiting_cases(actor=actor_with_role("manager"), at=day(8))


def test_who_was_drawn_in_can_take_it_on_as_well():
    case = opened()
    Case.objects.filter(pk=case.pk).update(also_for=[ELSEWHERE], state="escalated", roles=["manager", "pilot"])
    pilot = actor_with_role("pilot", ELSEWHERE)
    assert list(waiting_cases(actor=pilot, at=MONDAY)) == [case]
    assert list(queries.cases(actor=pilot)) == [case]
    assert list(queries.cases(actor=actor_with_role("pilot", 99))) == []
    assert apply_transition(actor=pilot, at=MONDAY, case_id=case.pk, transition="end").state == "done"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("fire: escalate", "fire: end"), "“end” does not lead out of this state"),
        (("from: opening", "from: birth"), "use “opening”"),
        (("own: yes", "own: perhaps"), "yes or no"),
        (("after: 3", "after: soon"), "whole number"),
        (("to: escalated, roles", "to: escalated, guards: [with-reason], roles"), "does not have"),
    ],
)
def test_what_cannot_be_is_told(english, change, message):
    with pytest.raises(InvalidDocumentError, match=message):
        parse_definition(TEXT.replace(*change, 1))
