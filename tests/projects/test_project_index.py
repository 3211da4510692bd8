"""The past projects of a body that are nearest to a need, from an index that follows the database."""

import pytest
from django.utils import timezone

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.security.visibility import Visibility
from maillage.matching.word_lists import Language
from maillage.projects import project_index as indexing
from maillage.projects.actions.cordis_projects import load_cordis
from maillage.projects.models import Project
from maillage.projects.project_index import ProjectIndex
from maillage.projects.queries import find_near_projects
from maillage.register.models import Organisation
from tests.projects.small_cordis import write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACTOR = Actor("Ada", frozenset({OFFICER}))
CELLS = {Language.EN: "stress of cells", Language.FR: "le stress des cellules"}


@pytest.fixture
def index(tmp_path, monkeypatch) -> ProjectIndex:
    made = ProjectIndex(tmp_path / "index")
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
    load_cordis(actor=ACTOR, at=timezone.now(), folder=folder)
    index.refresh()
    return {key: Organisation.objects.get(key=key).pk for key in keys}


def near(bodies: dict[str, int], actor: Actor = PUBLIC) -> dict[str, list[str]]:
    found = find_near_projects(CELLS, bodies.values(), actor)
    return {key: [one.project.number for one in found.get(pk, [])] for key, pk in bodies.items()}


def test_each_body_has_its_projects_that_are_near(bodies):
    assert near(bodies) == {"cells": ["101", "103"], "sea": ["103"]}


def test_each_is_told_with_its_source_and_the_day_it_was_read(bodies):
    one = find_near_projects(CELLS, [bodies["sea"]], PUBLIC)[bodies["sea"]][0]
    assert one.citation.source.url.endswith("/project/id/103")
    assert one.citation.read_on == timezone.localdate()


def test_what_changed_is_found_at_once_without_a_new_index(bodies, index):
    folder = index._state().folder
    Project.objects.filter(number="102").update(title="Stress of cells, again")
    Project.objects.filter(number="103").update(title="Waves")
    assert near(bodies) == {"cells": ["101"], "sea": ["102"]}
    assert index._state().folder == folder


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
    other = ProjectIndex(tmp_path / "other")
    assert other._current_index() is None
    other.refresh()
    assert len(other.search(CELLS, bodies.values(), 10)) == 2


def test_many_changes_are_written_aside_while_the_present_index_serves(bodies, index, monkeypatch):
    monkeypatch.setattr(indexing, "_MAX_INLINE_CHANGES", 0)
    begun = []
    monkeypatch.setattr(ProjectIndex, "_refresh_in_thread", lambda _self: begun.append(True))
    Project.objects.filter(number="102").update(title="Stress of cells, again")
    folder = index._state().folder
    assert near(bodies) == {"cells": ["101", "103"], "sea": ["103"]}
    assert begun == [True]
    index.refresh()
    assert index._state().folder != folder
    assert set(near(bodies)["sea"]) == {"102", "103"}


def test_a_damaged_state_is_made_anew(bodies, index):
    (index._root / "state.json").write_text("{")
    index.refresh()
    assert near(bodies)["cells"] == ["101", "103"]


def test_without_projects_nothing_is_built(tmp_path):
    empty = ProjectIndex(tmp_path / "none")
    assert empty.search(CELLS, [1], 10) == []
    assert not (tmp_path / "none").exists()
