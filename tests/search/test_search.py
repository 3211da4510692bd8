"""Finding: what words find, in which order, for whom, and an index that survives whatever happens to its folder."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.history import known_at
from maillage.offers.models import Offer
from maillage.register.actions.merges import merge_organisations
from maillage.register.models import Identifier, Name, Organisation, Tie
from maillage.search import queries
from maillage.search.index import IndexStore
from maillage.search.index_updates import SearchIndex
from tests.register.simulated_ror import ror_id

pytestmark = pytest.mark.django_db
Find = Callable[..., list[queries.SearchHit]]


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    with translation.override("fr"):
        yield


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """An index of its own for each test, which each search updates, however many events other tests have used up."""
    return SearchIndex(IndexStore(tmp_path / "index"), check_interval=-1, max_inline_changes=10**9)


@pytest.fixture
def find(index: SearchIndex) -> Find:
    def run(text: str, **options: Any) -> list[queries.SearchHit]:
        return queries.find_records(text, index=index, **{"actor": PUBLIC, "on": timezone.localdate(), **options})

    return run


def body(key: str, **fields: Any) -> Organisation:
    made = Organisation(**{"key": key, "kind": "institute", "name_fr": key.title(), **fields})
    made.save()
    return made


def keys(hits: list[queries.SearchHit]) -> list[str]:
    return [hit.key for hit in hits]


@pytest.fixture
def institute() -> Organisation:
    return body(
        "lesions",
        name_fr="Institut de la Lésion Médullaire",
        name_en="Spinal Cord Injury Institute",
        acronym="ILM",
        city="Saint-Étienne",
        country="FR",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Institut de la Lésion Médullaire",
        "lésion",
        "LESION",
        "lesion medul",
        "les",
        "medullaire institut",
        "ILM",
        "ilm",
        "spinal injury",
        "saint etienne lésion",
        "lésoin",
        "lezion",
        "medulaire",
        "institut lésion medullaiire",
        "instut de la lesion",
        "l'institut de la lésion",
        "  lésion!!  ",
    ],
)
def test_found_however_it_is_typed(find: Find, institute: Organisation, text: str) -> None:
    body("other", name_fr="Musée des Ponts", city="Tours")
    assert keys(find(text)) == ["lesions"]


@pytest.mark.parametrize(
    "text", ["", " ", "…", "zzzz", "x" * 10_000, "\0", "\u200f\u202eשלום", "AND OR NOT", "a*b?c[d", "(", "é" * 300]
)
def test_what_finds_nothing_finds_nothing(find: Find, institute: Organisation, text: str) -> None:
    assert find(text) == []


def test_a_hit_says_what_where_and_how_to_get_there(find: Find, institute: Organisation) -> None:
    (hit,) = find("ilm")
    assert (hit.kind, hit.key, hit.title, hit.matched) == ("organisations", "lesions", str(institute), "ILM")
    assert (hit.place, hit.url) == ("Saint-Étienne, FR", institute.get_absolute_url())
    with translation.override("en"):
        (hit,) = find("médullaire")
        assert hit.title == "Spinal Cord Injury Institute"
        assert hit.matched == "Institut de la Lésion Médullaire"


def test_an_old_name_leads_to_the_body_and_says_so(find: Find, institute: Organisation) -> None:
    Name(organisation=institute, text="Fondation Ancienne", kind="official", language="fr",
         period_start="1990", period_end="2001").save()  # fmt: skip
    Name(organisation=institute, text=institute.name_fr, kind="official", language="fr", period_start="2002").save()
    (hit,) = find("ancienne")
    assert (hit.title, hit.matched) == (institute.name_fr, "anciennement Fondation Ancienne")
    (hit,) = find("ancienne", on=dt.date(1995, 1, 1))
    assert (hit.title, hit.matched) == ("Fondation Ancienne", "")


def test_the_order_exact_then_beginnings_then_the_rest_ours_first(find: Find) -> None:
    from_ror = body(ror_id(1), name_fr="Curie Museum of Lyon")
    Identifier.objects.create(organisation=from_ror, scheme="ror", value=from_ror.key)
    tied = body(ror_id(2), name_fr="Curie Archive of Lyon")
    Identifier.objects.create(organisation=tied, scheme="ror", value=tied.key)
    ours = body("ours", name_fr="Amis de Marie Curie")
    exact = body(ror_id(3), name_fr="Curie")
    Identifier.objects.create(organisation=exact, scheme="ror", value=exact.key)
    Tie(subject=tied, object=ours, kind="member").save()
    assert keys(find("curie")) == [exact.key, tied.key, from_ror.key, "ours"]
    assert len(find("curie", limit=2)) == 2


def test_records_of_other_rooms_are_found(find: Find, institute: Organisation) -> None:
    Offer(key="of-x", provider=institute, title_fr="Imagerie des lésions", title_en="Imaging of injuries",
          keywords=["tractographie"]).save()  # fmt: skip
    (hit,) = find("tractographie")
    assert (hit.kind, hit.key, hit.title, hit.place) == ("offers", "of-x", "Imagerie des lésions", "ILM")
    assert hit.url.endswith("/offers/of-x")
    assert keys(find("imaging")) == ["of-x"]
    assert keys(find("lésion", kinds=["offers"])) == ["of-x"]
    assert keys(find("lésion", kinds=["organisations"])) == ["lesions"]


def test_only_what_the_actor_may_see(find: Find, institute: Organisation) -> None:
    institute.visibility = "named"
    institute.save()
    assert find("lésion") == []
    assert keys(find("lésion", actor=SYSTEM)) == ["lesions"]


def test_a_search_sees_what_has_just_changed(find: Find, institute: Organisation) -> None:
    assert keys(find("lésion")) == ["lesions"]
    institute.name_fr = "Institut du Rocher"
    institute.save()
    assert keys(find("rocher")) == ["lesions"]
    assert find("lésion") == []
    Name(organisation=institute, text="Grand Caillou", kind="alias").save()
    assert keys(find("caillou")) == ["lesions"]
    institute.delete()
    assert find("rocher") == []


def test_a_merged_record_is_found_by_its_names_as_the_kept_one(find: Find, institute: Organisation) -> None:
    other = body("other", name_fr="Centre Absorbé")
    Name(organisation=other, text="Centre Absorbé", kind="official", language="fr").save()
    assert keys(find("absorbé")) == ["other"]
    merge_organisations(
        actor=SYSTEM, at=timezone.now(), kept_id=institute.pk, absorbed_id=other.pk, reason="the same body"
    )
    (hit,) = find("absorbé")
    assert (hit.key, hit.matched) == ("lesions", "Centre Absorbé")


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty_files(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in ("state.json", "write.lock"):
            file.write_bytes(b"")


def _garbage(folder: Path) -> None:
    (folder / "state.json").write_text("{")


def _garbage_meta(folder: Path) -> None:
    for file in folder.rglob("meta.json"):
        file.write_text("[]")


@pytest.mark.parametrize("harm", [_remove, _empty_files, _garbage, _garbage_meta])
def test_a_lost_or_damaged_index_is_rebuilt(
    tmp_path: Path, institute: Organisation, harm: Callable[[Path], None]
) -> None:
    root = tmp_path / "index"
    SearchIndex(IndexStore(root)).update()
    harm(root)
    # As a process does that starts on what is left.
    index = SearchIndex(IndexStore(root), check_interval=-1)
    hits = queries.find_records("lésion", actor=PUBLIC, on=timezone.localdate(), index=index)
    assert keys(hits) == ["lesions"]


def test_an_index_that_cannot_be_written_finds_nothing_and_breaks_nothing(
    tmp_path: Path, institute: Organisation
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    index = SearchIndex(IndexStore(blocked))
    assert queries.find_records("lésion", actor=PUBLIC, on=timezone.localdate(), index=index) == []


def test_one_process_writes_at_a_time(index: SearchIndex, institute: Organisation) -> None:
    with IndexStore(index.store.root).alone(wait=True) as is_alone:
        assert is_alone
        assert index.update(wait=False) == 0
    assert index.update() >= 1


def test_reading_the_past_does_not_touch_the_index(find: Find, index: SearchIndex, institute: Organisation) -> None:
    assert keys(find("lésion")) == ["lesions"]
    with known_at(timezone.now() - dt.timedelta(days=1)):
        assert find("lésion") == []
        assert index.update() == 0
    assert keys(find("lésion")) == ["lesions"]


def test_what_was_recorded_since_the_last_check_is_found_at_once(tmp_path: Path, institute: Organisation) -> None:
    index = SearchIndex(IndexStore(tmp_path / "index"), check_interval=3_600, max_inline_changes=10**9)

    def found(text: str) -> list[str]:
        return keys(queries.find_records(text, actor=PUBLIC, on=timezone.localdate(), index=index))

    index.update()
    assert found("lésion") == ["lesions"]
    body("estuary", name_fr="Institut simulé de l’estuaire")
    assert found("estuai") == ["estuary"]
