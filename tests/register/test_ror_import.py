"""The import of ROR, on records made up for it (see simulated_ror) and, where they are, on the first real ones."""

import datetime as dt
import gzip
import json
import os
import signal
import subprocess
import sys
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.models import Citation
from maillage.core.rows.errors import InvalidFileError
from maillage.register.models import (
    Identifier,
    ImportRun,
    Lookalike,
    Name,
    Organisation,
    PendingTie,
    Tie,
)
from maillage.register.ror import batches
from maillage.register.ror.importer import RorReport, import_ror
from tests.register.simulated_ror import (
    ror_id,
    ror_name,
    ror_network,
    ror_record,
    ror_record_of_schema_1,
    ror_relation,
    write_json_lines,
)
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db
ACTOR = Actor("Ada", frozenset({OFFICER}))
FIELDS = (
    "key", "kind", "name_fr", "name_en", "acronym", "sort_name", "city", "country", "latitude", "longitude", "website",
    "period_start", "period_end", "attested", "certain", "possible", "days", "note_en", "note_fr",
)  # fmt: skip


def load(path: Path, day: int = 23) -> RorReport:
    return import_ror(path, actor=ACTOR, at=dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC))


def body(number: int) -> Organisation:
    return Organisation.objects.get(key=ror_id(number))


def register() -> dict[str, list[Any]]:
    """All that an import writes, without the numbers of the rows."""
    return {
        "organisations": sorted(map(repr, Organisation.objects.values_list(*FIELDS))),
        "names": sorted(Name.objects.values_list("organisation__key", "kind", "language", "text", "period_end")),
        "identifiers": sorted(Identifier.objects.values_list("organisation__key", "scheme", "value")),
        "ties": sorted(Tie.objects.values_list("subject__key", "object__key", "kind", "attested")),
        "pending": sorted(PendingTie.objects.values_list("subject__key", "kind", "reversed", "value", "label")),
        "citations": sorted(Citation.objects.values_list("source__url", "record_kind", "read_on")),
        "lookalikes": sorted(Lookalike.objects.values_list("organisation__key", "incoming__key")),
    }


def events() -> int:
    tables = ("organisation", "name", "identifier", "tie", "pendingtie")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM register_{table}event)" for table in tables))
        return int(cursor.fetchone()[0])


def counts(report: RorReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.refused


def reasons(report: RorReport) -> dict[int, str]:
    return {refusal.line: refusal.reason for refusal in report.refusals}


def test_a_record_of_schema_two(tmp_path: Path) -> None:
    names = [
        ror_name("SIM", "acronym"),
        ror_name("Institut simulé", "label", lang="fr"),
        ror_name("Simulated Institute", "ror_display", "label", lang="en"),
        ror_name("Made-up Institute", "alias"),
    ]
    ids = [{"type": "isni", "all": ["0000 0001 2285 0987"]}, {"type": "fundref", "all": ["501100002241", "5011"]}]
    load(
        write_json_lines(
            tmp_path / "ror.jsonl", [ror_record(1, names=names, external_ids=ids, types=["funder", "healthcare"])]
        )
    )

    found = body(1)
    assert (found.name_en, found.name_fr, found.acronym) == ("Simulated Institute", "Institut simulé", "SIM")
    assert (found.kind, found.city, found.country) == ("hospital", "Nowhere", "FR")
    assert (found.latitude, found.longitude, found.website) == (45.5, 3.25, "https://body1.example")
    assert (found.period_start, found.period_end, found.sort_name) == ("1901", "..", "institut simule")
    assert {(row.text, row.kind, row.language) for row in found.names.all()} == {
        ("SIM", "acronym", ""),
        ("Institut simulé", "official", "fr"),
        ("Simulated Institute", "official", "en"),
        ("Made-up Institute", "alias", ""),
    }
    assert {str(row) for row in found.identifiers.all()} == {
        f"ROR {ror_id(1)}", "ISNI 0000000122850987", "Funder ID 501100002241", "Funder ID 5011",
    }  # fmt: skip
    citation = Citation.objects.get(record_kind="register.organisation", record_id=found.pk)
    assert (citation.source.url, citation.read_on) == (f"https://ror.org/{ror_id(1)}", dt.date(2026, 11, 23))


def test_what_copy_writes_is_what_save_would(tmp_path: Path) -> None:
    rows = [
        ror_record(1),
        ror_record(2, established=None),
        ror_record(3, status="inactive"),
        ror_record_of_schema_1(4),
        ror_record(5, established=970),
    ]
    load(write_json_lines(tmp_path / "ror.jsonl", rows))
    for found in [*Organisation.objects.all(), *Name.objects.all()]:
        before = (found.certain, found.possible, found.days, getattr(found, "sort_name", ""))
        found.prepare()
        assert (found.certain, found.possible, found.days, getattr(found, "sort_name", "")) == before


def test_a_record_of_schema_one(tmp_path: Path) -> None:
    old = ror_record_of_schema_1(
        2,
        labels=[{"label": "Structure simulée", "iso639": "fr"}],
        acronyms=["SB"],
        aliases=["The Body"],
        external_ids={"GRID": {"all": "grid.12.3f"}, "OrgRef": {"all": ["123"]}},
        status="inactive",
    )
    load(write_json_lines(tmp_path / "ror.jsonl", [old]))
    found = body(2)
    assert (found.name_en, found.name_fr, found.acronym) == ("Simulated Body 2", "Structure simulée", "SB")
    assert (found.kind, found.city, found.period_start, found.period_end) == ("facility", "Nowhere", "", "")
    assert "no longer active" in found.note_en
    assert set(found.identifiers.values_list("scheme", flat=True)) == {"ror", "grid", "orgref"}


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = write_json_lines(tmp_path / "ror.jsonl", ror_network(40))
    first = load(path)
    before, written = register(), events()
    second = load(path)
    assert counts(first) == (40, 0, 0, 0)
    assert counts(second) == (0, 0, 40, 0)
    assert (second.ties, second.pending) == (0, 0)
    assert register() == before
    assert events() == written


def test_a_later_reading_only_moves_the_day_of_the_citations(tmp_path: Path) -> None:
    path = write_json_lines(tmp_path / "ror.jsonl", [*ror_network(9), ror_record_of_schema_1(50)])
    load(path)
    before = register()
    assert counts(load(path, day=24)) == (0, 0, 10, 0)
    after = register()
    assert {day for url, kind, day in after.pop("citations") if kind.endswith("organisation")} == {
        dt.date(2026, 11, 24)
    }
    before.pop("citations")
    assert after == before


def test_what_changed_is_updated_and_an_old_name_stays_as_such(tmp_path: Path) -> None:
    load(write_json_lines(tmp_path / "one.jsonl", [ror_record(1), ror_record(2)]))
    new = ror_record(
        1, names=[ror_name("Renamed Body", lang="en")], links=[{"type": "website", "value": "https://new.example"}]
    )
    report = load(write_json_lines(tmp_path / "two.jsonl", [new, ror_record(2)]))
    assert counts(report) == (0, 1, 1, 0)
    found = body(1)
    assert (found.name_en, found.website) == ("Renamed Body", "https://new.example")
    assert {row.text: row.period_end for row in found.names.all()} == {"Renamed Body": "..", "Simulated Body 1": ""}
    load(write_json_lines(tmp_path / "one.jsonl", [ror_record(1), ror_record(2)]))
    assert {row.text: row.period_end for row in body(1).names.all()} == {"Renamed Body": "", "Simulated Body 1": ".."}


def test_each_pair_has_one_tie(tmp_path: Path) -> None:
    rows = [
        ror_record(
            1, relationships=[ror_relation("child", 2), ror_relation("related", 3), ror_relation("successor", 4)]
        ),
        ror_record(2, relationships=[ror_relation("parent", 1)]),
        ror_record(3, relationships=[ror_relation("related", 1)]),
        ror_record(4, relationships=[ror_relation("predecessor", 1)]),
    ]
    report = load(write_json_lines(tmp_path / "ror.jsonl", rows))
    one, two, three, four = (ror_id(number) for number in (1, 2, 3, 4))
    assert set(Tie.objects.values_list("subject__key", "kind", "object__key")) == {
        (two, "part-of", one), (one, "related", three), (four, "successor", one),
    }  # fmt: skip
    assert (report.ties, report.pending) == (3, 0)
    cited = Citation.objects.filter(record_kind="register.tie", record_id__in=Tie.objects.values("id"))
    assert cited.count() == 3


def test_a_tie_waits_for_its_body(tmp_path: Path) -> None:
    first = write_json_lines(
        tmp_path / "one.jsonl", [ror_record(1, relationships=[ror_relation("child", 2, "Late Body")])]
    )
    assert load(first).pending == 1
    waiting = PendingTie.objects.get()
    assert (waiting.subject.key, waiting.kind, waiting.reversed, waiting.label) == (
        ror_id(1),
        "part-of",
        True,
        "Late Body",
    )
    report = load(write_json_lines(tmp_path / "two.jsonl", [ror_record(2)]))
    assert not PendingTie.objects.exists()
    assert report.ties == 1
    assert Tie.objects.get().subject.key == ror_id(2)


def test_a_tie_that_closes_a_circle_is_refused(tmp_path: Path) -> None:
    rows = [
        ror_record(1, relationships=[ror_relation("parent", 2)]),
        ror_record(2, relationships=[ror_relation("parent", 3)]),
        ror_record(3, relationships=[ror_relation("parent", 1)]),
    ]
    report = load(write_json_lines(tmp_path / "ror.jsonl", rows))
    assert set(Tie.objects.values_list("subject__key", "object__key")) == {
        (ror_id(1), ror_id(2)), (ror_id(2), ror_id(3)),
    }  # fmt: skip
    assert list(reasons(report)) == [3]
    assert counts(report) == (3, 0, 0, 0)


def organisation(key: str, **fields: Any) -> Organisation:
    made = Organisation(**{"key": key, "kind": "institute", "name_fr": "Institut d’ici", "city": "Paris"} | fields)
    made.save()
    return made


@pytest.mark.parametrize(
    "given", [("ror", ror_id(1)), ("wikidata", "Q42"), ("isni", "0000000122850987")], ids=["ror", "wikidata", "isni"]
)
def test_the_same_identifier_merges_by_itself(tmp_path: Path, given: tuple[str, str]) -> None:
    here = organisation("here", website="")
    Identifier.objects.create(organisation=here, scheme=given[0], value=given[1])
    ids = [{"type": "wikidata", "all": ["Q42"]}, {"type": "isni", "all": ["0000 0001 2285 0987"]}]
    path = write_json_lines(
        tmp_path / "ror.jsonl", [ror_record(1, external_ids=ids, names=[ror_name("Elsewhere Institute", lang="en")])]
    )
    report = load(path)
    here.refresh_from_db()
    assert counts(report) == (0, 1, 0, 0)
    assert (here.key, here.kind, here.name_fr, here.city) == ("here", "institute", "Institut d’ici", "Paris")
    assert (here.name_en, here.website, here.country) == ("Elsewhere Institute", "https://body1.example", "FR")
    assert here.identifiers.filter(scheme="ror", value=ror_id(1)).exists()
    assert counts(load(path)) == (0, 0, 1, 0)


def test_an_identifier_shared_by_two_bodies_is_asked_about(tmp_path: Path) -> None:
    for key in ("one", "two"):
        Identifier.objects.create(organisation=organisation(key), scheme="wikidata", value="Q42")
    report = load(
        write_json_lines(tmp_path / "ror.jsonl", [ror_record(1, external_ids=[{"type": "wikidata", "all": ["Q42"]}])])
    )
    assert counts(report) == (1, 0, 0, 0)
    assert set(Lookalike.objects.values_list("organisation__key", flat=True)) == {"one", "two"}


def test_a_near_name_in_the_same_town_is_asked_about(tmp_path: Path) -> None:
    organisation("same-town", name_fr="Institut de la Lésion Imaginaire", city="Nowhere")
    organisation("other-town", name_fr="Institut de la Lésion Imaginaire", city="Elsewhere")
    organisation("other-name", name_fr="Musée des Ponts", city="Nowhere")
    path = write_json_lines(
        tmp_path / "ror.jsonl", [ror_record(1, names=[ror_name("Institut de la lesion imaginaires", lang="fr")])]
    )
    assert load(path).lookalikes == 1
    pair = Lookalike.objects.get()
    assert (pair.organisation.key, pair.incoming.key) == ("same-town", ror_id(1))
    assert [reason["reason"] for reason in pair.reasons] == ["name", "town"]
    assert load(path).lookalikes == 0


def test_bad_rows_are_listed_and_the_good_ones_kept(tmp_path: Path) -> None:
    wrong = ror_id(7)[:-2] + f"{(int(ror_id(7)[-2:]) + 1) % 100:02d}"
    rows: list[Any] = [
        ror_record(1),
        '{"id": "https://ror.org/',
        ror_record(2, id=f"https://ror.org/{wrong}"),
        ror_record(3, names=[]),
        "[1, 2]",
        b'{"id": "\xff"}',
        ror_record(1),
        ror_record(4, names="not a list"),
        "",
        ror_record(
            5, external_ids=[{"type": "isni", "all": ["0000 0004 1936 7301"]}, {"type": "grid", "all": ["grid.1.1"]}]
        ),
        ror_record(6, names=[ror_name("Tab\there \x00 and \ud800 there", lang="en")]),
        "x" * 4_000_100,
        "[" * 100_000,
    ]
    path = tmp_path / "ror.jsonl"
    with path.open("wb") as file:
        for row in rows:
            raw = json.dumps(row).encode() if isinstance(row, dict) else row if isinstance(row, bytes) else row.encode()
            file.write(raw + b"\n")
    report = load(path)
    found = reasons(report)
    assert counts(report) == (3, 0, 0, 9)
    assert list(found) == [2, 3, 4, 5, 6, 7, 8, 10, 12, 13]
    assert "1" in found[7]
    assert report.refusals.get(line=10).part == "identifier"
    assert body(6).name_en == "Tab here   and   there"
    assert set(body(5).identifiers.values_list("scheme", flat=True)) == {"ror", "grid"}


def test_a_truncated_file_is_told_and_what_came_before_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_SIZE", 100)
    whole = gzip.compress("\n".join(json.dumps(row) for row in ror_network(2_000)).encode())
    path = tmp_path / "ror.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidFileError, match=r"ror\.jsonl\.gz"):
        load(path)
    assert Organisation.objects.count() % 100 > 0
    assert 100 < Organisation.objects.count() < 2_000
    path.write_bytes(whole)
    report = load(path)
    assert report.created + report.unchanged == 2_000


@pytest.mark.parametrize("content", [b"\x1f\x8b not gzip at all", b""])
def test_a_file_of_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ror.jsonl.gz"
    path.write_bytes(content)
    if content:
        with pytest.raises(InvalidFileError, match="ror"):
            load(path)
    else:
        assert load(path).read == 0


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="absent"):
        load(tmp_path / "absent.jsonl")


@pytest.mark.parametrize("indent", [None, 4])
def test_the_json_array_of_a_release(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "ror.json"
    path.write_text(json.dumps([*ror_network(30), 5], indent=indent, ensure_ascii=False), "utf-8")
    report = load(path)
    assert counts(report) == (30, 0, 0, 1)


def test_a_broken_json_array_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    path.write_text(json.dumps(ror_network(3), indent=1)[:-200], "utf-8")
    with pytest.raises(InvalidFileError, match=r"ror\.json:\d+"):
        load(path)


def test_the_zip_of_a_release(tmp_path: Path) -> None:
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v9.9-ror-data.csv", "not this one")
        archive.writestr("v9.9-ror-data_schema_v2.json", json.dumps(ror_network(5)))
    assert load(path).created == 5
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(InvalidFileError, match=r"empty\.zip"):
        load(empty)


def test_only_an_officer_imports(tmp_path: Path) -> None:
    path = write_json_lines(tmp_path / "ror.jsonl", [ror_record(1)])
    with pytest.raises(ActionForbiddenError):
        import_ror(path, actor=PUBLIC, at=timezone.now())
    assert not ImportRun.objects.exists()


def test_history_says_who_imported(tmp_path: Path) -> None:
    load(write_json_lines(tmp_path / "ror.jsonl", [ror_record(1)]))
    for table in ("organisation", "name", "identifier"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.metadata->>'actor', c.metadata->>'action' FROM register_{table}event e"
                " JOIN pghistory_context c ON c.id = e.pgh_context_id"
            )
            assert cursor.fetchall() == [("Ada", "register.import_ror_batch")]


_CHILD = """
import sys, time, datetime as dt
from pathlib import Path
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
import django
django.setup()
from maillage.core.actors import SYSTEM
from maillage.register.ror import batches, importer, organisations, relations
batches.BATCH_SIZE = 25
stage, number = sys.argv[3].split(":")
module, function = (organisations, "write_organisations") if stage == "1" else (relations, "write_ties")
done, real = 0, getattr(module, function)
def slow(*arguments):
    global done
    found = real(*arguments)
    done += 1
    if done == int(number):
        # Everything of the batch is written, nothing is committed.
        print("here", flush=True)
        time.sleep(60)
    return found
setattr(module, function, slow)
importer.import_ror(Path(sys.argv[1]), actor=SYSTEM, at=dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["1:1", "1:3", "2:2"])
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setattr(batches, "BATCH_SIZE", 25)
    rows: list[Any] = [*ror_network(90), "broken"]
    path = write_json_lines(tmp_path / "ror.jsonl", rows)
    whole = load(path)
    expected, totals = register(), counts(whole)
    call_command("flush", interactive=False, verbosity=0)

    _run_until_killed(path, moment)
    report = load(path)
    assert report.resumed_at == {"1:1": 0, "1:3": 50, "2:2": 91}[moment]
    assert counts(report) == totals
    assert (report.read, report.ties, report.pending) == (whole.read, whole.ties, whole.pending)
    assert register() == expected
    assert ImportRun.objects.get().finished_at
    assert list(reasons(report)) == [91]


def _run_until_killed(path: Path, moment: str) -> None:
    """Import in another process, and kill it in the middle of a batch."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", _CHILD, str(path), connection.settings_dict["NAME"], moment]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    assert child.stdout.readline() == "here\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()


def test_the_first_real_records(tmp_path: Path) -> None:
    real = shared_data("ror", "ror_records.jsonl.gz")
    path = tmp_path / "ror.jsonl"
    with gzip.open(real, "rt", encoding="utf-8") as source:
        path.write_text("".join(islice(source, 2_000)), "utf-8")
    first = load(path)
    assert (first.read, first.refused) == (2_000, 0)
    before, written = register(), events()
    assert counts(load(path)) == (0, 0, 2_000, 0)
    assert register() == before
    assert events() == written
