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
from maillage.people.models import Mandate, User
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from maillage.workflow.models import Case
from tests.partnerships.sample_needs import state_sample_need
from tests.web.clients import client_for, page_text, page_words


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


def test_what_was_done_today_stands_beside(manager):
    case, client = Case.objects.get(), client_of(manager)
    session = client.session
    session[MANDATE_SESSION_KEY] = Mandate.objects.get(person=manager, role="manager").pk
    session.save()
    client.post(f"/en/cases/{case.pk}/take-on", {"transition": "escalate"})
    assert "Escalate to the network: A phase I trial in acute myeloid leukaemia , by you" in page_words(
        client, "/en/desk"
    )


def test_a_link_opens_signed_out(manager, need):
    visitor, link = Client(), row_links(client_of(manager))[1]
    refused = visitor.get(link)
    assert refused.status_code in (403, 404)
    sign_in = re.search(r'href="(/en/sign-in\?next=[^"]+)"', page_text(refused))
    assert sign_in
    manager.set_password("a sentence to remember")
    manager.save()
    next_address = re.search(r'name="next"[^>]*value="([^"]+)"', page_text(visitor.get(sign_in[1])))
    assert next_address
    data = {
        "username": manager.email,
        "password": "a sentence to remember",
        "next": next_address[1].replace("&amp;", "&"),
    }
    arrived = visitor.post(sign_in[1], data, follow=True)
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
