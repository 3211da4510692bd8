"""One ranking of partners for pages and commands: learned by the worker, the vote until then."""

from pathlib import Path

import pytest
from django.utils import timezone

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import get_vocabulary
from maillage.projects import partner_ranking
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder, Party
from maillage.projects.partner_ranking import RankingLoader, learn_partner_ranking, learning_state
from maillage.projects.project_index import ProjectIndex
from maillage.projects.queries import PartnerSearch, RankedNearParties, parties_of, rank_near_parties
from tests.matching.partners.sample_evidence import small_evidence
from tests.projects.small_cordis import write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english"), pytest.mark.programs]
NEED = "How do leukaemia cells answer stress?"


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RankingLoader:
    """Sixty projects of two subjects in the register, with an index, and nothing learned yet."""
    evidence, folder = small_evidence(), tmp_path / "cordis"
    folder.mkdir()
    write_folder(
        folder,
        projects=[
            {
                "project_id": one.key, "title": one.title, "objective": one.objective, "keywords": one.keywords,
                "topic_id": one.topic, "topic_title": one.topic_title, "ec_signature_date": one.signed_on.isoformat(),
            }
            for one in evidence.projects
        ],
        organisations=[
            {"organisation_id": key, "legal_name": party.name, "short_name": party.short_name, "country": party.country}
            for key, party in evidence.parties.items()
        ],
        participations=[
            {"project_id": one.key, "organisation_id": key, "role": role, "order": str(place)}
            for one in evidence.projects
            for place, (key, role) in enumerate(one.parties, 1)
        ],
        project_euroscivoc=[{"project_id": "1"}],
    )  # fmt: skip
    load_projects(funder=Funder.CORDIS, actor=Actor("Ada", frozenset({OFFICER})), at=timezone.now(), folder=folder)
    index, made = ProjectIndex(tmp_path / "index"), RankingLoader()
    index.refresh()
    monkeypatch.setattr("maillage.projects.queries.get_project_index", lambda: index)
    monkeypatch.setattr("maillage.projects.queries.get_ranking_loader", lambda: made)
    monkeypatch.setattr(partner_ranking, "partner_folder", lambda: tmp_path / "partners")
    monkeypatch.setattr(partner_ranking, "MIN_PROJECTS", 10)
    return made


def ranked(*members: Party, vocabulary: Vocabulary | None = None) -> RankedNearParties:
    search = PartnerSearch(NEED, dict.fromkeys(Language, NEED), members)
    return rank_near_parties(search, vocabulary or get_vocabulary(), PUBLIC, most=3)


def test_the_vote_ranks_until_the_worker_has_learned_and_the_result_says_which(loader: RankingLoader) -> None:
    vote = ranked()
    assert not vote.learned
    assert learn_partner_ranking() == 60
    assert loader.served(wait=True) is not None
    learned = ranked()
    assert learned.learned
    for result in (vote, learned):
        assert {near.party.number.split("-")[0] for near in result.parties} == {"cell"}
    assert all(near.projects for near in learned.parties)
    assert learning_state().total == 0


def test_what_was_learned_from_other_projects_is_not_used(loader: RankingLoader) -> None:
    learn_partner_ranking()
    Party.objects.filter(number="sea-lab").update(city="Elsewhere")
    assert loader.served(wait=True) is None


def test_members_are_left_out_and_it_is_said_who_worked_with_them(loader: RankingLoader) -> None:
    (member,) = parties_of([], PUBLIC, name="institut des cellules", country="FR")
    result = ranked(member)
    assert member not in [near.party for near in result.parties]
    companion = next(near for near in result.parties if near.party.number == "cell-firm")
    assert [known for known, _project in companion.worked_with] == [member]
    learn_partner_ranking()
    loader.served(wait=True)
    again = ranked(member)
    assert again.learned
    assert member not in [near.party for near in again.parties]
