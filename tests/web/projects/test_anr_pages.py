"""Projects of the ANR on pages and over the API, beside those of CORDIS."""

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.matching.word_lists import Language
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder, Party
from maillage.projects.project_index import ProjectIndex
from maillage.projects.queries import find_near_parties, find_near_projects
from maillage.register.models import Identifier, Organisation
from tests.projects.small_anr import partner, write_anr_folder
from tests.projects.small_cordis import write_folder
from tests.web.clients import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACTOR = Actor("Ada", frozenset({OFFICER}))
LABCOM = {"project_id": "ANR-19-LCV1-0003", "acronym": "COMMUN", "programme": "LCV1", "theme_fr": "", "year": "2019"}


@pytest.fixture
def laboratory(tmp_path) -> Organisation:
    """A laboratory in projects of both funders, and in a joint laboratory with a company."""
    lab = Organisation.objects.create(key="lab", kind="research-unit", name_fr="Institut des Cellules", country="FR")
    Identifier.objects.create(organisation=lab, scheme="rnsr", value="200611689J")
    number = LABCOM["project_id"]
    joint = [
        {"project_id": number, "partner_id": f"{number}-01", "rnsr_id": "200611689J"},
        {"project_id": number, "partner_id": f"{number}-02", "organisation": "Sondes SA", "category": "PME",
         "coordinator": "False"},
    ]  # fmt: skip
    again = partner(2, organisation="UMR 8212", rnsr_id="200611689J")
    for name in ("anr", "cordis"):
        (tmp_path / name).mkdir()
    write_anr_folder(
        tmp_path / "anr",
        anr_projects=[{"partners": "2"}, LABCOM | {"partners": "2"}],
        anr_partners=[{"rnsr_id": "200611689J"}, again, *joint],
    )
    write_folder(tmp_path / "cordis")
    for funder in Funder:
        load_projects(actor=ACTOR, at=timezone.now(), funder=funder, folder=tmp_path / funder)
    return lab


def test_the_page_of_a_project_tells_funder_programme_committee_and_what_each_partner_is(laboratory, client: Client):
    page = page_text(client.get("/en/projects/anr-18-ce18-0001"))
    for words in (
        "French National Research Agency (ANR)",
        "generic call (AAPG)",
        "CE18 · Innovation biomédicale",
        "Institut des Cellules (coordinator, public laboratory, Lyon)",
        "UMR 8212 (participant, public laboratory, Lyon)",
        "leukemia",
    ):
        assert words in page
    assert "https://anr.fr/Projet-ANR-18-CE18-0001" in client.get("/en/projects/anr-18-ce18-0001").content.decode()


def test_the_page_of_an_organisation_names_a_labcom_as_joint_laboratory_with_a_company(laboratory, client: Client):
    page = page_text(client.get("/en/organisations/lab"))
    assert "joint laboratory with a company · ANR" in page
    for title in ("COMMUN", "ALPHA", "Cells under stress"):
        assert title in page
    assert "laboratoire commun avec une entreprise" in page_text(client.get("/fr/organisations/lab"))


def test_the_list_of_projects_is_narrowed_by_funder_kind_committee_and_year(laboratory, client: Client):
    for narrowed, title in {
        "funder=cordis": "Cells under stress",
        "kind=joint-lab": "COMMUN",
        "committee=CE18": "ALPHA",
        "year=2019": "COMMUN",
        "programme=PIA": "Les vagues de la mer",
    }.items():
        shown = client.get(f"/api/v1/projects?{narrowed}").json()["items"]
        assert [one["fields"]["title"]["text"].startswith(title) for one in shown] == [True], narrowed
        assert title in page_text(client.get(f"/en/projects/?{narrowed}"))
    assert client.get("/api/v1/projects?year=soon").json()["items"] == []


def test_the_page_of_a_party_tells_how_it_is_written_and_whether_the_register_has_it(laboratory, client: Client):
    page = page_text(client.get("/en/parties/anr-200611689j"))
    assert "UMR 8212" in page
    assert "same RNSR number" in page
    assert page.count("ALPHA") == 1
    company = Party.objects.get(name="Sondes SA")
    assert "not found there; named as its funder writes it" in page_text(client.get(company.get_absolute_url()))


def test_past_projects_of_both_funders_are_evidence_and_parties_are_ranked_by_cordis_alone(
    laboratory, tmp_path, monkeypatch
):
    index = ProjectIndex(tmp_path / "index")
    monkeypatch.setattr("maillage.projects.queries.get_project_index", lambda: index)
    index.refresh()
    texts = {Language.EN: "stress of leukemia cells", Language.FR: "innovation biomédicale"}
    near = find_near_projects(texts, [laboratory.pk], PUBLIC)[laboratory.pk]
    assert "ANR-18-CE18-0001" in {one.project.number for one in near}
    assert {one.party.funder for one in find_near_parties(texts, PUBLIC)} == {"cordis"}
