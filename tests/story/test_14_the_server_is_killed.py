"""Chapter 14: the server is killed in the middle of it all, starts again, and nothing is missing.

Everything is killed at once, without a warning: the site, its worker, its database. What the site had said yes to is
there, each step of it in the history; what it had not answered is there once or not at all, and can be sent again.
"""

import contextlib
import json
import os
import signal
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from playwright.sync_api import Browser, expect

from maillage.database import embedded
from tests.site_process import Site, running_site, start_site_process, stop_site_process, wait_until_ready

ACTION = "/api/v1/actions/register.describe_organisation"


@dataclass
class Writer:
    """A program that describes one organisation again and again, and keeps what it was answered, and when."""

    url: str
    token: str
    key: str
    pk: int
    answered: list[tuple[int, str]] = field(default_factory=list)
    unanswered: int = 0
    over: bool = False

    def write(self) -> None:
        number = 0
        while not self.over:
            number += 1
            try:
                self.send(number)
            except (OSError, ValueError):
                self.unanswered = number
                return
            self.answered.append((number, datetime.now(UTC).isoformat()))

    def send(self, number: int) -> Any:
        body = {
            "organisation_id": self.pk,
            "changes": {"note_en": f"Note {number}."},
            "reason": f"Round {number} of {self.key}",
        }
        request = urllib.request.Request(
            self.url + ACTION,
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{self.key}-{number}",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response), response.headers.get("Idempotent-Replayed")


def read(site: Site, path: str) -> tuple[Any, str]:
    """What an address answers in English, and its version."""
    request = urllib.request.Request(site.url + path, headers={"Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response), response.headers["ETag"]


def note(site: Site, key: str, known: str = "") -> str:
    shown, _version = read(site, f"/api/v1/organisations/{key}" + (f"?known={quote(known)}" if known else ""))
    told = [fact["value"] for fact in shown["facts"] if fact["property"] == "note"]
    return str(told[0]["text"]) if told else ""


def token_of(browser: Browser, site: Site) -> str:
    """The officer signs in and makes a token for a program."""
    page = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    page.goto("/en/sign-in?next=/en/account/programs")
    page.locator("input[name=username]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main form button.go").click()
    page.goto("/en/account/programs")
    page.get_by_text("A new token").click()
    page.locator("#id_token-name").fill("the writer of chapter 14")
    page.get_by_label("write", exact=True).check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator(".secret code")).to_contain_text("mlg_")
    secret = page.locator(".secret code").inner_text()
    page.context.close()
    return secret


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="maillage-killed-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def everything_of(data: Path, site: Site) -> list[psutil.Process]:
    told = (str(data), str(site.process.pid))
    children = psutil.Process(site.process.pid).children(recursive=True)
    others = [one for one in psutil.process_iter() if _speaks_of(one, told[0])]
    return [psutil.Process(site.process.pid), *children, *others]


def _speaks_of(process: psutil.Process, folder: str) -> bool:
    try:
        return folder in " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def test_nothing_is_missing(browser: Browser, data: Path) -> None:
    with running_site(data) as site:
        token = token_of(browser, site)
        bodies = [
            Writer(site.url, token, key, number) for key, number in _bodies(site, ("thema", "alfa", "filo", "graall"))
        ]
        threads = [threading.Thread(target=one.write) for one in bodies]
        for one in threads:
            one.start()
        until = time.monotonic() + 60
        while min(len(one.answered) for one in bodies) < 5 and time.monotonic() < until:
            time.sleep(0.05)

        # Everything at once, while all four write.
        for process in everything_of(data, site):
            with contextlib.suppress(psutil.NoSuchProcess):
                os.kill(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join(30)
        assert all(one.unanswered for one in bodies)

    port = int(site.url.rsplit(":", 1)[1])
    again = start_site_process(data, port=port)
    try:
        site = wait_until_ready(again)
        for writer in bodies:
            _check(site, writer)
    finally:
        stop_site_process(again)
    assert not embedded.is_running(data)


def _bodies(site: Site, keys: tuple[str, ...]) -> list[tuple[str, int]]:
    """Organisations with the numbers by which actions know them: their versions tell."""
    versions = {key: read(site, f"/api/v1/organisations/{key}")[1] for key in keys}
    return [(key, int(version.strip('"').split("-")[1])) for key, version in versions.items()]


def _check(site: Site, writer: Writer) -> None:
    """Every yes is in the record and in its history; the one left unanswered was done wholly or not at all."""
    last = writer.answered[-1][0]
    assert note(site, writer.key) in (f"Note {last}.", f"Note {writer.unanswered}.")
    for number, moment in writer.answered:
        assert note(site, writer.key, moment) in (f"Note {number}.", f"Note {number + 1}.")

    # Sent again with the same key, it is done once, whether it was done before or not.
    _answer, _replayed = writer.send(writer.unanswered)
    assert note(site, writer.key) == f"Note {writer.unanswered}."
    _answer, replayed = writer.send(writer.unanswered)
    assert replayed == "true"
