"""The promised delay of an answer: which clock runs, what escalates, and how many promises are kept."""

import re

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.actions.answers import (
    answer_need,
    decline_need,
)
from maillage.partnerships.actions.requester import agree_to_pass_on, withdraw_need
from maillage.partnerships.models import NeedAddress
from maillage.partnerships.queries import answer_punctuality, needs, requester_of
from maillage.partnerships.requester_mails import requester_mail
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.queries import case_ids_to_remind
from tests.partnerships.sample_needs import (
    LETTER,
    MONDAY,
    case_of,
    proposed_team,
    state_sample_need,
    working_day,
)
from tests.workflow.sample_cases import waiting_cases

pytestmark = pytest.mark.django_db


def test_a_new_promise_changes_no_case_that_runs(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    promise_delay(actor=manager, at=working_day(1), organisation_id=world.institute.pk, working_days=3)
    assert case_of(need).delay == 10
    assert case_of(state_sample_need(world, at=working_day(2))).delay == 3
    with pytest.raises(ActionForbiddenError):
        promise_delay(actor=manager, at=working_day(1), organisation_id=world.neighbour.pk, working_days=3)


def raise_due_reminders(number: int) -> None:
    for pk in case_ids_to_remind(working_day(number)):
        remind(actor=SYSTEM, at=working_day(number), case_id=pk)


@pytest.mark.parametrize("agrees", [True, False])
def test_a_confidential_need_waits_for_the_requester_before_the_network_has_it(world, agrees):
    need, pilot = state_sample_need(world), world.acting(world.network, "pilot")
    manager = world.acting(world.institute)
    with pytest.raises(ActionError, match=r"confidential|confidentiel"):
        apply_transition(actor=manager, at=working_day(1), case_id=case_of(need).pk, transition="escalate")
    raise_due_reminders(13)
    assert case_of(need).state == "agreement"
    assert need not in needs(actor=pilot)
    mail = requester_mail(need, "agreement")
    assert "company@example.org" in mail.to
    assert str(world.network) in mail.body
    agree_to_pass_on(actor=PUBLIC, at=working_day(14), need_id=need.pk, agrees=agrees)
    assert case_of(need).state == ("escalated" if agrees else "kept")
    assert (need in needs(actor=pilot)) == agrees
    answer_need(actor=manager, at=working_day(15), need_id=need.pk, letter=LETTER, team=proposed_team(world))


def test_who_is_asked_early_is_not_told_of_a_promise_that_was_missed(world):
    need, manager = state_sample_need(world, at=timezone.now()), world.acting(world.institute)
    apply_transition(actor=manager, at=timezone.now(), case_id=case_of(need).pk, transition="seek-agreement")
    body = requester_mail(need, "agreement").body
    assert str(world.network) in body
    assert not {"promised", "annoncé"} & set(re.findall(r"\w+", body))


def test_nobody_is_asked_to_agree_where_the_need_goes_on_without(world):
    need = state_sample_need(world, confidential=False)
    arguments = {"actor": world.acting(world.institute), "at": working_day(1), "case_id": case_of(need).pk}
    with pytest.raises(ActionError):
        apply_transition(transition="seek-agreement", **arguments)
    apply_transition(transition="escalate", **arguments)


def test_without_a_word_of_the_requester_an_overdue_need_stays_where_it_is(world):
    need = state_sample_need(world)
    raise_due_reminders(13)
    raise_due_reminders(40)
    assert case_of(need).state == "kept"
    assert need not in needs(actor=world.acting(world.network, "pilot"))
    with pytest.raises(ActionError):
        agree_to_pass_on(actor=PUBLIC, at=working_day(41), need_id=need.pk, agrees=True)


def test_what_waits_too_long_escalates_to_the_network_which_may_answer(world):
    need = state_sample_need(world, confidential=False)
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
