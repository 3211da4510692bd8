"""Teams are asked whether they are free, read the need as far as they may, and reply."""

import datetime as dt

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.notifications.models import Notice
from maillage.offers.models import Offer
from maillage.partnerships.actions.answers import (
    answer_need,
    ask_teams,
    reply_to_request,
)
from maillage.partnerships.need_inputs import ProposedOfferInput
from maillage.partnerships.queries import needs, open_team_requests, requester_of
from tests.partnerships.sample_needs import (
    LETTER,
    case_of,
    proposed_team,
    state_sample_need,
    working_day,
)

pytestmark = pytest.mark.django_db


def test_teams_read_the_need_not_who_asks_and_reply(world):
    need = state_sample_need(world)
    manager, lead = world.acting(world.institute), world.acting(world.lab, "lead")
    ask_teams(
        actor=manager,
        at=working_day(1),
        need_id=need.pk,
        offers=[offer.pk for offer in world.offers],
        message="Are you free?",
    )
    assert case_of(need).state == "routed"
    assert need in needs(actor=lead)
    assert requester_of(need, actor=lead) is None
    [request] = open_team_requests(lead)
    reply_to_request(
        actor=lead, at=working_day(2), request_id=request.pk, takes_part=True, free_from=dt.date(2026, 6, 1)
    )
    assert list(open_team_requests(lead)) == []
    request.refresh_from_db()
    assert (request.reply, request.free_from) == ("yes", dt.date(2026, 6, 1))
    with pytest.raises(ActionForbiddenError):
        reply_to_request(
            actor=world.acting(world.platform, "lead"), at=working_day(2), request_id=request.pk, takes_part=False
        )


def test_a_team_that_is_asked_is_told_and_so_is_who_asked(world):
    need = state_sample_need(world)
    lead, manager = world.acting(world.lab, "lead"), world.acting(world.institute)
    asking = {"need_id": need.pk, "offers": [world.offers[0].pk], "message": "In spring?"}
    (request,) = ask_teams(actor=manager, at=working_day(1), **asking)
    notices = Notice.objects.get(person=lead.user_id, kind="teams")
    assert need.title in notices.subject_en
    assert "In spring?" in notices.body_en
    assert "Offer lab" in notices.body_en
    reply_to_request(actor=lead, at=working_day(2), request_id=request.pk, takes_part=False, note="Full.")
    back = Notice.objects.get(person=manager.user_id, kind="teams")
    assert "no" in back.subject_en
    assert back.body_en == "Full."


def test_an_open_need_lets_the_teams_know_who_asks(world):
    need = state_sample_need(world, confidential=False)
    ask_teams(actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    assert requester_of(need, actor=world.acting(world.lab, "lead")) is not None


def test_an_offer_hidden_from_the_manager_is_neither_asked_nor_proposed(world):
    need, manager = state_sample_need(world), world.acting(world.institute)
    Offer.objects.filter(pk=world.offers[0].pk).update(visibility="organisation")
    with pytest.raises(ActionError):
        ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    with pytest.raises(ActionError):
        answer_need(
            actor=manager,
            at=working_day(1),
            need_id=need.pk,
            letter="L",
            team=[ProposedOfferInput(world.offers[0].pk, [])],
        )


def test_who_said_no_is_not_proposed(world, english):
    need, manager = state_sample_need(world), world.acting(world.institute)
    (request,) = ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    reply_to_request(actor=world.acting(world.lab, "lead"), at=working_day(2), request_id=request.pk, takes_part=False)
    with pytest.raises(ActionError, match="Does not take part, as it replied: Lab"):
        answer_need(actor=manager, at=working_day(3), need_id=need.pk, letter=LETTER, team=proposed_team(world))
