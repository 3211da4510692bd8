"""The home page: what a reader can do, for whom, and on which register."""

import itertools
import re

import pytest
from django.test import Client
from django.urls import reverse

from maillage.people.models import User
from maillage.register.models import Organisation, ShownOrganisation, Tie
from tests.web.clients import page_text

pytestmark = pytest.mark.django_db

NEED = "Échantillons appariés à la rechute, « LAM » de l’adulte, avant juin. " * 600


@pytest.fixture
def officer(db) -> Client:
    client = Client()
    client.force_login(User.objects.create(email="officer@example.org", name="Officer", is_officer=True))
    return client


@pytest.mark.usefixtures("example")
class TestWithTheExample:
    def test_one_tells_a_need_finds_who_does_what_and_sees_the_network(self, client: Client) -> None:
        page = page_text(client.get("/en/"))
        for words in ("What do you need?", "Who does what?", "The ecosystem in pictures", "Key figures"):
            assert words in page
        page = page_text(client.get("/fr/"))
        assert "Quel est votre besoin" in page
        assert "Appels ouverts" in page

    def test_a_need_of_any_length_goes_whole_to_the_form_and_never_into_an_address(self, client: Client) -> None:
        home = page_text(client.get("/fr/"))
        form = re.search(r'<form class="ask" method="post" action="([^"]+)">', home)
        assert form
        response = client.post(form[1], {"need": NEED, "do": "begin"})
        assert response.status_code == 200
        assert response.context["form"]["text"].value() == NEED
        assert NEED.strip() in page_text(response)
        assert "errorlist" not in page_text(response)
        assert response.request["QUERY_STRING"] == ""

    def test_an_answered_need_is_passed_on_whole(self, client: Client) -> None:
        answered = client.post("/fr/answer", {"need": NEED})
        assert page_text(answered).count(NEED.strip()) == 2

    def test_the_drawing_and_its_table_say_the_same(self, client: Client) -> None:
        response = client.get("/en/")
        natures = {nature.title: nature.total for nature in response.context["natures"]}
        assert natures["has as member"] == 9
        assert natures["ended"] == 2
        assert sum(natures.values()) == response.context["tie_count"] == 24
        drawing = response.context["drawing"]
        assert {arc.nature.title: len(arc.marks) for arc in drawing.arcs} == natures
        assert client.get("/en/").context["drawing"] == drawing

    def test_an_address_of_the_ecosystem_still_leads_there(self, client: Client) -> None:
        for query in ("on=2021-01-01", "why=29", "with=2021-01-01"):
            response = client.get(f"/en/?{query}")
            assert response.status_code == 302
            assert response["Location"] == f"/en/ecosystems/opale?{query}"


class TestOnAnEmptyRegister:
    def test_a_visitor_reads_plain_words(self, client: Client) -> None:
        page = page_text(client.get("/en/"))
        assert "Nothing is published here yet" in page
        assert "Add an organisation" not in page

    def test_an_officer_reads_what_to_do_first(self, officer: Client) -> None:
        page = page_text(officer.get("/fr/"))
        assert "Ajouter une organisation" in page
        assert reverse("new-fact", args=["organisations"]).split("/", 2)[2] in page


def test_another_register_shows_no_word_of_the_example(client: Client) -> None:
    one, two = (
        Organisation.objects.create(key=key, kind="network", name_en=f"Biobank {key}", acronym=key)
        for key in ("A", "B")
    )
    Tie.objects.create(subject=one, object=two, kind="member", period_start="2020")
    for language in ("en", "fr"):
        page = page_text(client.get(f"/{language}/"))
        assert not re.search("opale|carnot|leuk|leuc", page, re.IGNORECASE)


def test_drawn_words_never_touch(client: Client) -> None:
    """Nine natures, very unequal: each has its line, and the ring is not covered."""
    middle = Organisation.objects.create(key="middle", kind="network", name_en="The middle")
    ShownOrganisation.objects.create(organisation=middle, position=1)
    kinds = ["member", "partner", "host", "founder", "part-of", "related", "associated", "co-pilot", "coordinator"]
    for number in range(60):
        other = Organisation.objects.create(key=f"o{number}", kind="hospital", name_en=f"A long name {number}")
        kind = kinds[number] if number < len(kinds) else "member"
        Tie.objects.create(subject=other, object=middle, kind=kind, period_end="2020" if number == 3 else "..")
    drawing = client.get("/en/").context["drawing"]
    assert sum(arc.nature.total for arc in drawing.arcs) == 60
    for anchor in ("start", "end"):
        heights = sorted(arc.text_y for arc in drawing.arcs if arc.anchor == anchor)
        assert all(after - before >= 50 for before, after in itertools.pairwise(heights))
        assert all(0 < height < drawing.height for height in heights)
