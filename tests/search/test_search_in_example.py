"""Finding in the example, and an index far behind the register with no worker to help."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.clinical.models import Trial
from maillage.core.actors import PUBLIC, SYSTEM, Actor
from maillage.register.models import Identifier, Organisation
from maillage.search import queries
from maillage.search.index import IndexStore
from maillage.search.index_updates import REFRESH_TASK, SearchIndex

pytestmark = pytest.mark.django_db
Find = Callable[..., list[queries.SearchHit]]


class RecordingIndex(SearchIndex):
    """Counts the threads it would start: one would not see what a test has not committed."""

    threads = 0

    def refresh_in_thread(self) -> threading.Thread:
        self.threads += 1
        return threading.Thread()


@pytest.fixture
def index(tmp_path: Path) -> RecordingIndex:
    return RecordingIndex(IndexStore(tmp_path / "index"), check_interval=-1, max_inline_changes=1_000_000)


@pytest.fixture
def find(index: SearchIndex, example: None) -> Find:
    def run(text: str, language: str = "fr", actor: Actor = PUBLIC) -> list[queries.SearchHit]:
        with translation.override(language):
            return queries.find_records(text, actor=actor, on=timezone.localdate(), index=index)

    return run


def first(hits: list[queries.SearchHit]) -> str:
    return hits[0].key if hits else ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ALFA", "alfa"),
        ("alfa", "alfa"),
        ("inserrm", "inserm"),
        ("leucemie institut", "thema"),
        ("Institut de la leucémie", "thema"),
        ("INSTITUT DE LA LEUCEMIE", "thema"),
        ("leukemia institute", "thema"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_bodies_of_the_example(find: Find, text: str, key: str, language: str) -> None:
    # Another body of the example bears nearly the same name.
    assert key in [hit.key for hit in find(text, language)][:2]


def test_an_old_name_of_the_example(find: Find) -> None:
    (hit, *_others) = find("centre national de medecine de precision")
    assert hit.key == "thema"
    assert "Centre national de médecine de précision" in hit.matched


def test_what_only_an_organisation_may_see(find: Find) -> None:
    alfa = Organisation.objects.get(key="alfa")
    alfa.visibility = "organisation"
    alfa.save()
    assert "alfa" not in [hit.key for hit in find("ALFA")]
    assert first(find("ALFA", actor=SYSTEM)) == "alfa"


@pytest.mark.parametrize("typed", ["02vjkv261", "https://ror.org/02vjkv261", " 02VJKV261 "])
def test_an_identifier_however_it_is_written(find: Find, typed: str) -> None:
    inserm = Organisation.objects.get(key="inserm")
    Identifier.objects.filter(scheme="ror", value="02vjkv261").delete()
    Identifier.objects.create(organisation=inserm, scheme="ror", value="02vjkv261")
    (hit, *_others) = find(typed)
    assert (hit.key, hit.matched) == ("inserm", "02vjkv261")


def test_an_identifier_with_spaces(find: Find) -> None:
    Identifier.objects.create(
        organisation=Organisation.objects.get(key="inserm"), scheme="isni", value="0000 0001 2186 6389"
    )
    assert first(find("0000000121866389")) == first(find("0000 0001 2186 6389")) == "inserm"


def test_a_trial_by_its_number(find: Find) -> None:
    trial = Trial.objects.order_by("pk")[0]
    assert any(hit.url == trial.get_absolute_url() for hit in find(trial.number))


def test_the_nearest_name_comes_first_when_words_are_misspelt(find: Find) -> None:
    for key, name in (("zorglub-m", "Zorglub Medicine"), ("zorglub-u", "Zorglub University")):
        Organisation(key=key, kind="institute", name_en=name).save()
    assert first(find("Zorglub Univeristy")) == "zorglub-u"


@pytest.mark.parametrize(
    "text", ["…!?«»", "\x00\x01\x1b", "a" * 10_000, "\u202eשלום עליכם", "\ud7ff" * 50, "😀 😀", "-- '; \""]
)
def test_no_text_breaks_it(find: Find, text: str) -> None:
    assert isinstance(find(text), list)


def test_far_behind_it_asks_the_worker_then_follows_by_itself(find: Find, index: RecordingIndex) -> None:
    assert first(find("ALFA")) == "alfa"
    Organisation(key="late", kind="institute", name_en="Late Body").save()
    index.max_inline_changes = 0
    find("ALFA")
    assert ProcrastinateJob.objects.filter(task_name=REFRESH_TASK, status="todo").exists()
    assert index.threads == 0
    index.worker_patience = 0
    find("ALFA")
    assert index.threads == 1


def _other_connections() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_refresh_in_a_thread_leaves_no_connection_behind(tmp_path: Path) -> None:
    index = SearchIndex(IndexStore(tmp_path / "index"))
    others = _other_connections()
    index.refresh_in_thread().join(60)
    assert index.store.state().folder
    # The server ends the process of a closed connection a moment after the client has closed it.
    deadline = time.monotonic() + 10
    while _other_connections() - others and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _other_connections() <= others
