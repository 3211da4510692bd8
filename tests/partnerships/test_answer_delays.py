"""The promised delay of an answer: which clock runs, what escalates, and how many promises are kept."""

import pytest

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.actions.answers import (
    answer_need,
    decline_need,
)
from maillage.partnerships.actions.requester import withdraw_need
from maillage.partnerships.models import NeedAddress
from maillage.partnerships.queries import answer_punctuality, needs, requester_of
from maillage.workflow.actions.reminders import remind
from maillage.workflow.queries import case_ids_to_remind, waiting_cases
from tests.partnerships.sample_needs import (
    LETTER,
    MONDAY,
    case_of,
    proposed_team,
    state_sample_need,
    working_day,
)


def test_a_new_promise_changes_no_case_that_runs(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    promise_delay(actor=manager, at=working_day(1), organisation_id=world.institute.pk, working_days=3)
    assert case_of(need).delay == 10
    assert case_of(state_sample_need(world, at=working_day(2))).delay == 3
    with pytest.raises(ActionForbiddenError):
        promise_delay(actor=manager, at=working_day(1), organisation_id=world.neighbour.pk, working_days=3)


def test_what_waits_too_long_escalates_to_the_network_which_may_answer(world):
    need = state_sample_need(world)
    pilot = world.acting(world.network, "pilot")
    for number in range(13):
        for pk in case_ids_to_remind(working_day(number)):
            remind(actor=SYSTEM, at=working_day(number), case_id=pk)
        assert (case_of(need).state == "escalated") == (number == 13)
    for pk in case_ids_to_remind(working_day(13)):
        remind(actor=SYSTEM, at=working_day(13), case_id=pk)
    assert case_of(need).state == "escalated"
    assert [waiting_case.pk for waiting_case in waiting_cases(actor=pilot, at=working_day(13))] == [case_of(need).pk]
    assert need in needs(actor=pilot)
    assert requester_of(need, actor=pilot)
    assert set(Notice.objects.filter(person=pilot.user_id).values_list("kind", flat=True)) == {"cases"}
    answer_need(actor=pilot, at=working_day(14), need_id=need.pk, letter=LETTER, team=proposed_team(world))
    address = NeedAddress.objects.get(organisation=world.institute)
    assert address.dealt_at == working_day(14)
    figures = answer_punctuality(world.institute.pk, MONDAY.date(), working_day(20).date(), on=working_day(20).date())
    assert (figures.received, figures.in_time, figures.late, figures.share) == (1, 0, 1, 0.0)


def test_the_share_of_promises_kept(world):
    manager = world.acting(world.institute)
    answered, declined, _waiting, withdrawn = (state_sample_need(world) for _number in range(4))
    answer_need(actor=manager, at=working_day(10), need_id=answered.pk, letter=LETTER, team=proposed_team(world))
    decline_need(actor=manager, at=working_day(11), need_id=declined.pk, reason="Not our field.")
    withdraw_need(actor=PUBLIC, at=working_day(2), need_id=withdrawn.pk)
    before = answer_punctuality(world.institute.pk, MONDAY.date(), MONDAY.date(), on=working_day(10).date())
    assert (before.received, before.in_time, before.late, before.share) == (3, 1, 1, 0.5)
    after = answer_punctuality(world.institute.pk, MONDAY.date(), MONDAY.date(), on=working_day(11).date())
    assert (after.late, after.answered, after.declined) == (2, 1, 1)
    assert answer_punctuality(world.neighbour.pk, MONDAY.date(), MONDAY.date(), on=working_day(11).date()).share is None
