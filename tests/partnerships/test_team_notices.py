"""What teams are told: for what part and with whom they are asked, reminders, and that the answer is sent."""

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import SYSTEM
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.actions.answers import answer_need, ask_teams, remind_team, reply_to_request
from maillage.people.models import User
from tests.partnerships.sample_needs import LETTER, proposed_team, state_sample_need, working_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world):
    need = state_sample_need(world)
    lab, platform = world.acting(world.lab, "lead"), world.acting(world.platform, "lead")
    manager = world.acting(world.institute)
    (request,) = ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    return need, manager, request, lab, platform


def told(person) -> Notice:
    return Notice.objects.filter(person=person.user_id, kind="teams").latest("pk")


def test_a_team_is_told_who_asks_it_and_whose_offers_are_joined(world, asked):
    need, manager, _request, lab, platform = asked
    assert f"Asked by: {world.institute}" in told(lab).body_en
    assert "A small company" not in told(lab).body_en
    ask_teams(actor=manager, at=working_day(2), need_id=need.pk, offers=[world.offers[1].pk])
    assert "Another team is asked with yours" in told(lab).subject_en
    assert "Offer platform" in told(lab).body_en
    assert "Joined with: Offer lab" in told(platform).body_en


def test_a_reminder_goes_out_once_a_day_and_only_without_a_reply(asked, english):
    _need, manager, request, lab, _platform = asked
    with pytest.raises(ActionError, match="tomorrow"):
        remind_team(actor=manager, at=working_day(1), request_id=request.pk)
    with pytest.raises(ActionForbiddenError):
        remind_team(actor=lab, at=working_day(2), request_id=request.pk)
    remind_team(actor=manager, at=working_day(2), request_id=request.pk)
    assert told(lab).subject_en.startswith("Reminder, your team is asked")
    reply_to_request(actor=lab, at=working_day(3), request_id=request.pk, takes_part=True)
    with pytest.raises(ActionError, match="has replied"):
        remind_team(actor=manager, at=working_day(4), request_id=request.pk)


def test_the_teams_of_an_answer_are_told_that_it_is_sent(world, asked):
    need, manager, request, lab, platform = asked
    reply_to_request(actor=lab, at=working_day(2), request_id=request.pk, takes_part=True)
    answer_need(actor=manager, at=working_day(3), need_id=need.pk, letter=LETTER, team=proposed_team(world))
    assert "The answer proposes your offer" in told(lab).subject_en
    assert "Joined with: Offer platform" in told(lab).body_en
    # A team that was never asked is not told of an answer.
    assert not Notice.objects.filter(person=platform.user_id, kind="teams").exists()


def test_officers_are_told_where_a_delay_is_promised_and_nobody_acts(world):
    officer = User.objects.create(email="officer@example.org", name="Officer", is_officer=True)
    promise_delay(actor=SYSTEM, at=working_day(1), organisation_id=world.neighbour.pk, working_days=5)
    notice = Notice.objects.get(person=officer, kind="unreached")
    assert "nobody acts for" in notice.subject_en
    world.acting(world.institute)
    promise_delay(actor=SYSTEM, at=working_day(1), organisation_id=world.institute.pk, working_days=5)
    assert Notice.objects.filter(person=officer, kind="unreached").count() == 1
