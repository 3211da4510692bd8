"""The page of the desk: rows with their pages, filters, owners, and links that open signed out."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope
from maillage.desk.actions.morning import announce_desk
from maillage.notifications.mails import digest_mail
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answers import ask_teams
from maillage.partnerships.actions.messages import write_message
from maillage.partnerships.actions.questions import ask_requester
from maillage.partnerships.actions.undelivered import note_undelivered
from maillage.partnerships.models import Requester
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from maillage.workflow.models import Case
from tests.partnerships.sample_needs import state_sample_need
from tests.web.clients import client_for, page_text, page_words

pytestmark = pytest.mark.django_db


def person(name: str, *mandates, **more) -> User:
    made = User.objects.create(email=f"{name.lower()}@example.org", name=name, language="en", **more)
    for role, organisation in mandates:
        Mandate.objects.create(person=made, organisation=organisation, role=role, first_day=dt.date(2020, 1, 1))
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def need(world):
    now = timezone.now()
    made = state_sample_need(world, at=now, text="A phase I trial in acute myeloid leukaemia. With samples.")
    ask_teams(actor=SYSTEM, at=now, need_id=made.pk, offers=[world.offers[0].pk])
    return made


@pytest.fixture
def manager(world, need) -> User:
    return person("Ada", ("manager", world.institute), ("lead", world.lab))


def row_links(client: Client, address: str = "/en/desk") -> list[str]:
    return re.findall(r'<b><a href="([^"]+)"', page_text(client.get(address)))


def test_each_row_leads_to_the_page_where_it_is_done_by_its_mandate(manager, need):
    client = client_of(manager)
    links = row_links(client)
    assert [link.split("?")[0] for link in links] == [
        f"/en/needs/{need.key}",
        f"/en/requests/{need.requests.get().pk}",
    ]
    for link in links:
        mandate = Mandate.objects.get(pk=int(link.split("by=")[1]))
        page = client.get(link, follow=True)
        assert page.status_code == 200
        assert page.redirect_chain[-1][0] == link.split("?")[0]
        assert client.session[MANDATE_SESSION_KEY] == mandate.pk
        assert f"You act here as: {mandate}." in page_text(page)


def test_the_header_counts_what_the_desk_shows(manager):
    client = client_of(manager)
    assert "2 things wait for you" in page_words(client, "/en/offers/")
    assert "Yours or nobody’s 2" in page_words(client, "/en/desk")
    assert "· 2 rows" in page_words(client, "/en/desk")
    assert "· 2 lignes" in page_words(client, "/fr/desk")


def test_the_header_counts_anew_once_the_reader_has_sent_something(manager):
    client, key = client_of(manager), f"need:{Case.objects.get().pk}"
    elsewhere = client_of(manager)
    assert "2 things wait for you" in page_words(client, "/en/offers/")
    assert "2 things wait for you" in page_words(elsewhere, "/en/offers/")
    until = timezone.localdate() + dt.timedelta(days=3)
    client.post("/en/desk/rows", {"do": f"put-off {key}", "until": until.isoformat()})
    assert "1 thing waits for you" in page_words(client, "/en/offers/")
    assert "1 thing waits for you" in page_words(elsewhere, "/en/offers/")


def test_to_count_leaves_the_session_as_it_is(manager):
    client = client_of(manager)
    for address in ("/en/offers/", "/en/desk"):
        assert "sessionid" not in client.get(address).cookies


@pytest.mark.parametrize("language", ["en", "fr"])
def test_rows_are_filtered_by_kind_mandate_and_owner(manager, language):
    client, mandate = client_of(manager), Mandate.objects.get(person=manager, role="lead")
    for query, number in (
        ("kind=need", 1),
        (f"mandate={mandate.pk}", 1),
        ("kind=need&whose=all", 1),
        ("whose=colleagues", 0),
        ("whose=nobody", 2),
        ("kind=nothing", 0),
    ):
        assert len(row_links(client, f"/{language}/desk?{query}")) == number, query


def test_a_row_is_taken_given_to_a_colleague_by_name_and_given_back(world, manager):
    colleague, client = person("Grace", ("manager", world.institute)), client_of(manager)
    key = f"need:{Case.objects.get().pk}"
    assert "You take care of 1 row." in page_text(client.post("/en/desk/rows", {"do": f"take {key}"}, follow=True))
    assert f'value="{colleague.pk}">Grace<' in page_text(client.get("/en/desk"))
    given = client.post("/en/desk/rows", {"do": "give", "row": [key], "person": colleague.pk}, follow=True)
    assert "1 row is given to Grace." in page_text(given)
    assert "Grace" in page_words(client, "/en/desk?whose=colleagues")
    assert len(row_links(client)) == 1
    back = client_of(colleague).post("/en/desk/rows", {"do": "give-back", "row": [key]}, follow=True)
    assert "1 row is nobody’s now." in page_text(back)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"do": "take"}, "Tick at least one row."),
        ({"do": "take need:999999"}, "no longer waits for you"),
        ({"do": "give", "row": ["x"]}, "Choose the colleague"),
        ({"do": "put-off", "row": ["x"], "until": "tomorrow"}, "Choose the day"),
        ({"do": "put-off", "row": ["x"], "until": "2020-13-40"}, "Choose the day"),
    ],
)
def test_a_wrong_act_says_what_to_do(manager, data, said):
    assert said in page_text(client_of(manager).post("/en/desk/rows", data, follow=True))


def test_several_rows_are_put_off_and_brought_back(manager):
    client = client_of(manager)
    keys = re.findall(r'name="row" value="([^"]+)"', page_text(client.get("/en/desk")))
    until = timezone.localdate() + dt.timedelta(days=3)
    client.post("/en/desk/rows", {"do": "put-off", "row": keys, "until": until.isoformat()})
    assert "Nothing waits for you." in page_words(client, "/en/desk")
    client.post("/en/desk/rows", {"do": f"wake {keys[0]}"})
    assert len(row_links(client)) == 1


def test_the_return_key_in_the_date_puts_off_and_takes_no_row(manager, browser):
    page = browser.new_page()
    page.set_content(page_text(client_of(manager).get("/en/desk")))
    page.evaluate("addEventListener('submit', e => { e.preventDefault(); document.title = e.submitter.value; })")
    page.locator("input[name=until]").press("Enter")
    assert page.title() == "put-off"
    page.close()


def test_what_was_done_today_stands_beside(manager):
    case, client = Case.objects.get(), client_of(manager)
    session = client.session
    session[MANDATE_SESSION_KEY] = Mandate.objects.get(person=manager, role="manager").pk
    session.save()
    client.post(f"/en/cases/{case.pk}/take-on", {"transition": "seek-agreement"})
    assert "Ask the requester to agree: A phase I trial in acute myeloid leukaemia , by you" in page_words(
        client, "/en/desk"
    )


def test_a_link_opens_signed_out(manager, need):
    visitor, link = Client(), row_links(client_of(manager))[1]
    sign_in = visitor.get(link)["Location"]
    assert sign_in.startswith("/en/sign-in?next=")
    manager.set_password("a sentence to remember")
    manager.save()
    next_address = re.search(r'name="next"[^>]*value="([^"]+)"', page_text(visitor.get(sign_in)))
    assert next_address
    data = {
        "username": manager.email,
        "password": "a sentence to remember",
        "next": next_address[1].replace("&amp;", "&"),
    }
    arrived = visitor.post(sign_in, data, follow=True)
    assert arrived.status_code == 200
    assert arrived.redirect_chain[-1][0] == link.split("?")[0]


def test_one_lands_on_the_desk_after_signing_in(manager):
    manager.set_password("a sentence to remember")
    manager.save()
    data = {"username": manager.email, "password": "a sentence to remember"}
    assert Client().post("/en/sign-in", data)["Location"] == "/en/desk"
    assert Client().get("/en/desk")["Location"] == "/en/sign-in?next=/en/desk"
    assert Client().get("/en/cases/")["Location"] == "/en/desk"


def test_officers_are_led_to_invite_somebody_where_nobody_acts(world, need):
    words = page_text(client_of(person("Officer", is_officer=True)).get("/en/desk"))
    assert "nobody holds a mandate to act for Lab" in words
    assert f"/en/mandates/of/{world.lab.key}" in words


def test_the_morning_mail_is_the_desk(manager, need):
    announce_desk(actor=SYSTEM, at=timezone.now(), person_id=manager.pk)
    announce_desk(actor=SYSTEM, at=timezone.now(), person_id=manager.pk)
    notice = Notice.objects.get(person=manager, kind="desk")
    with use_scope(ACTION_SCOPE):
        mail = digest_mail(manager, [*Notice.objects.filter(person=manager, kind="teams"), notice])
    assert mail.subject.endswith("2 things wait for you")
    addresses = re.findall(r"^ +https?://[^/]+(\S+)$", str(mail.body), re.MULTILINE)
    assert addresses == row_links(client_of(manager))
    assert str(mail.body).index("/needs/") < str(mail.body).index("/requests/")


def test_subjects_say_what_happened(world):
    user, now = person("Ada", ("manager", world.institute), ("lead", world.lab)), timezone.now()
    need = state_sample_need(world, at=now, text="A phase I trial in acute myeloid leukaemia. With samples.")
    ask_teams(actor=SYSTEM, at=now, need_id=need.pk, offers=[world.offers[0].pk])
    notices = Notice.objects.filter(person=user)
    subjects = set(notices.values_list("subject_en", flat=True))
    assert "New need: A phase I trial in acute myeloid leukaemia" in subjects
    assert need.get_absolute_url().split("/needs/")[1] in notices.get(subject_en__startswith="New need").link_en
    assert any(
        re.fullmatch(r"Your team is asked: A phase I trial in acute myeloid leukaemia, by \d+ \w+ \d{4}", subject)
        for subject in subjects
    ), subjects


def test_a_mandate_named_in_an_address_leads_to_no_other_site(example):
    response = client_for("opale").get("////evil.example/", {"by": "1"})
    assert not response.headers.get("Location", "").startswith("//")


def test_what_was_ticked_and_typed_stays_when_an_act_is_refused(manager):
    client = client_of(manager)
    rows = re.findall(r'name="row" value="([^"]+)"', page_text(client.get("/en/desk")))
    sent = {"do": "put-off", "row": rows, "until": "2020-01-01", "next": "/en/desk?whose=all"}
    refused = client.post("/en/desk/rows", sent)
    assert refused.status_code == 422
    assert page_text(refused).count(" checked") == len(rows) == 2
    assert 'value="2020-01-01"' in page_text(refused)
    assert 'name="next" value="/en/desk?whose=all"' in page_text(refused)


def test_the_desk_comes_as_a_file_and_as_a_calendar_of_ones_own(manager, need):
    client = client_of(manager)
    file = b"".join(client.get("/en/desk.csv").streaming_content).decode("utf-8-sig")
    assert need.title in file
    assert f"/en/needs/{need.key}" in file
    address = re.search(r'href="[^"]*(/en/desk/calendar/[^"]+\.ics)"', page_text(client.get("/en/desk")))[1]
    calendar = Client().get(address)
    assert calendar.content.count(b"BEGIN:VEVENT") == 2
    # Calendars are kept by others.
    assert need.requester.organisation in file
    assert need.requester.organisation.encode() not in calendar.content.replace(b"\r\n ", b"")
    manager.set_password("another sentence to remember")
    manager.save()
    assert Client().get(address).status_code == 404


def test_a_requester_with_an_account_has_rows_for_what_waits_for_them(world):
    requester = person("Requester")
    need = state_sample_need(world, actor_of(requester, timezone.now()), at=timezone.now())
    assert row_links(client_of(requester)) == []
    ask_requester(actor=world.acting(world.institute), at=timezone.now(), need_id=need.pk, text="How many pairs?")
    [link] = row_links(client_of(requester))
    assert "/needs/follow/" in link
    assert "Answer the question" in page_words(client_of(requester), "/en/desk")
    assert "How many pairs?" in page_words(client_of(requester), link)


def test_the_page_of_a_need_whose_requester_is_not_reached_leads_to_the_remedy(world, manager, need):
    message = write_message(
        actor=world.acting(world.institute),
        at=timezone.now(),
        need_id=need.pk,
        thread="requester",
        text="How many pairs?",
    )
    note_undelivered(actor=SYSTEM, at=timezone.now(), need_id=need.pk, message_id=message.pk, why="No such user")
    client = client_of(manager)
    link = next(link for link in row_links(client) if link.split("?")[0].endswith(need.key))
    page = client.get(link, follow=True)
    assert f"/en/needs/{need.key}/requester" in page_text(page)
    assert "The mail of this message did not reach:" in page_text(page)


def test_rows_that_wait_for_one_person_alone_are_neither_taken_nor_given(world, need):
    asker = person("Mia")
    Requester.objects.filter(need=need).update(person=asker)
    ask_requester(actor=world.acting(world.institute), at=timezone.now(), need_id=need.pk, text="How many?")
    client = client_of(asker)
    page = page_words(client, "/en/desk")
    assert "Answer the question" in page
    assert "/needs/follow/" not in b"".join(client.get("/en/desk.csv").streaming_content).decode()
    assert "Put them off until then" in page
    for words in ("Take care of them", "Remind whoever", "Hand over all", "Figures of needs"):
        assert words not in page


def test_all_is_handed_over_from_a_desk_on_which_every_row_is_put_off(manager, world, need):
    person("Grace", ("manager", world.institute))
    client = client_of(manager)
    key = re.findall(r'name="row" value="(need:\d+)"', page_text(client.get("/en/desk")))[0]
    client.post("/en/desk/rows", {"do": f"take {key}"})
    until = timezone.localdate() + dt.timedelta(days=3)
    client.post("/en/desk/rows", {"do": "put-off", "row": [key], "until": until.isoformat()})
    grace = User.objects.get(name="Grace")
    assert f'<option value="{grace.pk}">' in page_text(client.get("/en/desk")).split("hand-over-to", 1)[1]
