"""Partners from past projects over the API: ranked as on the pages."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder
from maillage.projects.project_index import ProjectIndex
from tests.projects.small_cordis import write_folder

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/partners"


@pytest.fixture(autouse=True)
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One project of two parties, in an index of its own."""
    folder, index = tmp_path / "cordis", ProjectIndex(tmp_path / "index")
    folder.mkdir()
    parties = [{"organisation_id": "901"}, {"organisation_id": "902", "legal_name": "SMALL COMPANY"}]
    both = [{"organisation_id": "901"}, {"organisation_id": "902", "role": "participant", "order": "2"}]
    load_projects(
        funder=Funder.CORDIS,
        actor=SYSTEM,
        at=timezone.now(),
        folder=write_folder(folder, organisations=parties, participations=both),
    )
    monkeypatch.setattr("maillage.projects.queries.get_project_index", lambda: index)
    index.refresh()


def test_a_need_gets_the_parties_of_near_projects_and_how_they_were_ranked(client: Client) -> None:
    answer = client.post(ADDRESS, {"text": "Cells under stress"}, content_type="application/json").json()
    assert answer["ranking"] == "vote"
    assert {partner["number"] for partner in answer["partners"]} == {"901", "902"}
    assert answer["partners"][0]["projects"] == ["101"]


def test_members_are_completed_by_those_who_worked_with_them(client: Client) -> None:
    question = {"text": "Cells under stress", "members": ["901"]}
    (partner,) = client.post(ADDRESS, question, content_type="application/json").json()["partners"]
    assert (partner["number"], partner["worked_with"]) == ("902", {"901": "101"})


@pytest.mark.parametrize("question", [{}, {"text": ""}, {"text": "x", "member": ["901"]}, {"text": "x" * 20_001}])
def test_what_cannot_be_ranked_is_refused(client: Client, question: dict[str, object]) -> None:
    assert client.post(ADDRESS, question, content_type="application/json").status_code == 422


def test_members_that_nobody_knows_are_named(client: Client) -> None:
    question = {"text": "Cells under stress", "members": ["901", "7"]}
    answer = client.post(ADDRESS, question, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"place": "members", "detail": "7"}])
