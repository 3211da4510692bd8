"""`maillage up` as a person runs it: starts, stops, and starts after a crash."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from maillage.database import embedded, idle_shutdown
from tests.site_process import (
    MAILLAGE,
    Site,
    free_port,
    running_site,
    start_site_process,
    stop_site_process,
    user_environment,
    wait_until_ready,
)

pytestmark = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="these tests end the embedded database")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder on which the site was set up once; the tests start it again."""
    folder = Path(tempfile.mkdtemp(prefix="maillage-up-"))
    process = start_site_process(folder, "--empty")
    site = wait_until_ready(process)
    assert "@" in site.email
    assert len(site.password) > 8
    assert stop_site_process(process) == 0
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def started(data: Path) -> Iterator[Site]:
    process = start_site_process(data)
    try:
        yield wait_until_ready(process)
    finally:
        stop_site_process(process, signal.SIGKILL)
        assert nothing_left(data)


def first_page(site: Site) -> int:
    with urllib.request.urlopen(site.url + "/", timeout=20) as answer:
        return int(answer.status)


def processes(data: Path) -> list[psutil.Process]:
    """Every process that names this data folder, on its command line or in its variables."""
    return [each for each in psutil.process_iter() if each.pid != os.getpid() and _names(each, str(data))]


def _names(process: psutil.Process, folder: str) -> bool:
    try:
        return any(folder in word for word in process.cmdline()) or process.environ().get("MAILLAGE_DATA") == folder
    except psutil.Error:
        return False


def nothing_left(data: Path) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if not processes(data):
            return True
        time.sleep(0.05)
    raise AssertionError([each.cmdline() for each in processes(data)])


def refused(*words: str) -> str:
    done = subprocess.run(
        [str(MAILLAGE), "up", *words], capture_output=True, text=True, env=user_environment(), timeout=30, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_second_start_serves_the_first_page_and_keeps_the_password_to_itself(data: Path) -> None:
    with started(data) as site:
        assert first_page(site) == 200
        assert "officer" in site.text
        assert not site.password


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process_and_a_clean_database(data: Path, by: signal.Signals) -> None:
    with started(data) as site:
        assert stop_site_process(site.process, by) == 0
        assert nothing_left(data)
        assert not idle_shutdown.read_pid_file(data)


def test_nothing_outlives_a_killed_command_and_the_next_start_works(data: Path) -> None:
    with started(data) as site:
        site.process.kill()
        assert nothing_left(data)
    with started(data) as site:
        assert first_page(site) == 200


def test_all_killed_at_once_recovers(data: Path) -> None:
    with started(data) as site:
        for each in (site.process.pid, *(each.pid for each in processes(data))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        assert nothing_left(data)
        assert idle_shutdown.read_pid_file(data), "the stale pid file is there"
    with started(data) as site:
        assert first_page(site) == 200


def test_a_killed_database_comes_back_while_the_site_is_served(data: Path) -> None:
    with started(data) as site:
        assert first_page(site) == 200
        killed = idle_shutdown.server_pid(data)
        os.kill(killed, signal.SIGKILL)
        end = time.monotonic() + 20
        while (idle_shutdown.server_pid(data) == killed or not embedded.is_running(data)) and time.monotonic() < end:
            time.sleep(0.05)
        assert first_page(site) == 200


def test_a_taken_port_is_named_before_any_work() -> None:
    with socket.socket() as other, tempfile.TemporaryDirectory() as folder:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused("--data", folder, "--port", str(port))
        assert f"Port {port} is taken" in said
        assert "--port" in said
        assert not (Path(folder) / "postgres").exists()


def test_a_second_site_on_the_same_folder_says_where_the_first_is(data: Path) -> None:
    with started(data) as site:
        assert site.url in refused("--data", str(data), "--port", str(free_port()))


def test_a_folder_that_cannot_be_used_is_told() -> None:
    with tempfile.NamedTemporaryFile() as file:
        said = refused("--data", file.name, "--port", str(free_port()))
        assert file.name in said
        assert "--data DIR" in said


def test_a_command_killed_after_its_database_leaves_nothing(data: Path) -> None:
    with started(data) as site:
        os.kill(idle_shutdown.server_pid(data), signal.SIGKILL)
        site.process.kill()
        assert nothing_left(data)


def test_behind_a_proxy_of_ones_own_the_site_is_safe_and_works(data: Path) -> None:
    behind = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Host": "network.example"}
    settings = {"MAILLAGE_URL": "https://network.example", "MAILLAGE_HOSTS": "network.example,127.0.0.1"}
    with running_site(data, MAILLAGE_PROXIES="1", **settings) as site:
        plain = httpx.get(f"{site.url}/en/", headers={"Host": "network.example"}, follow_redirects=False, timeout=60)
        assert (plain.status_code, plain.headers["location"]) == (301, "https://network.example/en/")
        with httpx.Client(base_url=site.url, headers=behind, timeout=60) as client:
            page = client.get("/en/sign-in")
            assert page.status_code == 200
            assert "max-age" in page.headers["strict-transport-security"]
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            assert token
            cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
            sent = client.post(
                "/en/sign-in",
                data={"username": "nobody@example.org", "password": "guess", "csrfmiddlewaretoken": token[1]},
                headers={"Cookie": cookies, "Origin": "https://network.example"},
            )
            assert sent.status_code == 422
            assert "is not right" in sent.text
