"""The past projects of a proposed body, on the page that answers a need."""

import pytest
from django.test import Client
from django.utils import timezone

from maillage.kernel.actors import PUBLIC, SYSTEM
from maillage.kernel.processes.actions import publish_shipped
from maillage.matching.words import Language
from maillage.partnerships.stating import AskedFor, Asker, state_need
from maillage.projects.cordis import load_cordis
from maillage.projects.index import ProjectIndex
from maillage.projects.models import Party, Tie
from maillage.projects.queries import parties_near
from maillage.publishing.answering import answer_need
from tests.projects.small_cordis import write
from tests.web.acting import acting, body, text

NEED = "A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples at relapse."
pytestmark = pytest.mark.usefixtures("example")


@pytest.fixture
def index(tmp_path, monkeypatch) -> ProjectIndex:
    """The provider proposed first took part in one project that is near the need, and in one that is not."""
    made = ProjectIndex(tmp_path / "index")
    monkeypatch.setattr("maillage.projects.queries.index", lambda: made)
    first = answer_need(NEED, actor=PUBLIC, on=timezone.localdate()).proposed[0].offer.provider
    said = [
        {"project_id": "101", "acronym": "BITES", "title": "Bispecific antibodies at relapse of AML"},
        {"project_id": "102", "acronym": "TIDES", "title": "Waves of the sea"},
    ]
    folder = tmp_path / "cordis"
    folder.mkdir()
    plain = {"objective": "", "keywords": "", "topic_title": ""}
    write(folder, projects=[plain | one for one in said], participations=[{}, {"project_id": "102"}])
    load_cordis(actor=SYSTEM, at=timezone.now(), folder=folder)
    Party.objects.update(organisation=first, tie=Tie.NAME)
    made.refresh()
    return made


def test_the_answer_names_the_past_projects_nearest_to_the_need(client: Client, index):
    page = client.get("/en/answer", {"need": NEED}).content.decode()
    assert "Past projects nearest to this need:" in page
    assert "BITES</a>" in page
    assert "TIDES" not in page
    assert "https://cordis.europa.eu/project/id/101" in page
    assert "signed on 12 May 2022" in page


def test_a_need_without_past_projects_says_nothing_of_them(client: Client):
    page = client.get("/en/answer", {"need": NEED}).content.decode()
    assert "Offers that answer" in page
    assert "Past projects nearest" not in page


def test_who_did_near_what_is_asked_is_named_for_whoever_composes_the_team(index):
    publish_shipped(timezone.now())
    asker = Asker("A small company", "company@example.org")
    addressee = body("opale").pk
    stated = {"text": NEED, "asker": asker, "addressee_id": addressee, "asked": [AskedFor("aml")]}
    need = state_need(actor=PUBLIC, at=timezone.now(), **stated).need
    page = text(acting("opale").get(f"/en/needs/{need.key}/team"))
    assert "Who took part in the past projects nearest" in page
    (party,) = parties_near({Language.EN: NEED}, PUBLIC)
    assert party.party.name in page
    assert party.projects[0].acronym == "BITES"


def test_a_hidden_party_is_not_named(index):
    Party.objects.update(visibility="organisation")
    assert parties_near({Language.EN: NEED}, PUBLIC) == []
