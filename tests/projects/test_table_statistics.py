"""After each import the query planner knows how large the tables are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from maillage.core.actions.sheets import load_sheet
from maillage.core.actors import OFFICER, Actor
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.sheets.columns import read_table
from maillage.core.sheets.sheet import Sheet, sheet_rows
from maillage.core.table_statistics import MIN_CHANGED_ROWS
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder
from maillage.publishing.actions.lists import load_lists
from maillage.register.ror.importer import import_ror
from tests.projects.small_cordis import write_folder
from tests.register.simulated_ror import ror_record, write_json_lines

pytestmark = pytest.mark.django_db

ACTOR = Actor("Ada", frozenset({OFFICER}))
COUNT = MIN_CHANGED_ROWS + 10


def import_projects(folder: Path) -> None:
    projects = [{"project_id": str(1_000 + number)} for number in range(COUNT)]
    parties = [{"project_id": "1000"}]
    load_projects(
        funder=Funder.CORDIS,
        actor=ACTOR,
        at=timezone.now(),
        folder=write_folder(folder, projects=projects, participations=parties, project_euroscivoc=parties),
    )


def import_lists(folder: Path) -> None:
    file = folder / "rows.yaml"
    rows = (f"- {{key: x{number}, name_fr: X{number}, kind: other}}\n" for number in range(COUNT))
    file.write_text(f"organisations:\n{''.join(rows)}", "utf-8")
    load_lists(actor=ACTOR, at=timezone.now(), path=file)


def import_sheet(_folder: Path) -> None:
    rows = [["Key", "Name in English", "Kind"], *([f"x{n}", f"Name {n}", "university"] for n in range(COUNT))]
    table = read_table(Sheet("Sheet1", sheet_rows(rows)), FACT_LISTS["organisations"], {})
    load_sheet(actor=ACTOR, at=timezone.now(), list_name="organisations", table=table, reason="The sheet of members.")


def import_registry(folder: Path) -> None:
    import_ror(
        write_json_lines(folder / "ror.jsonl", map(ror_record, range(1, COUNT + 1))), actor=ACTOR, at=timezone.now()
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("run_import", "table"),
    [
        (import_projects, "projects_project"),
        (import_lists, "register_organisation"),
        (import_sheet, "register_organisation"),
        (import_registry, "register_organisation"),
    ],
)
def test_an_import_refreshes_the_statistics_of_the_tables_it_fills(
    tmp_path: Path, run_import: Callable[[Path], None], table: str
) -> None:
    run_import(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        assert cursor.fetchone()[0] == COUNT
