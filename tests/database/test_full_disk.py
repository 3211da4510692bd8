"""A disk that fills up in the middle of an import: what is told, what is kept, and how it goes on."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from maillage.database import embedded, idle_shutdown
from maillage.database.location import DATABASE, ROLE, database_settings, socket_folder
from maillage.database.postgres_programs import installed_programs
from tests.register.simulated_ror import ror_network, write_json_lines
from tests.site_process import MAILLAGE, user_environment

MEGABYTE = 1024 * 1024
RECORDS = 9_000
# Enough for the first batches of the import, not for all of it.
LEFT = 24 * MEGABYTE


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own in memory, open to the server's account."""
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the tests run on a PostgreSQL of one's own, whose disk is not theirs to fill")
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    place = Path(tempfile.mkdtemp(prefix="maillage-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "maillage-test", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip(f"this machine does not let a disk be mounted: {mounted.stderr.strip()}")
    yield place
    idle_shutdown.stop_server(place / "data")
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


def maillage(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [str(MAILLAGE), *words, "--data", str(data)]
    variables = user_environment() | {"LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, env=variables, timeout=120, check=False)


def copy_tables(cluster: Path, data: Path) -> None:
    """Make the tables on the small disk as a copy of those of the tests, which is quicker than to migrate again."""
    test = connection.settings_dict
    source = {"PGHOST": str(socket_folder(cluster)), "PGUSER": ROLE, "PGDATABASE": test["NAME"]}
    goal = {"PGHOST": str(socket_folder(data)), "PGUSER": ROLE, "PGDATABASE": DATABASE}
    with embedded.server_session(data):
        # Row policies hide rows from the account that owns the tables, too: both sides say that they take all.
        dump = [str(installed_programs() / "pg_dump"), "--enable-row-security"]
        source["PGOPTIONS"], goal["PGOPTIONS"] = "-c maillage.reads=all", "-c maillage.writes=on"
        dumped = subprocess.run(dump, env=os.environ | source, capture_output=True, check=True)
        psql = [str(installed_programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        subprocess.run(psql, env=os.environ | goal, input=dumped.stdout, stdout=subprocess.DEVNULL, check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Take up what is free on the disk but for a rest."""
    ballast = disk / "ballast"
    state = os.statvfs(disk)
    with ballast.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, state.f_bavail * state.f_frsize - leave)
    return ballast


def counted(data: Path) -> tuple[int, int]:
    """The organisations, and the line up to which the import says that it is done."""
    settings = database_settings(data)
    query = (
        "SELECT (SELECT count(*) FROM register_organisation), (SELECT coalesce(max(done), 0) FROM register_importrun)"
    )
    with (
        embedded.server_session(data),
        psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"]) as asking,
    ):
        row = asking.execute(query).fetchone()
    assert row
    return int(row[0]), int(row[1])


def test_an_import_that_fills_the_disk_keeps_what_it_finished_and_goes_on(
    small_disk: Path, cluster: Path, db: None, tmp_path: Path
) -> None:
    data, file = small_disk / "data", tmp_path / "ror.jsonl"
    write_json_lines(file, ror_network(RECORDS))
    copy_tables(cluster, data)
    ballast = fill(small_disk, leave=LEFT)

    stopped = maillage(data, "import", "ror", str(file))
    assert stopped.returncode == 1
    assert f"The disk of the database is full ({data})" in stopped.stderr
    assert "Free some space, then run the same command again" in stopped.stderr
    assert "Traceback" not in stopped.stderr

    ballast.unlink()
    kept, line = counted(data)
    assert kept == line, "a batch is whole or not there"
    assert 0 < kept < RECORDS

    again = maillage(data, "import", "ror", str(file))
    assert again.returncode == 0, again.stderr
    assert f"Went on after line {line}" in again.stdout
    assert counted(data) == (RECORDS, RECORDS)
