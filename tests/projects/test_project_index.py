"""The past projects of a body that are nearest to a need, from an index that follows the database."""

import fcntl
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.security.visibility import Visibility
from maillage.matching.word_lists import Language
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder, Project
from maillage.projects.project_index import ProjectIndex
from maillage.projects.queries import find_near_projects
from maillage.register.models import Organisation
from tests.projects.small_cordis import write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACTOR = Actor("Ada", frozenset({OFFICER}))
CELLS = {Language.EN: "stress of cells", Language.FR: "le stress des cellules"}


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(root, monkeypatch) -> ProjectIndex:
    made = ProjectIndex(root)
    monkeypatch.setattr("maillage.projects.queries.get_project_index", lambda: made)
    return made


@pytest.fixture
def bodies(tmp_path, index) -> dict[str, int]:
    """Two bodies of the register, each in a project of its own and both in a third."""
    keys = {"cells": "INSTITUT DES CELLULES", "sea": "OCEAN INSTITUTE"}
    for key, name in keys.items():
        Organisation.objects.create(key=key, kind="institute", name_en=name, country="FR")
    said = [("101", "Cells under stress"), ("102", "Waves at sea"), ("103", "Stress of cells at sea")]
    folder = tmp_path / "cordis"
    folder.mkdir()
    write_folder(
        folder,
        projects=[
            {"project_id": number, "title": title, "objective": "", "keywords": "", "topic_title": "", "acronym": ""}
            for number, title in said
        ],
        organisations=[{"organisation_id": str(n), "legal_name": name} for n, name in enumerate(keys.values())],
        participations=[
            {"project_id": number, "organisation_id": body}
            for number, body in (("101", "0"), ("102", "1"), ("103", "0"), ("103", "1"))
        ],
    )
    load_projects(funder=Funder.CORDIS, actor=ACTOR, at=timezone.now(), folder=folder)
    index.refresh()
    return {key: Organisation.objects.get(key=key).pk for key in keys}


def near(bodies: dict[str, int], actor: Actor = PUBLIC) -> dict[str, list[str]]:
    found = find_near_projects(CELLS, bodies.values(), actor)
    return {key: [one.project.number for one in found.get(pk, [])] for key, pk in bodies.items()}


def folder_in_use(root: Path) -> str:
    return str(json.loads((root / "state.json").read_text("utf-8"))["folder"])


def comes_about(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true within 20 seconds."""
    return any(holds() or time.sleep(0.05) for _time in range(400))


def test_each_body_has_its_projects_that_are_near(bodies):
    assert near(bodies) == {"cells": ["101", "103"], "sea": ["103"]}


def test_each_is_told_with_its_source_and_the_day_it_was_read(bodies):
    one = find_near_projects(CELLS, [bodies["sea"]], PUBLIC)[bodies["sea"]][0]
    assert one.citation.source.url.endswith("/project/id/103")
    assert one.citation.read_on == timezone.localdate()


def test_what_changed_is_found_at_once_without_a_new_index(bodies, root):
    folder = folder_in_use(root)
    Project.objects.filter(number="102").update(title="Stress of cells, again")
    Project.objects.filter(number="103").update(title="Waves")
    assert near(bodies) == {"cells": ["101"], "sea": ["102"]}
    assert folder_in_use(root) == folder


def test_a_project_that_is_gone_is_found_no_more(bodies):
    Project.objects.filter(number="101").delete()
    assert near(bodies) == {"cells": ["103"], "sea": ["103"]}


def test_a_hidden_project_is_shown_to_those_alone_who_may_see_it(bodies):
    Project.objects.filter(number="101").update(visibility=Visibility.NAMED)
    assert near(bodies)["cells"] == ["103"]
    assert near(bodies, ACTOR)["cells"] == ["101", "103"]


def test_the_number_of_queries_does_not_grow_with_bodies(bodies, django_assert_num_queries):
    near(bodies)
    for some in ([bodies["cells"]], list(bodies.values())):
        with django_assert_num_queries(4):
            find_near_projects(CELLS, some, PUBLIC)


def test_each_machine_has_an_index_of_its_own(bodies, tmp_path):
    folder = tmp_path / "other"
    other = ProjectIndex(folder)
    assert not folder.exists()
    other.refresh()
    assert len(other.search(CELLS, bodies.values(), 10)) == 2


@pytest.mark.django_db(transaction=True)
def test_many_changes_are_written_aside_while_the_present_index_serves(bodies, index, root):
    index.max_inline_changes = 0
    Project.objects.filter(number="102").update(title="Stress of cells, again")
    folder = folder_in_use(root)
    with (root / "write.lock").open("w") as lock:
        # As while another process writes the new index.
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert near(bodies) == {"cells": ["101", "103"], "sea": ["103"]}
        assert comes_about(lambda: "index of projects" not in {thread.name for thread in threading.enumerate()})
        assert folder_in_use(root) == folder
    near(bodies)
    assert comes_about(lambda: folder_in_use(root) != folder)
    assert set(near(bodies)["sea"]) == {"102", "103"}


def test_a_damaged_state_is_made_anew(bodies, index, root):
    (root / "state.json").write_text("{")
    index.refresh()
    assert near(bodies)["cells"] == ["101", "103"]


def test_without_projects_nothing_is_built(tmp_path):
    empty = ProjectIndex(tmp_path / "none")
    assert empty.search(CELLS, [1], 10) == []
    assert not (tmp_path / "none").exists()
