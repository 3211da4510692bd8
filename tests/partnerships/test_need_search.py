"""The search in needs, messages and files finds what the reader may read, and nothing for the curious."""

import datetime as dt

import pytest
from django.test import Client

from maillage.core.actors import PUBLIC
from maillage.core.text import fold
from maillage.files.models import File
from maillage.files.uploads import receive_file
from maillage.partnerships.actions.answers import ask_teams
from maillage.partnerships.actions.messages import write_as_requester, write_message
from maillage.partnerships.models import Message
from maillage.partnerships.need_search import MAX_FOUND, excerpt, find_in_needs
from maillage.people.models import Mandate, User
from tests.partnerships.sample_needs import MONDAY, state_sample_need, working_day

TUESDAY = working_day(1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


def person(name: str, role: str, organisation) -> User:
    made = User.objects.create(email=f"{name}@example.org", name=name)
    Mandate.objects.create(person=made, organisation=organisation, role=role, first_day=dt.date(2020, 1, 1))
    return made


def found(user: User, text: str) -> list[str]:
    return [str(hit.kind) for hit in find_in_needs(text, user, TUESDAY)]


@pytest.fixture
def need(world):
    made = state_sample_need(world)
    with receive_file("Protocole étude.pdf", [PDF]) as file:
        write_as_requester(actor=PUBLIC, at=MONDAY, need_id=made.pk, text="Sixty aliquots at best.", files=[file])
    manager = world.acting(world.institute)
    ask_teams(actor=manager, at=MONDAY, need_id=made.pk, offers=[world.offers[0].pk])
    write_message(
        actor=manager, at=MONDAY, need_id=made.pk, thread="team", team_id=world.lab.pk, text="Have you cryotubes?"
    )
    return made


def test_those_who_answer_find_needs_messages_files_and_who_asks(world, need, english):
    manager = person("manager", "manager", world.institute)
    assert found(manager, "bispecific leukaemia") == ["Need"]
    assert found(manager, "ALIQUOTS sixty") == ["Message"]
    assert found(manager, "protocole etude") == ["File"]
    assert "Need" in found(manager, "small company")
    assert found(manager, "nothing like this") == []


def test_many_other_files_hide_none_of_a_need(world, need, english):
    manager = person("manager", "manager", world.institute)
    file = File.objects.filter(record_kind=Message.kind_name()).first()
    later = {"organisation_id": world.institute.pk, "uploaded_at": TUESDAY, "content": file.content}
    File.objects.bulk_create(
        File(name="Protocole.pdf", record_kind="register.organisation", record_id=number, **later)
        for number in range(MAX_FOUND * 6)
    )
    assert found(manager, "protocole") == ["File"]


def test_a_team_finds_its_own_conversation_alone(world, need, english):
    lead = person("lead", "lead", world.lab)
    assert found(lead, "cryotubes") == ["Message"]
    assert find_in_needs("cryotubes", lead, TUESDAY)[0].url.startswith("/en/requests/")
    for text in ("aliquots", "protocole", "small company"):
        assert found(lead, text) == []


@pytest.mark.parametrize("text", ["bispecific", "aliquots", "protocole", "cryotubes", "company", "a"])
def test_a_curious_neighbour_finds_nothing(world, need, text):
    for role in ("manager", "lead", "reviewer"):
        assert found(person(role, role, world.neighbour), text) == []
    assert found(User.objects.create(email="nobody@example.org", name="nobody"), text) == []


def test_the_page_of_the_search_leads_there_signed_in_and_says_nothing_signed_out(world, need):
    manager = person("manager", "manager", world.institute)
    client = Client()
    client.force_login(manager)
    page = client.get("/en/find", {"q": "aliquots"}).content.decode()
    assert f"/en/needs/{need.key}?by=" in page
    assert "aliquots at best" in page
    assert "aliquots at best" not in Client().get("/en/find", {"q": "aliquots"}).content.decode()


@pytest.mark.parametrize("position", [0, 1, 25, 60, 99])
def test_an_excerpt_holds_the_word_that_was_found_and_whole_words_alone(position):
    said = [f"préléve{number}s" for number in range(100)]
    shown = excerpt(" \n".join(said), [fold(said[position])])
    words = shown.removeprefix("… ").removesuffix(" …").split()
    assert said[position] in words
    assert set(words) <= set(said)
    assert (shown.startswith("… "), shown.endswith(" …")) == (words[0] != said[0], words[-1] != said[-1])


def test_an_excerpt_of_a_short_text_or_of_one_long_word_is_whole():
    assert excerpt("Sixty  aliquots\nat best.", ["aliquots"]) == "Sixty aliquots at best."
    assert excerpt("x" * 900, ["nothing"]) == "x" * 900
