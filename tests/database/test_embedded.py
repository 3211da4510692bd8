"""The life of the embedded server, on real clusters."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from maillage.database import embedded, idle_shutdown
from maillage.database.cluster import problem_from_output
from maillage.database.location import cluster_folder, database_settings, socket_folder
from maillage.errors import MaillageError


@pytest.fixture(scope="module")
def made(monkeypatch_module: None) -> Iterator[Path]:
    """A data folder whose cluster is made once, in an open place that the server's account reaches."""
    data = Path(tempfile.mkdtemp(prefix="maillage-cluster-"))
    with embedded.server_session(data, test=True):
        pass
    yield data
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    yield made
    idle_shutdown.stop_server(made)
    for name in ("kept", "postgres/postmaster.pid"):
        (made / name).unlink(missing_ok=True)


def ask(data: Path, query: str) -> list[Any]:
    settings = database_settings(data)
    names = {"host": settings["HOST"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**names) as connection:
        cursor = connection.execute(query)  # type: ignore[call-overload]
        return list(cursor.fetchone()) if cursor.description else []


def wait(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def pid_of(data: Path) -> int:
    return idle_shutdown.server_pid(data)


def test_the_site_connects_as_a_role_that_cannot_pass_over_row_security(data: Path) -> None:
    with embedded.server_session(data):
        row = ask(data, "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = user")
        owner = ask(data, "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datlocale FROM pg_database"
                          " WHERE datname = current_database()")  # fmt: skip
    assert row == ["maillage", False, False, False]
    assert owner == ["maillage", "UTF8", "C.UTF-8"]


def test_only_a_socket_closed_to_others_leads_to_the_server(data: Path) -> None:
    with embedded.server_session(data):
        assert ask(data, "SELECT current_setting('listen_addresses')") == [""]
        assert stat.S_IMODE(socket_folder(data).stat().st_mode) == 0o700


def test_the_last_to_leave_stops_the_server(data: Path) -> None:
    with embedded.server_session(data):
        first = pid_of(data)
        with embedded.server_session(data):
            assert pid_of(data) == first
        assert embedded.is_running(data)
    assert not embedded.is_running(data)


def test_a_killed_user_leaves_no_server_behind(data: Path) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from maillage.database import embedded\n"
        "with embedded.server_session(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(data)], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "held\n"
        user.kill()
    assert wait(lambda: not embedded.is_running(data) and not idle_shutdown.read_pid_file(data))


def test_what_was_asked_to_stay_stays(data: Path) -> None:
    assert embedded.start(data)
    embedded.keep_running(data)
    with embedded.server_session(data), pytest.raises(MaillageError, match="in use by another maillage command"):
        embedded.stop(data)
    assert embedded.is_running(data)
    assert embedded.stop(data)
    assert not embedded.stop(data)


def test_a_killed_server_recovers_with_its_data(data: Path) -> None:
    with embedded.server_session(data):
        ask(data, "CREATE TABLE kept_row AS SELECT 7 AS number")
        os.kill(pid_of(data), signal.SIGKILL)
        assert wait(lambda: not embedded.is_running(data))
        assert idle_shutdown.read_pid_file(data), "the stale pid file is there"
        assert embedded.start(data)
        assert ask(data, "SELECT number FROM kept_row") == [7]


def test_a_pid_file_that_names_another_program_is_removed(data: Path) -> None:
    lines = [str(os.getpid()), str(cluster_folder(data)), "1700000000", "5432", str(data / "run"), "", "1 1", "ready"]
    (cluster_folder(data) / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (socket_folder(data) / ".s.PGSQL.5432.lock").write_text("\n".join(lines) + "\n")
    idle_shutdown.stop_server(data)
    with embedded.server_session(data):
        assert pid_of(data) != os.getpid()


def test_two_starts_at_once_are_one(data: Path) -> None:
    script = "import sys, pathlib; from maillage.database import embedded; embedded.start(pathlib.Path(sys.argv[1]))"
    both = [subprocess.Popen([sys.executable, "-c", script, str(data)]) for _ in range(2)]
    assert [each.wait(30) for each in both] == [0, 0]
    assert embedded.is_running(data)


def test_a_cluster_of_another_version_is_refused(data: Path) -> None:
    version = cluster_folder(data) / "PG_VERSION"
    version.write_text("16\n")
    try:
        with pytest.raises(MaillageError, match=r"written by PostgreSQL 16; this Maillage brings PostgreSQL 18"):
            embedded.start(data)
    finally:
        version.write_text("18\n")


def test_an_interrupted_first_start_leaves_nothing_half_made() -> None:
    data = Path(tempfile.mkdtemp(prefix="maillage-half-"))
    try:
        (data / "postgres.new").mkdir()
        (data / "postgres.new" / "PG_VERSION").write_text("18\n")
        with embedded.server_session(data, test=True):
            assert ask(data, "SELECT 1") == [1]
        assert not (data / "postgres.new").exists()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def test_a_strange_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "thesis.txt").write_text("mine")
    with pytest.raises(MaillageError, match=r"holds no database|cannot reach"):
        embedded.start(tmp_path)
    assert (tmp_path / "postgres" / "thesis.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_root_is_told_when_the_folder_lies_in_a_closed_place(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(MaillageError, match="a folder above it is closed"):
        embedded.start(closed / "data")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_full_disk_is_told() -> None:
    text = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert str(problem_from_output(text, Path("/data"), "x")).startswith("The disk that holds /data is full.")
