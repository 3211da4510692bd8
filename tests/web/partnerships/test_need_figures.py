"""The figures of needs: what is counted, who reads it, and its files."""

import csv
import datetime as dt
import io
from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.security.session_scope import actor_scope, read_everything
from maillage.partnerships.actions.answers import answer_need, decline_need, redirect_need
from maillage.partnerships.actions.erasures import erase_requester
from maillage.partnerships.actions.messages import write_message
from maillage.partnerships.actions.requester import withdraw_need
from maillage.partnerships.models import Need
from maillage.partnerships.need_figures import NeedFigures, need_figures, need_lines
from maillage.partnerships.queries import answer_punctuality
from tests.hidden_records import create_person
from tests.partnerships.sample_needs import LETTER, SampleNetwork, create_sample_network, state_sample_need, working_day
from tests.web.clients import client_of, page_text, page_words

pytestmark = pytest.mark.django_db

SINCE, UNTIL = dt.date(2026, 3, 1), dt.date(2026, 4, 30)
PERIOD = "since=2026-03-01&until=2026-04-30"


@pytest.fixture
def world(db) -> SampleNetwork:
    return create_sample_network()


@pytest.fixture
def filled(world) -> SampleNetwork:
    """Needs that came in each way and ended in each, with the institute, over two months."""
    manager, needs = world.acting(world.institute), [state_sample_need(world) for _number in range(6)]
    answered, late, declined, withdrawn, passed_on, _left = (need.pk for need in needs)
    write_message(actor=manager, at=working_day(0), need_id=answered, thread="requester", text="We read it.")
    answer_need(actor=manager, at=working_day(2), need_id=answered, letter=LETTER, team=[])
    answer_need(actor=manager, at=working_day(15), need_id=late, letter=LETTER, team=[])
    decline_need(actor=manager, at=working_day(3), need_id=declined, reason="Not our field.", pass_on_to=[])
    withdraw_need(actor=PUBLIC, at=working_day(1), need_id=withdrawn)
    Need.objects.filter(pk=passed_on).update(is_confidential=False, about_offer=world.offers[0])
    redirect_need(
        actor=manager, at=working_day(1), need_id=passed_on, organisation_id=world.neighbour.pk, letter=LETTER
    )
    state_sample_need(world, at=working_day(25))
    return world


def figures_of(world, actor=None, on: dt.date = UNTIL) -> NeedFigures:
    actor = actor or world.acting(world.institute)
    with actor_scope(actor):
        return need_figures(need_lines(SINCE, UNTIL, actor=actor, on=on))


def counts(figures: NeedFigures, name: str) -> dict[str, int]:
    return {count.title: count.number for count in figures.breakdowns[name][1]}


def test_each_need_is_counted_once_in_every_table(filled, english):
    figures = figures_of(filled)
    assert figures.received == 7
    assert counts(figures, "outcome") == {
        "answered": 2,
        "not dealt with yet": 2,
        "declined": 1,
        "passed on": 1,
        "withdrawn": 1,
    }
    assert counts(figures, "source") == {
        "stated to the organisation on the site": 6, "stated from the page of an offer": 1
    }  # fmt: skip
    assert counts(figures, "size") == {"small or medium-sized enterprise": 7}
    assert counts(figures, "first-word") == {
        "within a day": 2, "within three days": 1, "later": 1, "no word yet": 3
    }  # fmt: skip
    assert [(month.month.month, month.received) for month in figures.months] == [(3, 6), (4, 1)]


def test_needs_are_lost_in_a_state_and_by_an_act(filled, english):
    lost = counts(figures_of(filled), "lost")
    assert lost["Received: declined"] == lost["Received: withdrawn"] == 1
    assert sum(number for title, number in lost.items() if "overdue" in title) == 2


def test_the_part_in_time_is_that_of_the_charter(filled):
    figures = figures_of(filled)
    with read_everything():
        punctuality = answer_punctuality(filled.institute.pk, SINCE, UNTIL, UNTIL)
    assert (figures.in_time, figures.judged) == (punctuality.in_time, punctuality.in_time + punctuality.late)
    assert figures.in_time == 3


def test_a_need_that_was_passed_on_counts_with_both(filled, english):
    neighbour = figures_of(filled, filled.acting(filled.neighbour))
    assert counts(neighbour, "source") == {"passed on by another organisation": 1}


def test_only_those_who_deal_with_needs_read_the_figures_of_their_own(filled):
    for actor in (PUBLIC, filled.acting(filled.institute, "reviewer"), filled.acting(filled.lab, "lead")):
        assert figures_of(filled, actor).received == 0
    assert figures_of(filled, SYSTEM).received == 8


def test_erased_needs_stay_in_the_figures(filled, english, tmp_path, settings):
    settings.DATA = tmp_path
    before = figures_of(filled)
    declined = Need.objects.get(addresses__outcome="declined")
    erase_requester(actor=PUBLIC, at=timezone.now(), need_id=declined.pk)
    assert figures_of(filled) == before


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_shows_charts_with_a_table_behind_each(filled, language):
    page = page_text(client_of(filled.acting(filled.institute)).get(f"/{language}/needs/figures?{PERIOD}"))
    assert page.count('<h2 id="chart-') == page.count('class="as-table"') == 7
    assert page.count("<table>") == 7


def test_the_page_of_an_empty_register_says_so(world, english):
    manager = client_of(world.acting(world.institute))
    assert "No need was received yet" in page_words(manager, "/en/needs/figures")
    state_sample_need(world)
    assert "in this period" in page_words(manager, "/en/needs/figures?since=2020-01-01&until=2020-12-31")


def test_days_that_cannot_be_are_said_at_their_place(filled):
    client = client_of(filled.acting(filled.institute))
    for query, words in (("since=never", "valid date"), ("since=2026-04-01&until=2026-03-01", "exchange the two")):
        refused = client.get(f"/en/needs/figures?{query}")
        assert (refused.status_code, words in page_text(refused)) == (422, True)


def test_an_organisation_that_is_not_the_readers_is_said(filled):
    answer = client_of(filled.acting(filled.institute)).get(f"/en/needs/figures?{PERIOD}&organisation=neighbour")
    assert answer.status_code == 422
    assert "neighbour is not one of the available choices" in page_text(answer)


def test_visitors_and_other_mandates_do_not_open_the_page(filled, client: Client):
    assert client.get("/en/needs/figures").status_code in (302, 403)
    assert client_of(filled.acting(filled.institute, "reviewer")).get("/en/needs/figures").status_code == 403


def test_files_have_a_line_for_each_need_and_all_tables(filled):
    client = client_of(filled.acting(filled.institute))
    lines = file_rows(client.get(f"/en/needs/figures?{PERIOD}&format=csv"))
    assert Counter(line["Outcome"] for line in lines)["answered"] == 2
    assert {line["Sector of the requester"] for line in lines} == {"not said"}
    tables = file_rows(client.get(f"/en/needs/figures?{PERIOD}&of=figures&format=csv"))
    assert {"Needs by month", "Outcome", "Where needs are lost", "How they came"} <= {row["Table"] for row in tables}
    workbook = client.get(f"/en/needs/figures?{PERIOD}&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(workbook.streaming_content))).worksheets[0]
    assert sheet.max_row == len(lines) + 1 == 8


def file_rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.usefixtures("example")
def test_the_page_answers_on_the_example(client: Client):
    client.force_login(create_person("Officer", is_officer=True))
    assert client.get("/en/needs/figures").status_code == 200
