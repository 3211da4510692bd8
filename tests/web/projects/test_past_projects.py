"""The past projects of a proposed body, on the page that answers a need."""

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.matching.word_lists import Language
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.need_inputs import RequestedCapabilityInput, RequesterInput
from maillage.partnerships.offer_matching import match_offers
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder, Party, PartyMatch
from maillage.projects.project_index import ProjectIndex
from maillage.projects.queries import find_near_parties
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.projects.small_cordis import write_folder
from tests.web.clients import client_for, get_organisation, page_text

NEED = "A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples at relapse."
pytestmark = pytest.mark.usefixtures("example")


@pytest.fixture
def index(tmp_path, monkeypatch) -> ProjectIndex:
    """The provider proposed first took part in one project that is near the need, and in one that is not."""
    made = ProjectIndex(tmp_path / "index")
    monkeypatch.setattr("maillage.projects.queries.get_project_index", lambda: made)
    first = match_offers(NEED, actor=PUBLIC, on=timezone.localdate()).proposed[0].offer.provider
    said = [
        {"project_id": "101", "acronym": "BITES", "title": "Bispecific antibodies at relapse of AML"},
        {"project_id": "102", "acronym": "TIDES", "title": "Waves of the sea"},
    ]
    folder = tmp_path / "cordis"
    folder.mkdir()
    plain = {"objective": "", "keywords": "", "topic_title": ""}
    write_folder(folder, projects=[plain | one for one in said], participations=[{}, {"project_id": "102"}])
    load_projects(funder=Funder.CORDIS, actor=SYSTEM, at=timezone.now(), folder=folder)
    Party.objects.update(organisation=first, tie=PartyMatch.NAME)
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
    publish_shipped_definitions(timezone.now())
    asker = RequesterInput("A small company", "company@example.org")
    addressee = get_organisation("opale").pk
    stated = {"text": NEED, "asker": asker, "addressee_id": addressee, "asked": [RequestedCapabilityInput("aml")]}
    need = state_need(actor=PUBLIC, at=timezone.now(), **stated).need
    page = page_text(client_for("opale").get(f"/en/needs/{need.key}/team"))
    assert "Who took part in the past projects nearest" in page
    (party,) = find_near_parties({Language.EN: NEED}, PUBLIC)
    assert party.party.name in page
    assert party.projects[0].acronym == "BITES"


def test_a_need_says_with_whom_the_requester_has_worked_and_ranks_without_it_on_demand(index, tmp_path):
    folder = tmp_path / "more"
    folder.mkdir()
    parties = [{"organisation_id": "901"}, {"organisation_id": "902", "legal_name": "SMALL COMPANY", "country": "FR"}]
    titled = {"title": "Bispecific antibodies at relapse of AML"}
    both = [{"organisation_id": "901"}, {"organisation_id": "902", "role": "participant", "order": "2"}]
    load_projects(
        funder=Funder.CORDIS,
        actor=SYSTEM,
        at=timezone.now(),
        folder=write_folder(folder, projects=[titled], organisations=parties, participations=both),
    )
    index.refresh()
    publish_shipped_definitions(timezone.now())
    asker = RequesterInput("Small company", "company@example.org")
    stated = {"text": NEED, "asker": asker, "addressee_id": get_organisation("opale").pk}
    need = state_need(actor=PUBLIC, at=timezone.now(), asked=[RequestedCapabilityInput("aml")], **stated).need
    client = client_for("opale")
    for address in (f"/en/needs/{need.key}/team", f"/en/needs/{need.key}"):
        page = " ".join(page_text(client.get(address)).split())
        assert "Ranked to join: SMALL COMPANY" in page
        assert "worked with SMALL COMPANY in 2022" in page
    alone = page_text(client.get(f"/en/needs/{need.key}/team?alone=1"))
    assert "Ranked to join:" not in alone
    assert "Ranked by a vote of the nearest projects." in alone


def test_a_hidden_party_is_not_named(index):
    Party.objects.update(visibility="organisation")
    assert find_near_parties({Language.EN: NEED}, PUBLIC) == []
