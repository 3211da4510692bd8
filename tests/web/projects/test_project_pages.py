"""Past projects on pages: their own, that of an organisation, and what they say of who has worked together."""

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder, Party, Project
from maillage.register.collaboration_provider import collaboration_strengths, shared_work_titles
from maillage.register.models import Organisation
from tests.projects.small_cordis import write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NAMES = ("Institut des Cellules", "Institut du Stress", "Université de Nulle Part")


@pytest.fixture
def bodies(tmp_path) -> list[Organisation]:
    """Three bodies of the register; the first two took part in one project of five, the third in none."""
    kept = [
        Organisation.objects.create(key=f"body-{n}", kind="institute", name_fr=name, country="FR")
        for n, name in enumerate(NAMES)
    ]
    numbers = [str(n) for n in range(5)]
    names = [*NAMES[:2], "Autre", "Autre encore", "Encore une autre"]
    parties = [{"organisation_id": n, "legal_name": name} for n, name in zip(numbers, names, strict=True)]
    folder = write_folder(tmp_path, organisations=parties, participations=[{"organisation_id": n} for n in numbers])
    load_projects(funder=Funder.CORDIS, actor=Actor("Ada", frozenset({OFFICER})), at=timezone.now(), folder=folder)
    return kept


def test_the_page_of_a_project_tells_its_parties_and_its_page_at_the_source(bodies, client: Client):
    page = client.get("/en/projects/cordis-101").content.decode()
    assert "Cells under stress" in page
    assert "INSTITUT DES CELLULES (coordinator)".lower() in page.lower()
    assert "cordis.europa.eu/project/id/101" in page


def test_the_page_of_an_organisation_lists_its_past_projects(bodies, client: Client):
    assert "Cells under stress" in client.get("/en/organisations/body-0").content.decode()
    assert "Cells under stress" not in client.get("/en/organisations/body-2").content.decode()


def test_the_list_of_projects_is_narrowed_to_one_body(bodies, client: Client):
    assert "Cells under stress" in client.get("/en/projects/?organisation=body-1").content.decode()
    assert "Cells under stress" not in client.get("/en/projects/?organisation=body-2").content.decode()


def test_a_party_leads_to_its_organisation_and_back(bodies, client: Client):
    page = client.get(f"/en/parties/{Party.objects.get(organisation=bodies[0]).key}").content.decode()
    assert "/en/organisations/body-0" in page
    assert "same name and country" in page


def test_a_common_project_says_that_bodies_have_worked_together(bodies):
    one, other, third = (body.pk for body in bodies)
    pairs = collaboration_strengths([one, other, third], PUBLIC)
    assert pairs.keys() == {(one, other)}
    # One work of five, each of whom it ties by 4 / 5.
    assert pairs[one, other] == pytest.approx(1 - 2.718281828 ** (-0.8 / 2))
    assert shared_work_titles(one, other, PUBLIC) == ["ALPHA"]


def test_a_hidden_project_says_nothing_of_who_worked_together(bodies):
    Project.objects.update(visibility="named")
    assert collaboration_strengths([body.pk for body in bodies], PUBLIC) == {}
