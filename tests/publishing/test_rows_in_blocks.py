"""Rows written in blocks, as files and sheets write them, make the same register as rows written one by one."""

import gc
import io
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.core.models import Source
from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.blocks import rare_collections
from maillage.core.rows.errors import RowError
from maillage.core.rows.export import write_lists
from maillage.core.rows.file_load import LoadReport
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.sources import Origin
from maillage.core.rows.withdrawn_list import file_lists
from maillage.publishing.actions.lists import load_lists
from maillage.register.models import Organisation, Tie
from tests.generated_registers import RegisterMaker, Rows
from tests.list_files import load_rows
from tests.room_tables import room_tables

pytestmark = pytest.mark.django_db
_LASTING_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_ROW_ERRORS = (RowError, InvalidPeriodError, ValidationError, DatabaseError)


def load_in_blocks(tmp_path: Path, rows: Rows) -> tuple[LoadReport, dict[str, list[int]]]:
    path = tmp_path / "lists.yaml"
    path.write_text(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False), encoding="utf-8")
    report = load_lists(actor=SYSTEM, at=timezone.now(), path=path)
    refused = {name: sum(refusal.list == name for refusal in report.refusals) for name in rows}
    return report, {name: [count.created, count.updated, count.unchanged, refused[name]]
                    for name, count in report.counts.items()}  # fmt: skip


def load_one_by_one(rows: Rows) -> dict[str, list[int]]:
    """Write each row by itself; returns how many of each list were created, updated, unchanged and refused."""
    return {name: _load_list(fact_list, rows[name]) for name, fact_list in FACT_LISTS.items() if name in rows}


def _load_list(fact_list: Any, rows: list[dict[str, Any]]) -> list[int]:
    outcomes: list[str] = []
    written, seen = [], set()
    for values in map(_as_in_a_file, rows):
        keys = [fact_list.field(name).key for name in fact_list.natural_key]
        identity = tuple(str(values.get(key) or "") for key in keys)
        try:
            with transaction.atomic():
                row = fact_list.read(values)
                if identity in seen:
                    raise RowError("the same row")
                seen.add(identity)
                origin = Origin(row.read_on or timezone.now().date(), dated=bool(row.read_on))
                written.append((row, origin, *fact_list.write_record(row, origin)))
        except _ROW_ERRORS:
            outcomes.append("refused")
    for row, origin, record, outcome in written:
        outcomes.append(_complete(fact_list, row, record, origin, outcome))
    if fact_list.finish:
        fact_list.finish()
    return [outcomes.count(outcome) for outcome in ("created", "updated", "unchanged", "refused")]


def _as_in_a_file(values: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, int) else value for key, value in values.items()}


def _complete(fact_list: Any, row: Any, record: Any, origin: Origin, outcome: Any) -> str:
    try:
        with transaction.atomic():
            outcome |= fact_list.complete_record(row, record, origin)
    except _ROW_ERRORS:
        return "refused"
    return str(outcome.value)


def exported() -> str:
    """The whole register, with lasting keys numbered in the order in which they come."""
    out = io.StringIO()
    write_lists(out, file_lists(), actor=SYSTEM)
    numbers: dict[str, str] = {}
    return _LASTING_KEY.sub(lambda match: numbers.setdefault(match[0], f"key {len(numbers)}"), out.getvalue())


def empty_register() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(room_tables())} CASCADE")


def registers(seed: int) -> list[Rows]:
    """A register and a second one about the same organisations, which changes and repeats facts of the first."""
    random = Random(seed)
    maker = RegisterMaker(random)
    first, second = maker.rows(), maker.rows()
    again = {name: [random.choice([row, row | other]) for row, other in zip(rows, second[name], strict=False)]
             for name, rows in first.items()}  # fmt: skip
    return [first, second, again]


@pytest.mark.parametrize("seed", range(20, 24))
def test_blocks_and_single_rows_make_the_same_register(tmp_path: Path, seed: int) -> None:
    single, blocks = [], []
    for rows in registers(seed):
        single.append((load_one_by_one(rows), exported()))
    empty_register()
    for rows in registers(seed):
        report, counts = load_in_blocks(tmp_path, rows)
        blocks.append((counts, exported()))
        assert blocks[-1][0] == single[len(blocks) - 1][0], report.refusals
    assert blocks == single


@pytest.mark.usefixtures("english")
def test_a_row_that_the_database_refuses_loses_no_other_row_of_its_block(tmp_path: Path) -> None:
    keys = [f"o-{number}" for number in range(40)]
    load_rows(tmp_path, "organisations", *({"key": key, "name_fr": key, "kind": "other"} for key in (*keys, "net")))
    rows = [{"member": key, "of": "net", "role": "member", "from": "2020"} for key in keys]
    overlapping = {"member": "o-7", "of": "net", "role": "member", "from": "2021"}
    report = load_rows(tmp_path, "memberships", *rows[:20], overlapping, *rows[20:])
    assert Tie.objects.count() == 40
    rule = "the register's rule “tie holds once at a time” forbids this row; correct the row it clashes with"
    assert [refusal.reason for refusal in report.refusals] == [f"member; of; role; from: {rule}"]


def test_a_refused_row_leaves_nothing_behind(tmp_path: Path) -> None:
    good = {"name_fr": "Good", "kind": "other", "source": ["https://example.org/good"]}
    bad = {"key": "bad", "name_fr": "Bad", "kind": "other", "source": ["https://example.org/bad"],
           "names": [{"text": "Dated", "from": "2020"}, {"text": "No such kind", "kind": "nickname"}]}  # fmt: skip
    report = load_rows(tmp_path, "organisations", {"key": "a", **good}, bad, {"key": "b", **good})
    assert [refusal.identity for refusal in report.refusals] == ["bad"]
    assert list(Organisation.objects.order_by("pk").values_list("key", flat=True)) == ["a", "b"]
    assert [source.url for source in Source.objects.all()] == ["https://example.org/good"]


def test_the_statements_of_a_load_do_not_grow_with_its_rows(tmp_path: Path) -> None:
    counts = []
    for size in (20, 200):
        rows = [
            {"key": f"{size}-{number}", "name_fr": f"Nom {number}", "name_en": f"Name {number}", "kind": "other",
             "wikidata": f"Q{size}{number}", "source": [f"https://example.org/{number}"]}
            for number in range(size)
        ]  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load_rows(tmp_path, "organisations", *rows)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10


def test_two_loads_at_once_leave_the_collections_of_the_process_as_they_were():
    before = gc.get_threshold()
    first, second = rare_collections(), rare_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() != before
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
