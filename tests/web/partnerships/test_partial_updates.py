"""The forms of a need, of a reply and of a rating leave what is not posted as it was."""

import datetime as dt

import pytest
from django.test import Client

from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.actions.answers import answer_need, ask_teams, reply_to_request
from maillage.partnerships.models import Need, Rating, TeamRequest
from tests.partnerships.sample_needs import (
    LETTER,
    SampleNetwork,
    create_sample_network,
    proposed_team,
    state_sample_need,
    working_day,
)
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db

FREE = dt.date(2026, 5, 1)


@pytest.fixture
def network(db) -> SampleNetwork:
    return create_sample_network()


@pytest.fixture
def need(network) -> Need:
    return state_sample_need(network)


@pytest.fixture
def request_to_team(network, need) -> TeamRequest:
    """Asked of the lab, which replied that it takes part."""
    manager, lead = network.acting(network.institute), network.acting(network.lab, "lead")
    (asked,) = ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[network.offers[0].pk])
    return reply_to_request(
        actor=lead, at=working_day(1), request_id=asked.pk, takes_part=True, free_from=FREE, note="Soon."
    )


def test_terms_page_keeps_the_terms_and_capabilities_that_are_not_posted(network, need):
    Need.objects.filter(pk=need.pk).update(budget=5000, currency="CHF", countries=["FR"])
    need.asked.create(concept="aml")
    client = client_of(network.acting(network.institute))
    sent = client.post(f"/en/needs/{need.key}/specify", {"trl_low": "3", "trl_high": "4"})
    assert sent.status_code == 302, sent.content
    need.refresh_from_db()
    assert (need.trl_low, need.trl_high, need.budget, need.currency, need.countries) == (3, 4, 5000, "CHF", ["FR"])
    assert [one.concept for one in need.asked.all()] == ["aml"]


def test_reply_page_keeps_the_day_that_is_not_posted(network, request_to_team):
    lead = client_of(network.acting(network.lab, "lead"))
    sent = lead.post(f"/en/requests/{request_to_team.pk}", {"takes_part": "no"})
    assert sent.status_code == 302, sent.content
    request_to_team.refresh_from_db()
    assert (request_to_team.reply, request_to_team.free_from) == ("no", FREE)


def test_reply_without_yes_or_no_changes_nothing(network, request_to_team):
    lead = client_of(network.acting(network.lab, "lead"))
    assert lead.post(f"/en/requests/{request_to_team.pk}", {"note": "Later."}).status_code == 422
    request_to_team.refresh_from_db()
    assert request_to_team.reply == "yes"


def test_rating_keeps_the_comment_that_is_not_posted(network, need):
    answer_need(
        actor=network.acting(network.institute), at=working_day(1), need_id=need.pk, letter=LETTER,
        team=proposed_team(network),
    )  # fmt: skip
    address = f"/en/needs/follow/{make_need_token(need)}/rate"
    for posted, expected in (
        ({"score": "2", "comment": "Too general."}, (2, "Too general.")),
        ({"score": "4"}, (4, "Too general.")),
        ({"score": "4", "comment": ""}, (4, "")),
    ):
        assert Client().post(address, posted).status_code == 302
        rating = Rating.objects.get(need=need)
        assert (rating.score, rating.comment) == expected


def test_rating_without_a_score_changes_nothing(need):
    sent = Client().post(f"/en/needs/follow/{make_need_token(need)}/rate", {"comment": "Too general."})
    assert sent.status_code == 422
    assert not Rating.objects.exists()
