"""Laboratories on pages: the search, its filters and file, below an answer, on a need, and the page of a laboratory."""

import csv
import datetime as dt
import html
import io
import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.partnerships.laboratory_index import get_laboratory_loader
from maillage.partnerships.models import RequestedCapability
from maillage.register.models import Organisation, Tie
from tests.partnerships.sample_laboratories import create_sample_laboratories
from tests.partnerships.sample_needs import SampleNetwork, create_sample_network, state_sample_need
from tests.web.clients import client_of, page_text, page_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEMP = "Un isolant en béton de chanvre"


@pytest.fixture
def labs() -> dict[str, Organisation]:
    return create_sample_laboratories()


@pytest.fixture
def world(labs) -> SampleNetwork:
    """A network to which the laboratory of concrete belongs, whose managers may act for it."""
    made = create_sample_network()
    Tie.objects.create(
        subject=labs["concrete"], object=made.institute, kind="member", period_start="2020", managed_by="object"
    )
    return made


@pytest.fixture
def manager(world) -> Client:
    return client_of(world.acting(world.institute, at=timezone.now()))


def words_of(response) -> str:
    assert response.status_code == 200
    return " ".join(page_text(response).split())


def test_words_in_the_address_find_laboratories_with_reasons(labs, client: Client):
    page = words_of(client.get("/en/laboratories", {"q": "energy of ocean waves"}))
    assert page.index("Énergie des vagues") < page.index("Supervised by IMER")
    assert "3 compared" in page
    assert 'href="/en/offers/?organisation=waves"' in page


def test_a_posted_text_is_filtered_and_no_cache_keeps_it(labs, client: Client):
    posted = {"need": "matériaux, vagues, galaxies", "region": "FR-IDF"}
    response = client.post("/en/laboratories", posted)
    page = words_of(response)
    assert "Matériaux de construction" in page
    assert "Énergie des vagues" not in page.partition("Nearest laboratories")[2]
    assert response["Cache-Control"] == "no-store"
    nothing = words_of(client.post("/en/laboratories", posted | {"region": "FR-COR"}))
    assert "Take a filter away." in nothing


def test_who_asks_carries_a_laboratory_and_one_click_leaves_it_out(labs, client: Client):
    posted = {"need": "béton de chanvre", "organisation": "Maison SA", "country": "FR"}
    assert "Worked with you in 2021 (COMMUN)" in words_of(client.post("/en/laboratories", posted))
    without = words_of(client.post("/en/laboratories", posted | {"ties": "off"}))
    assert "orked with you in" not in without
    assert "Use it again" in without


@pytest.mark.parametrize(("language", "separator", "yes"), [("en", ",", "yes"), ("fr", ";", "oui")])
def test_the_lines_are_taken_away_as_a_file(labs, client: Client, language, separator, yes):
    labs["waves"].name_fr = "=Vagues de l’océan"
    labs["waves"].save()
    response = client.post(f"/{language}/laboratories.csv", {"need": "vagues de l’océan"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (first, *_others) = list(csv.reader(io.StringIO(text), delimiter=separator))[1:]
    assert first[:5] == ["1", "'=Vagues de l’océan", "", "Waves", "Bretagne"]
    assert first[6:] == [yes, f"http://testserver/{language}/organisations/waves"]
    assert response["Content-Disposition"].startswith('attachment; filename="maillage-laborato')


@pytest.mark.parametrize("query", ["?of=unknown", "?of=%00", "?q=%00", "?q=&region=%00", "?q=vagues&body=%00&label=x"])
def test_what_is_not_known_is_answered_with_a_page(labs, client: Client, query):
    assert client.get(f"/en/laboratories{query}").status_code == 200


def test_the_laboratories_of_a_need_are_shown_to_those_who_read_it_alone(world, manager, client: Client):
    need = state_sample_need(world, text=f"{HEMP} pour des maisons secrètes", at=timezone.now())
    address = f"/en/laboratories?of={need.key}"
    page = words_of(manager.get(address))
    assert "Matériaux de construction" in page
    stranger = words_of(client.get(address))
    assert "Matériaux de construction" not in stranger
    assert "secrètes" not in stranger


def test_an_answer_shows_the_laboratories_below_the_offers(labs, client: Client):
    page = words_of(client.post("/en/answer", {"need": HEMP}))
    section = page.partition("Public laboratories nearest to this need")[2]
    assert "Matériaux de construction" in section
    assert "More laboratories, by region" in section
    assert "Public laboratories" not in words_of(client.post("/en/answer?on=2020-01-01", {"need": HEMP}))


def test_a_line_of_a_need_becomes_an_offer_in_two_clicks(world, manager):
    need = state_sample_need(world, text=HEMP, at=timezone.now())
    RequestedCapability.objects.get_or_create(need=need, concept="aml")
    page = page_text(manager.get(f"/en/needs/{need.key}"))
    draft = f"/en/organisations/concrete/offers/new?need={need.key}"
    assert draft in page
    form = page_text(manager.get(draft))
    assert "acute myeloid" in form.lower()
    assert "chanvre" not in form, "the words of a need are not for an offer"
    again = page_text(manager.get("/en/organisations/concrete/offers/new?need=unknown"))
    assert "acute myeloid" not in again.lower()


def test_an_institute_sees_its_laboratories_that_were_near_and_offer_nothing(world, manager, client: Client):
    state_sample_need(world, text=HEMP, at=timezone.now() - dt.timedelta(days=2))
    page = page_words(manager, "/en/organisations/institute/offers/asked")
    assert "Laboratories that were near, and offer nothing" in page
    assert "Matériaux de construction" in page
    assert client.get("/en/organisations/institute/offers/asked").status_code in (302, 403)


def test_the_page_of_a_laboratory_draws_its_projects_and_names_whom_it_worked_with(labs, client: Client):
    page = words_of(client.get("/en/organisations/concrete"))
    assert "Past projects by year" in page
    assert page.count('<rect class="sure"') == 2  # 2019 and 2021, nothing in 2020
    assert "With whom it worked most" in page
    assert "Maison SA" in page
    assert "2 projects, the last in 2021" in page
    assert "Past projects by year" not in words_of(client.get("/en/organisations/galaxies"))


def test_the_home_page_and_the_search_lead_to_laboratories(labs, client: Client):
    assert 'action="/en/laboratories"' in page_text(client.get("/en/"))
    assert "/en/laboratories?q=vagues" in page_text(client.get("/en/find?q=vagues"))


def test_who_acts_for_another_institute_proposes_the_offer(labs):
    world = create_sample_network()
    Tie.objects.create(subject=labs["concrete"], object=world.institute, kind="member", period_start="2020")
    state_sample_need(world, text=f"{HEMP} pour des maisons", at=timezone.now())
    manager = client_of(world.acting(world.institute, at=timezone.now()))
    page = page_text(manager.get("/en/organisations/institute/offers/asked"))
    (address,) = re.findall(r'href="(/en/facts/offers/propose\?provider=concrete[^"]*)"', page)
    form = page_text(manager.get(html.unescape(address)))
    assert "Matériaux de construction" in form
    assert "chanvre" not in form


@pytest.mark.parametrize("part", ["nearest-laboratories", "laboratory-results"])
def test_while_a_large_register_is_read_the_page_asks_again_for_its_part(labs, client: Client, monkeypatch, part):
    monkeypatch.setattr("maillage.partnerships.laboratory_index.FEW_LABORATORIES", 1)
    monkeypatch.setattr("threading.Thread.start", lambda thread: None)
    get_laboratory_loader.cache_clear()
    address = "/en/answer" if part == "nearest-laboratories" else "/en/laboratories"
    page = words_of(client.post(address, {"need": HEMP}))
    assert f'hx-post="{address}"' in page
    assert f'id="{part}"' in page
    assert f'hx-select="#{part}"' in page
    assert 'hx-get="/en/laboratories?q=' in words_of(client.get("/en/laboratories?q=x"))
    get_laboratory_loader.cache_clear()
