"""The editor of an ecosystem page: who may edit, from the draft to the public page, faults at their place."""

import datetime as dt
import json
import re

import pytest
from django.test import Client

from maillage.publishing.models import Section, Statement
from maillage.register.models import Organisation, Tie
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from tests.hidden_records import create_manager_mandate, create_person

pytestmark = pytest.mark.django_db
EDIT = "/en/ecosystems/brio/edit"


def organisation(key: str, kind: str = "network", **values: str) -> Organisation:
    made = Organisation(key=key, kind=kind, name_fr=key.upper(), **values)
    made.save()
    return made


@pytest.fixture
def brio() -> Organisation:
    made = organisation("brio", period_start="2010")
    Tie(subject=made, kind="member", object=organisation("euro"), period_start="2015").save()
    return made


def manager_of(about: Organisation) -> Client:
    person, client = create_person("Manager"), Client()
    client.force_login(person)
    session = client.session
    session[MANDATE_SESSION_KEY] = create_manager_mandate(about, person).pk
    session.save()
    return client


@pytest.fixture
def manager(brio: Organisation) -> Client:
    client = manager_of(brio)
    assert client.post(f"{EDIT}/start").headers["Location"] == EDIT
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return words(response.content.decode())


def raw(client: Client, address: str) -> str:
    """A page with its links."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&#x27;", "'")


def sentence(**changes: str) -> dict[str, str]:
    """What the form sends for a sentence about the membership."""
    posted = {
        "fr": "BRIO a rejoint {network.the} {since.on}.",
        "en": "BRIO joined {network.the} {since.on}.",
        "fact_network": json.dumps({"link": "euro"}),
        "fact_since": json.dumps({"date": "since", "of": ["memberships", "brio", "member", "euro"]}),
        "holds_0": json.dumps({"tie": ["brio", "member", "euro"]}),
        "save": "yes",
    }
    return posted | changes


def section() -> Section:
    return Section.objects.get(key="networks")


def test_a_curious_neighbour_and_a_visitor_may_not_edit(brio: Organisation) -> None:
    for client in (Client(), manager_of(organisation("neighbour"))):
        assert client.get(EDIT).status_code in (302, 403)
        assert client.post(f"{EDIT}/start").status_code in (302, 403)
        assert "Edit this page" not in page(client, "/en/ecosystems/brio")
    assert not Section.objects.exists()


def test_the_page_starts_as_its_draft_and_reads_the_same(brio: Organisation) -> None:
    client = manager_of(brio)
    assert "Edit this page" in page(client, "/en/ecosystems/brio")
    draft = page(Client(), "/fr/ecosystems/brio")
    client.post(f"{EDIT}/start")
    assert list(Section.objects.values_list("key", flat=True)) == ["belonging", "networks"]
    started = page(Client(), "/fr/ecosystems/brio")
    assert "Le réseau BRIO est membre du réseau EURO (depuis 2015)" in draft
    assert "Le réseau BRIO est membre du réseau EURO (depuis 2015)" in started
    # The claim keeps no value: facts may be hidden later, and the list of statements shows claims.
    written = Statement.objects.get(section__key="networks")
    assert written.claim_en == "… is a member of …."
    its_page = page(Client(), f"/en/statements/{written.number}")
    assert "BRIO is a member of" in its_page
    assert "Claim as first read" not in its_page
    listed = page(Client(), "/en/statements/")
    assert "BRIO is a member of" in listed
    assert "… is a member" not in listed
    Organisation.objects.filter(key="euro").update(visibility="organisation")
    assert "EURO" not in page(Client(), "/en/statements/")
    assert client.post(f"{EDIT}/start", follow=True).content.decode().count("has been started") == 1


def test_the_sentences_of_a_page_are_listed_and_lead_to_their_editor(brio: Organisation) -> None:
    manager = manager_of(brio)
    manager.post(f"{EDIT}/start")
    written = Statement.objects.get(section__key="networks")
    elsewhere = Statement.objects.create(number=900, claim_en="It is said elsewhere.")
    assert "/en/statements/?organisation=brio" in raw(Client(), "/en/organisations/brio")
    listed = raw(Client(), "/en/statements/?organisation=brio")
    assert f"/en/statements/{written.number}" in listed
    assert "It is said elsewhere." not in listed
    assert "It is said elsewhere." in raw(Client(), "/en/statements/?unpublished=yes")
    assert f"{EDIT}/{written.number}" in raw(manager, f"/en/statements/{written.number}")
    assert EDIT not in raw(Client(), f"/en/statements/{written.number}")
    assert EDIT not in raw(manager, f"/en/statements/{elsewhere.number}")


def test_files_and_programs_get_what_a_sentence_says_to_their_reader(brio: Organisation) -> None:
    manager_of(brio).post(f"{EDIT}/start")
    number = Statement.objects.get(section__key="networks").number
    formats = {
        "/api/v1/statements": "application/json",
        "/api/v1/statements?linked": "application/ld+json",
        f"/api/v1/statements/{number}": "application/ld+json",
        "/en/statements/?format=csv": "text/csv",
        f"/en/statements/{number}": "text/html",
    }

    def read(address: str) -> str:
        response = Client().get(
            address.removesuffix("?linked"), headers={"Accept": formats[address], "Accept-Language": "en"}
        )
        return b"".join(response).decode()

    for address in formats:
        assert "BRIO is a member of" in read(address), address
        assert "… is a member" not in read(address), address
    Organisation.objects.filter(key="euro").update(visibility="organisation")
    for address in formats:
        assert "EURO" not in read(address), address


def test_a_sentence_is_added_changed_moved_and_removed(manager: Client) -> None:
    added = manager.post(f"{EDIT}/sections/{section().pk}/new", sentence())
    assert added.status_code == 302
    assert "BRIO joined EURO in 2015." in page(Client(), "/en/ecosystems/brio")
    statement = Statement.objects.latest("pk")
    form = manager.get(f"{EDIT}/{statement.number}").content.decode()
    version = re.search(r'name="version" value="([^"]*)"', form)
    changed = sentence(en="BRIO has belonged to {network.the} {since.since}.", text_en_network="the EURO network")
    stale = manager.post(f"{EDIT}/{statement.number}", changed | {"version": '"publishing.statement-1-1"'})
    assert stale.status_code == 422
    assert version
    manager.post(f"{EDIT}/{statement.number}", changed | {"version": version[1].replace("&quot;", '"')})
    assert "BRIO has belonged to the EURO network since 2015." in page(Client(), "/en/ecosystems/brio")
    manager.post(f"{EDIT}/{statement.number}/act", {"act": "up"})
    assert section().statements.order_by("position").first() == statement
    manager.post(f"{EDIT}/{statement.number}/act", {"act": "up"})
    statement.refresh_from_db()
    assert statement.section == Section.objects.get(key="belonging")
    manager.post(f"{EDIT}/{statement.number}/act", {"act": "remove"})
    assert "belonged to" not in page(Client(), "/en/ecosystems/brio")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"en": ""}, "This field is required."),
        ({"fr": "BRIO {network"}, "is no variable; write {name} or {name.part}"),
        ({"fact_network": ""}, "Choose a fact."),
        ({"holds_0": ""}, "Choose a fact."),
        ({"ended_fr": "BRIO n’en est plus."}, "Write it in this language too."),
        ({"fact_network": json.dumps({"link": "nobody"})}, "Select a valid choice"),
    ],
)
def test_a_fault_is_shown_at_its_place_and_nothing_typed_is_lost(
    manager: Client, changes: dict[str, str], message: str
) -> None:
    response = manager.post(f"{EDIT}/sections/{section().pk}/new", sentence(**changes))
    assert response.status_code == 422
    html = response.content.decode()
    faulty = html[html.index("fact-field faulty") :]
    assert message in words(faulty)
    assert "BRIO joined {network.the}" in html or "en" in changes
    assert Statement.objects.filter(section__key="networks").count() == 1


def test_the_preview_reads_in_both_languages_on_the_day_and_saves_nothing(manager: Client) -> None:
    address = f"{EDIT}/sections/{section().pk}/new"
    previewed = sentence(day="2016-01-01") | {"preview": "yes"}
    del previewed["save"]
    html = words(manager.post(address, previewed).content.decode())
    assert "BRIO a rejoint le réseau EURO en 2015." in html
    assert "BRIO joined EURO in 2015." in html
    html = words(manager.post(address, previewed | {"day": "2012-01-01"}).content.decode())
    assert "Not shown on that day" in html
    grown = previewed | {"live": "yes", "en": "BRIO {network} {since.on} {other}"}
    html = manager.post(address, grown).content.decode()
    assert "Still to be chosen: other." in words(html)
    assert 'hx-swap-oob="true"' in html
    assert "<html" not in html
    assert Statement.objects.filter(section__key="networks").count() == 1


def test_a_sentence_bound_to_a_withdrawn_fact_is_a_fault_with_its_remedy(manager: Client) -> None:
    manager.post(f"{EDIT}/sections/{section().pk}/new", sentence())
    number = Statement.objects.latest("pk").number
    Tie.objects.all().delete()
    public = page(Client(), "/en/ecosystems/brio")
    assert "BRIO joined" not in public
    assert "not published" not in public
    edited = page(manager, EDIT)
    assert "Readers do not see this sentence: the register has no memberships brio member euro." in edited
    assert "or remove the sentence" in edited
    assert "a fact that is not in the register" in page(manager, f"{EDIT}/{number}")
    assert "is not published" in page(manager, "/en/ecosystems/brio")


def test_sections_are_added_renamed_moved_and_removed_when_empty(manager: Client) -> None:
    manager.post(f"{EDIT}/sections", {"new-title_fr": "Nos amis", "new-title_en": "Our friends"})
    added = Section.objects.get(key="our-friends")
    manager.post(f"{EDIT}/sections/{added.pk}", {"act": "rename", "title_fr": "Amis", "title_en": "Friends"})
    manager.post(f"{EDIT}/sections/{added.pk}", {"act": "up"})
    assert [one.title_en for one in Section.objects.all()] == ["Where it belongs", "Friends", "Networks and partners"]
    kept = manager.post(f"{EDIT}/sections/{section().pk}", {"act": "remove"}, follow=True)
    assert "move or remove them first" in kept.content.decode()
    manager.post(f"{EDIT}/sections/{added.pk}", {"act": "remove"})
    assert Section.objects.count() == 2


def test_a_page_of_an_organisation_that_not_everybody_sees_is_not_started() -> None:
    hidden = organisation("hidden", visibility="organisation")
    client = manager_of(hidden)
    assert "is public; make the record" in page_after_start(client)
    assert Client().get("/en/ecosystems/hidden").status_code == 404


def page_after_start(client: Client) -> str:
    return client.post("/en/ecosystems/hidden/edit/start", follow=True).content.decode()


def test_the_day_of_the_editor_is_the_day_read(manager: Client) -> None:
    before = page(manager, f"{EDIT}?on={dt.date(2012, 1, 1)}")
    assert "Not shown on that day" in before
