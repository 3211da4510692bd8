"""A team composed by hand: offers are added, dropped and swapped, and the page says what is lost against the best."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from maillage.offers.models import Offer
from maillage.partnerships.models import Need, TeamRequest
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for, get_organisation, page_text, page_words
from tests.web.partnerships.test_need_page import stated

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(example) -> Need:
    publish_shipped_definitions(timezone.now())
    return stated([("aml", True), ("mrd", True), ("paired-samples", False)])


def test_the_best_team_says_by_which_measure_and_can_be_changed(need):
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}/team"))
    assert "the best coverage with the fewest members" in page
    assert re.search(r'<select id="place-1" name="offer">', page)
    assert "Add an offer" in page


def test_a_dropped_offer_shows_what_is_lost_and_a_swap_keeps_the_team(need):
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}/team"))
    places = re.findall(r'<select id="place-\d+" name="offer">(.*?)</select>', page, re.DOTALL)
    chosen = [re.findall(r'value="(\d+)" selected', place) for place in places]
    best = [pk for group in chosen for pk in group]
    same = page_words(manager, f"/en/needs/{need.key}/team?" + "&".join(f"offer={pk}" for pk in best))
    assert "100% of the value of the best team" in same
    assert "nothing is lost or gained" in same
    other = next(pk for pk in re.findall(r'value="(\d+)"', places[-1]) if pk not in best)
    own = page_text(manager.get(f"/en/needs/{need.key}/team?offer={other}&offer="))
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", own))
    assert re.search(r"Lost (not covered any more|less closely covered|\d+ member)", words)
    assert f"/answer?offer={other}" in own
    assert "Answer with your team" in own


def test_an_offer_that_does_not_fit_the_need_is_left_out(need):
    page = page_words(client_for("opale"), f"/en/needs/{need.key}/team?offer=999999&offer=x&offer=")
    assert "Your team" not in page


def test_the_page_of_the_team_says_who_is_kept_and_who_is_left_out(need):
    manager = client_for("opale")
    team = f"/en/needs/{need.key}/team"
    first = re.findall(r'value="(\d+)" selected', page_text(manager.get(team)))[0]
    readers = [get_organisation("opale").pk]
    request = TeamRequest.objects.create(
        need=need, offer_id=int(first), asked_at=timezone.now(), reply="yes", readers=readers
    )
    assert f"Said yes, and counted first: {request.offer.provider.short_name}." in page_words(manager, team)
    TeamRequest.objects.filter(pk=request.pk).update(reply="no")
    assert f"Said no, and left out: {request.offer.provider.short_name}." in page_words(manager, team)
    # Free only later, it is at no hand either; another offer of its own keeps it from being called left out.
    later = timezone.localdate() + dt.timedelta(days=90)
    TeamRequest.objects.filter(pk=request.pk).update(reply="yes", free_from=later)
    page = page_words(manager, team)
    assert re.search(rf"Said yes, but not free by [^.]+, and left out: {request.offer.provider.short_name}\.", page)
    assert "counted first" not in page
    assert "Add it by hand" not in page
    other = Offer.objects.create(
        key="another", provider=request.offer.provider, title_en="MRD", keywords=["mrd"], period_start="2020"
    )
    TeamRequest.objects.filter(pk=request.pk).update(reply="no", free_from=None)
    TeamRequest.objects.create(need=need, offer=other, asked_at=timezone.now(), reply="yes", readers=readers)
    assert "left out" not in page_words(manager, team)


def test_where_no_team_is_possible_those_who_answer_read_who_said_no(need):
    manager = client_for("opale")
    readers = [get_organisation("opale").pk]
    offers = list(Offer.objects.select_related("provider"))
    for offer in offers:
        TeamRequest.objects.create(need=need, offer=offer, asked_at=timezone.now(), reply="no", readers=readers)
    name = offers[0].provider.short_name
    for page in ("team", "answer", "decline", "redirect"):
        words = page_words(manager, f"/en/needs/{need.key}/{page}")
        assert re.search(rf"Said no, and left out: [^.]*{re.escape(name)}", words), page
    assert "Nobody else of the network offers what is asked." in page_words(manager, f"/en/needs/{need.key}/team")


def test_who_said_yes_and_then_no_is_named_once_and_who_said_yes_otherwise_is_not(need):
    manager, readers = client_for("opale"), [get_organisation("opale").pk]
    values = {"need": need, "asked_at": timezone.now(), "readers": readers}
    offer = Offer.objects.select_related("provider").first()
    later = timezone.localdate() + dt.timedelta(days=90)
    TeamRequest.objects.create(**values, offer=offer, reply="no", free_from=later)
    words = page_words(manager, f"/en/needs/{need.key}/decline")
    assert f"Said no, and left out: {offer.provider.short_name}." in words
    assert "Said yes" not in words
    other = Offer.objects.create(key="another", provider=offer.provider, title_en="MRD", period_start="2020")
    TeamRequest.objects.create(**values, offer=other, reply="yes")
    assert "left out" not in page_words(manager, f"/en/needs/{need.key}/decline")
