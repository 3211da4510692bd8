"""Laboratories of the register ranked for a need: what is read of it, who asks, filters, and who reads what."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.translation import override

from maillage.core.actors import PUBLIC, SYSTEM, Actor
from maillage.core.history import known_at
from maillage.core.security.visibility import Visibility
from maillage.partnerships.laboratory_demand import silent_laboratories
from maillage.partnerships.laboratory_index import get_laboratory_loader
from maillage.partnerships.laboratory_matching import LaboratoryFilters, LaboratoryMatches, match_laboratories
from maillage.partnerships.requester_ties import Asker
from maillage.projects.models import Project
from maillage.register.models import Organisation, Tie
from tests.partnerships.sample_laboratories import create_laboratory, create_sample_laboratories
from tests.partnerships.sample_needs import create_sample_network, state_sample_need

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEMP, WAVES = "Un isolant en béton de chanvre", "We harvest the energy of ocean waves"


@pytest.fixture
def labs() -> dict[str, Organisation]:
    return create_sample_laboratories()


def found(text: str, actor: Actor = PUBLIC, **options: object) -> LaboratoryMatches:
    return match_laboratories(text, actor=actor, on=timezone.localdate(), **options)


def keys(text: str, **options: object) -> list[str]:
    return [match.organisation.key for match in found(text, **options).matches]


@pytest.mark.parametrize(
    ("text", "key"), [(HEMP, "concrete"), (WAVES, "waves"), ("Spectroscopie d’un plasma", "waves")]
)
def test_the_first_laboratory_is_the_one_that_works_on_it(labs, text, key):
    assert keys(text)[0] == key


@pytest.mark.parametrize("text", ["vagues", "galaxies", "construction"])
def test_a_word_alone_is_read_in_the_language_of_its_reader(labs, text):
    with override("fr"):
        assert len(keys(text)) == 1


def test_reasons_are_in_words_and_projects_are_named(labs):
    first = found(HEMP).matches[0]
    assert first.reasons[0].startswith("works on: ")
    assert "took part in a project near this need, in 2019" in first.reasons
    assert "joint laboratory with a company in 2021" in first.reasons
    assert "2 projects with companies, the last in 2021" in first.reasons
    assert [project.acronym for project in first.projects] == ["HEMP"]
    assert "supervised by IMER" in found(WAVES).matches[0].reasons
    assert [match.offers for match in (found(WAVES).matches[0], first)] == [True, False]


def test_a_closed_laboratory_is_left_out_and_what_it_did_counts_for_its_successor(labs):
    assert "stars" not in keys("Étoiles et galaxies, spectroscopie du plasma")
    assert "galaxies" in keys("Spectroscopie du plasma des étoiles")


def test_nothing_is_proposed_for_a_need_of_which_no_word_is_known(labs):
    assert keys("zzyx qwrt", asker=Asker(place="Bretagne")) == []


def test_who_asks_is_said_as_a_reason_and_left_out_without_them(labs):
    create_laboratory("shore", "Énergie des vagues du littoral", "FR-IDF")
    near = found("Énergie des vagues", asker=Asker(place="Île-de-France")).matches
    assert near[0].organisation.key == "shore"
    assert near[0].ties == ("in your region (Île-de-France)",)
    assert not any(match.ties for match in found("Énergie des vagues").matches)


def test_a_laboratory_that_worked_with_who_asks_says_so(labs):
    first = found("Un isolant pour maisons", asker=Asker("Maison SA", country="FR")).matches[0]
    assert (first.organisation.key, first.ties) == ("concrete", ("worked with you in 2021 (COMMUN)",))


def test_filters_narrow_to_a_region_a_body_and_a_label(labs):
    text = "Énergie des vagues, matériaux de construction, galaxies"
    assert len(keys(text)) == 3
    assert keys(text, filters=LaboratoryFilters(region="FR-IDF")) == ["concrete"]
    assert keys(text, filters=LaboratoryFilters(body="sea")) == ["waves"]
    assert keys(text, filters=LaboratoryFilters(body="unknown")) == []
    assert keys(text, filters=LaboratoryFilters(label="unknown")) == []
    choices = found(text, filters=LaboratoryFilters(region="FR-COR")).choices
    assert [(choice.value, choice.name, choice.count) for choice in choices["body"]] == [
        ("sea", "Institut de la mer", 1)
    ]
    assert ("FR-COR", 0) in [(choice.value, choice.count) for choice in choices["region"]]


def test_what_is_hidden_is_neither_ranked_nor_named(labs):
    Organisation.objects.filter(key="waves").update(visibility=Visibility.ORGANISATION)
    Project.objects.filter(number="HEMP").update(visibility=Visibility.ORGANISATION)
    assert "waves" not in keys(WAVES)
    assert keys(WAVES, actor=SYSTEM) == keys(WAVES)
    assert not any(match.projects for match in found("Un béton de chanvre").matches)


def test_the_ranking_follows_the_register(labs):
    assert keys("Ornithologie des marais") == []
    create_laboratory("birds", "Ornithologie des marais", "FR-NAQ")
    assert keys("Ornithologie des marais") == ["birds"]


def test_a_ranking_is_never_made_of_what_was_known_earlier(labs):
    get_laboratory_loader.cache_clear()
    with known_at(timezone.now() - dt.timedelta(days=365)):
        assert not found(WAVES).ready
    assert keys(WAVES)[0] == "waves"


def test_a_large_register_is_read_in_a_thread_unless_one_waits(labs, monkeypatch):
    began: list[str] = []
    monkeypatch.setattr("maillage.partnerships.laboratory_index.FEW_LABORATORIES", 1)
    monkeypatch.setattr("threading.Thread.start", lambda thread: began.append(thread.name))
    get_laboratory_loader.cache_clear()
    assert [found(WAVES).ready for _request in range(2)] == [False, False]
    assert began == ["laboratories"], "one at a time"
    assert found(WAVES, wait=True).matches
    assert found(WAVES).ready
    get_laboratory_loader.cache_clear()


def test_an_empty_register_has_no_laboratory(db):
    assert found(WAVES) == LaboratoryMatches()


def test_an_institute_learns_which_of_its_laboratories_were_near_and_offer_nothing():
    world = create_sample_network()
    labs = create_sample_laboratories()
    need = state_sample_need(world, text=f"{HEMP}. {WAVES}.", at=timezone.now() - dt.timedelta(days=3))
    for key in ("waves", "concrete"):
        Tie.objects.create(subject=labs[key], object=world.institute, kind="member", period_start="2020")
    manager = world.acting(world.institute, at=timezone.now())
    lines = silent_laboratories(world.institute.pk, actor=manager, at=timezone.now())
    assert [(line.laboratory.key, [one.pk for one in line.needs]) for line in lines] == [("concrete", [need.pk])]
    neighbour = world.acting(world.neighbour, at=timezone.now())
    assert silent_laboratories(world.institute.pk, actor=neighbour, at=timezone.now()) == []
