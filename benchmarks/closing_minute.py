"""The closing minute of a call: 500 applicants send their dossier to the served site, the last before the last second.

Each dossier is complete and signed; what is sent is one request with the token of its own manager. Nobody may be late
through the server: a request that comes in before the call closes is taken, however many come at once.
"""

import datetime as dt
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import markdown_table, write_section
from benchmarks.second_start import free_port

_APPLICANTS = 500
_AT_ONCE = 100
_SPREADS = (60, 10)
_AHEAD = 5.0
_CALL = """
call: {name}
label: closing-minute
wave: closing-minute
title: {{fr: Appel simulé, en: Simulated call}}
authority: {{decides: closing-agency, runs: closing-agency}}
dates: {{opens: 2020-01-01T09:00, closes: "{closes}", zone: UTC}}
holders: [institute]
signatures: lead
criteria: {{all: {{title: {{fr: Tout, en: All}}, weight: 1}}}}
sections:
  whole:
    title: {{fr: Tout, en: All}}
    questions:
      text: {{title: {{fr: Texte, en: Text}}, most: 50000, required: yes}}
outcomes: {{award: {{title: {{fr: Label, en: Award}}}}}}
"""


def run() -> None:
    """Send over a minute, then over ten seconds."""
    from maillage.core.security.session_scope import ACTION_SCOPE, set_default_scope

    set_default_scope(ACTION_SCOPE)
    rows = [row for spread in _SPREADS for row in _measured(spread)]
    body = f"""{_APPLICANTS} simulated applicants, each with a dossier of 20,000 characters, complete and signed, send it by one request over
HTTP to the server of `maillage up` (one process, four threads), at moments drawn evenly over the time before the call
closes, the last a tenth of a second before. The limit is that all are taken when they send within a minute. Over ten seconds those
who send in the last tenths wait longer than is left; the moment that counts is the one at which a request is taken up.

{markdown_table(("", "limit", "over 60 s", "over 10 s"), _columns(rows))}
"""
    write_section("closing", "The closing minute", body)


def _columns(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """The rows of each spread side by side."""
    half = len(rows) // 2
    return [
        (name, limit, value, later[2]) for (name, limit, value), later in zip(rows[:half], rows[half:], strict=True)
    ]


def _measured(spread: int) -> list[tuple[str, str, str]]:
    name = f"closing-{spread}-{random.randrange(10**6)}"
    # The dossiers are made first, on a version that closes later; how long that takes is not known.
    applications = _applications(name)
    port = free_port()
    environment = os.environ | {"MAILLAGE_API_PER_MINUTE": "0"}
    command = [sys.executable, "-m", "maillage.cli.web_server", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _await(port)
            closes = time.time() + spread + _AHEAD
            _close_at(name, dt.datetime.fromtimestamp(closes, dt.UTC))
            sent = _send(port, applications, closes, spread)
        finally:
            server.terminate()
    taken = sum(1 for one in sent if one.status == 200)
    waits = sorted(one.seconds * 1000 for one in sent)
    return [
        ("taken", f"{_APPLICANTS} over 60 s", f"{taken}"),
        ("waited, median", "", f"{statistics.median(waits):.0f} ms"),
        ("waited, 99 of 100 under", "", f"{waits[len(waits) * 99 // 100]:.0f} ms"),
        ("waited longest", "", f"{waits[-1]:.0f} ms"),
    ]


def _applications(name: str) -> list[tuple[int, str]]:
    """Complete dossiers with the token of who may send each."""
    from maillage.calls.actions.calls import publish_call
    from maillage.calls.models import Call
    from maillage.core.actors import SYSTEM
    from maillage.labels.models import Label
    from maillage.register.models import Organisation

    agency = Organisation.objects.get_or_create(
        key="closing-agency", defaults={"kind": "agency", "name_fr": "Agence simulée"}
    )[0]
    given = {"name_fr": "Label simulé", "authority": agency, "period_start": "2020"}
    Label.objects.get_or_create(key="closing-minute", defaults=given)
    now = dt.datetime.now(dt.UTC)
    text = _CALL.format(name=name, closes="2099-01-01T00:00")
    publish_call(actor=SYSTEM, at=now, text=text, reason="A measure.")
    call = Call.objects.get(key=name)
    return [_application(name, call, number, now) for number in range(_APPLICANTS)]


def _application(name: str, call: Any, number: int, now: dt.datetime) -> tuple[int, str]:
    from maillage.api.actions.tokens import create_token
    from maillage.calls.completeness import application_digest
    from maillage.calls.models import Application, ApplicationParty, Reply, SignOff
    from maillage.people.models import Mandate, User
    from maillage.people.queries import actor_of
    from maillage.register.models import Organisation

    body = Organisation.objects.create(key=f"{name}-{number}", kind="institute", name_fr=f"Institut simulé {number}")
    person = User.objects.create(email=f"{name}-{number}@example.org", name=f"Personne simulée {number}")
    mandate = Mandate.objects.create(person=person, organisation=body, role="manager", first_day="2020-01-01")
    application = Application.objects.create(
        key=f"{name[8:]}-{number}", version=call.last, title="Dossier", begun_at=now
    )
    ApplicationParty.objects.create(application=application, organisation=body, part="lead")
    Reply.objects.create(application=application, section="whole", question="text", value=f"{number} " * 5_000, at=now)
    SignOff.objects.create(
        application=application, organisation=body, digest=application_digest(application), signed_at=now
    )
    actor = actor_of(person, now)
    _token, secret = create_token(
        actor=actor, at=now, name="bench", scopes=["read", "write"], days=1, mandate_id=mandate.pk
    )
    return application.pk, secret


def _close_at(name: str, closes: dt.datetime) -> None:
    """Move every dossier to a version that closes at a moment, signatures with it."""
    from maillage.calls.actions.calls import publish_call
    from maillage.calls.completeness import application_digest
    from maillage.calls.models import Application, SignOff
    from maillage.core.actors import SYSTEM

    text = _CALL.format(name=name, closes=closes.replace(tzinfo=None).isoformat())
    made = publish_call(actor=SYSTEM, at=dt.datetime.now(dt.UTC), text=text, reason="It closes.")
    found = Application.objects.filter(version__call=made.call)
    found.update(version=made)
    for application in found:
        SignOff.objects.filter(application=application).update(digest=application_digest(application))


@dataclass(frozen=True, slots=True)
class _Sent:
    status: int
    seconds: float


def _send(port: int, applications: list[tuple[int, str]], closes: float, spread: int) -> list[_Sent]:
    """Each at its moment, however long the others wait."""
    last = closes - 0.1
    moments = sorted(random.uniform(last - spread, last) for _one in applications[1:])
    found: list[_Sent] = []
    space = threading.Semaphore(_AT_ONCE * 5)

    def one(moment: float, application: int, secret: str) -> None:
        with space:
            time.sleep(max(0.0, moment - time.time()))
            found.append(_request(port, application, secret))

    pairs = zip([*moments, last], applications, strict=True)
    threads = [threading.Thread(target=one, args=(moment, *given)) for moment, given in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _request(port: int, application: int, secret: str) -> _Sent:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    connection.request(
        "POST", "/api/v1/actions/calls.send_dossier", json.dumps({"application_id": application}), headers
    )
    response = connection.getresponse()
    response.read()
    connection.close()
    return _Sent(response.status, time.perf_counter() - begun)


def _await(port: int) -> None:
    """Wait until the server answers."""
    for _try in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/fr/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"No server on port {port}; see {Path(sys.argv[0]).name}.")
