"""Events and closings of calls in calendar programs."""

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from maillage.calls.models import Call
from maillage.community.models import Event
from maillage.labels.models import Label

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> list:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.fixture
def congress() -> Event:
    return Event.objects.create(
        key="congress", name="Congrès; «100 %», à Lille", title_fr="Congrès", title_en="Congress", kind_en="meeting",
        organiser_text="Somebody", period_start="2126-06-10", period_end="2126-06-12",
        note_en="Two\nlines, with commas",
    )  # fmt: skip


def test_an_event_is_there_from_its_first_to_its_last_day(client: Client, congress: Event) -> None:
    [event] = read(client, "/en/calendars/events/congress.ics")
    assert (event["summary"], event["dtstart"].dt, event["dtend"].dt) == (
        "Congress", dt.date(2126, 6, 10), dt.date(2126, 6, 13),
    )  # fmt: skip
    assert "Two\nlines, with commas" in event["description"]
    assert event["url"].endswith("/events/congress")
    assert read(client, "/fr/calendars/events/congress.ics")[0]["summary"] == "Congrès"


def test_the_calendar_of_a_list_has_what_is_public_and_has_a_day(client: Client, congress: Event) -> None:
    common = {"name": "x", "kind_en": "meeting"}
    Event.objects.create(key="month", period_start="2126-06", period_end="2126-06", **common)
    Event.objects.create(key="open", period_start="2020-01-01", period_end="..", **common)
    Event.objects.create(key="past", period_start="2001-06-01", period_end="2001-06-01", **common)
    Event.objects.create(key="own", period_start="2126-06-01", visibility="organisation", **common)
    events = read(client, "/en/calendars/events.ics")
    assert [event["uid"].partition("@")[0] for event in events] == ["events-congress", "events-open"]


def test_a_call_is_there_at_the_moment_it_closes_and_cancelled_once_withdrawn(client: Client) -> None:
    label = Label.objects.create(key="label", name_fr="Label")
    opens, closes = (dt.datetime(2126, month, 1, 12, tzinfo=dt.UTC) for month in (1, 3))
    titles = {"title_fr": "Appel", "title_en": "Call"}
    Call.objects.create(key="open", label=label, opens_at=opens, closes_at=closes, **titles)
    Call.objects.create(key="gone", label=label, opens_at=opens, closes_at=closes, withdrawn_at=opens, **titles)
    first, second = read(client, "/en/calendars/calls.ics")
    assert (first["summary"], first["dtstart"].dt, first.get("status")) == ("Closes: Call", closes, None)
    assert second["status"] == "CANCELLED"


def test_what_has_no_day_has_no_file(client: Client) -> None:
    Event.objects.create(key="month", name="x", kind_en="meeting", period_start="2126-06", period_end="2126-06")
    for address in ("events/month", "events/nothing", "organisations/x"):
        assert client.get(f"/en/calendars/{address}.ics").status_code == 404
    assert client.get("/en/calendars/organisations.ics").status_code == 404


def test_pages_lead_to_their_calendars(client: Client, congress: Event) -> None:
    assert "/en/calendars/events.ics" in client.get("/en/events/").content.decode()
    assert "/en/calendars/events/congress.ics" in client.get("/en/events/congress").content.decode()
