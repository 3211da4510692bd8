"""The requester is asked for more: the clock stands still, and starts again by their answer or by one button."""

import datetime as dt

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC
from maillage.partnerships.actions.answers import answer_need, ask_teams
from maillage.partnerships.actions.messages import write_as_requester
from maillage.partnerships.actions.questions import ask_requester, resume_need
from maillage.partnerships.queries import answer_punctuality
from tests.partnerships.sample_needs import LETTER, MONDAY, case_of, proposed_team, state_sample_need, working_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(world):
    """A need about which the requester was asked on the second day."""
    need = state_sample_need(world)
    ask_requester(actor=world.acting(world.institute), at=working_day(2), need_id=need.pk, text="How many samples?")
    return need


def promised_day(need) -> dt.date:
    return need.addresses.get().promised_day


def test_the_clock_stands_still_until_the_requester_answers_on_the_site(need):
    before = promised_day(need)
    assert case_of(need).state == "waiting"
    assert need.addresses.get().stopped_at == working_day(2)
    write_as_requester(actor=PUBLIC, at=working_day(9), need_id=need.pk, text="Sixty.")
    case = case_of(need)
    assert (case.state, case.stopped_days) == ("acknowledged", 7)
    assert before == timezone.localdate(working_day(10))
    assert promised_day(need) == case.due_day == timezone.localdate(working_day(17))
    assert need.addresses.get().stopped_at is None


def test_a_stopped_need_is_not_late(world, need):
    def late(day: int) -> int:
        return answer_punctuality(
            world.institute.pk, MONDAY.date(), working_day(60).date(), working_day(day).date()
        ).late

    assert late(30) == 0
    write_as_requester(actor=PUBLIC, at=working_day(9), need_id=need.pk, text="Sixty.")
    assert (late(17), late(18)) == (0, 1)


def test_one_button_starts_the_clock_again_with_the_teams_that_are_asked(world, need):
    manager = world.acting(world.institute)
    ask_teams(actor=manager, at=working_day(3), need_id=need.pk, offers=[world.offers[0].pk])
    assert case_of(need).state == "waiting"
    resume_need(actor=manager, at=working_day(4), need_id=need.pk)
    assert case_of(need).state == "routed"
    with pytest.raises(ActionError):
        resume_need(actor=manager, at=working_day(4), need_id=need.pk)


def test_an_answer_while_the_clock_stands_still_is_in_time(world, need):
    answer_need(
        actor=world.acting(world.institute), at=working_day(15), need_id=need.pk, letter=LETTER,
        team=proposed_team(world),
    )  # fmt: skip
    address = need.addresses.get()
    assert timezone.localdate(address.dealt_at) <= address.promised_day
