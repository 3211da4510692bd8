"""A list of organisations over the API, against a bare Django view of the same rows: one query, `values()`, JSON.

Asked as the public and with the token of a manager, now and as known at a moment. Both are asked through WSGI in this
process, whose CPU time is counted; PostgreSQL's is what it tells of each query.
"""

import datetime as dt
import io
import json
import statistics
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from benchmarks.datasets import ensure_example, shared_data
from benchmarks.report import markdown_table, write_section

_ADDRESS = "/api/v1/organisations"
_ON = "on=2021-01-01"
_KNOWN = f"{_ON}&known="
# What is asked, the page that is read, and whether with a token.
_READ = (
    ("read on a day, page 1", _ON, 1, False),
    ("read on a day, page 1,000", _ON, 1_000, False),
    ("in force on a day, page 1", f"{_ON}&force=yes", 1, False),
    ("in force on a day, page 600", f"{_ON}&force=yes", 600, False),
    ("with a manager’s token, page 1", _ON, 1, True),
    ("with a manager’s token, page 1,000", _ON, 1_000, True),
    ("as known at a moment, page 1", _KNOWN, 1, False),
    ("as known at a moment, with a token", _KNOWN, 1, True),
)
_TIMES, _EXPLAINED = 100, 15
_ROWS = 50
_MILLISECONDS = 1000


def bare_view(request: HttpRequest) -> JsonResponse:
    """The same rows in the same order, as Django gives them with the least ado."""
    from maillage.register.models import Organisation

    rows = Organisation.objects.filter(visibility="public", merged_into=None).order_by("sort_name", "pk")
    if "force" in request.GET:
        rows = rows.filter(certain__contains=dt.date(2021, 1, 1))
    if name := request.GET.get("name"):
        rows = rows.filter(sort_name__gte=name).exclude(sort_name=name, pk__lte=request.GET["pk"])
    names = ("pk", "key", "kind", "name_fr", "name_en", "acronym", "city", "country", "website", "period_start")
    return JsonResponse({"items": list(rows.values(*names, "period_end", "sort_name")[:_ROWS])})


urlpatterns = [path("bare", bare_view)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, with which token if any, and the moment at which it is read, if any."""

    address: str
    query: str
    token: str = ""
    known: dt.datetime | None = None


def run() -> None:
    """Ask both for the first page and for pages far down."""
    from maillage.core.actors import PUBLIC
    from maillage.core.security.session_scope import PUBLIC_SCOPE, use_scope
    from maillage.register.models import Organisation

    _ensure_ror()
    secret, known = _token(), _moment()
    ours = WSGIHandler()
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="benchmarks.api"):
        peer = WSGIHandler()
    lines = []
    # The server’s connections begin as the public.
    with use_scope(PUBLIC_SCOPE):
        for name, asked, page, with_token in _READ:
            token, moment = secret if with_token else "", known if asked == _KNOWN else None
            query = asked + (urlencode({"": moment.isoformat()})[1:] if moment else "")
            after, last = _place(ours, query, page)
            one = _measure(ours, _Asked(_ADDRESS, query + after, token, moment))
            with override_settings(ROOT_URLCONF="benchmarks.api"):
                two = _measure(peer, _Asked("/bare", query + last))
            lines += _lines(name, one, two)
    body = f"""{_ROWS} organisations a page of {Organisation.objects.visible_to(PUBLIC).count():,} public ones,
with the columns of the page and of the export; the median of {_TIMES} requests. The bare view has no middleware, knows
no token and reads the present.

{markdown_table(("", "Maillage", "bare Django view", "ratio"), lines)}
"""
    write_section("api", "A list over the API", body)


def _token() -> str:
    """The secret of a token by which a program reads for a manager."""
    from django.utils import timezone

    from maillage.api.actions.tokens import create_token
    from maillage.core.security.session_scope import ACTION_SCOPE, use_scope
    from maillage.people.models import Mandate, User
    from maillage.people.queries import actor_of
    from maillage.register.models import Organisation

    with use_scope(ACTION_SCOPE):
        person, _new = User.objects.get_or_create(email="measures@example.org", defaults={"name": "Measures"})
        own = Organisation.objects.get(key="opale")
        since = {"first_day": dt.date(2020, 1, 1)}
        mandate, _new = Mandate.objects.get_or_create(person=person, organisation=own, role="manager", defaults=since)
    at = timezone.now()
    asked: dict[str, Any] = {"name": "measures", "scopes": ["read"], "days": 30, "mandate_id": mandate.pk}
    return str(create_token(actor=actor_of(person, at), at=at, **asked)[1])


def _moment() -> dt.datetime:
    """When all that is there was known."""
    from django.utils import timezone

    return timezone.now()


def _ensure_ror() -> None:
    from django.db import connection
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.register.models import ImportRun
    from maillage.register.ror.importer import import_ror

    ensure_example()
    if not ImportRun.objects.exclude(finished_at=None).exists():
        import_ror(shared_data("ror", "ror_records.jsonl.gz"), actor=SYSTEM, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE register_organisation")


def _lines(name: str, one: dict[str, float], two: dict[str, float]) -> list[tuple[str, ...]]:
    titles = {"cpu": "CPU of the application", "postgres": "in PostgreSQL"}
    lines = [
        (f"{name}: {title}", f"{one[key]:.2f} ms", f"{two[key]:.2f} ms", f"{one[key] / two[key]:.2f}")
        for key, title in titles.items()
    ]
    return [*lines, (f"{name}: queries", f"{one['queries']:.0f}", f"{two['queries']:.0f}", "")]


def _measure(handler: WSGIHandler, asked: _Asked) -> dict[str, float]:
    from django.db import connection

    for _time in range(20):
        _ask(handler, asked)
    times = []
    for _time in range(_TIMES):
        began = time.process_time()
        _ask(handler, asked)
        times.append(time.process_time() - began)
    with CaptureQueriesContext(connection) as told:
        _ask(handler, asked)
    statements = [one["sql"] for one in told.captured_queries]
    with _as_asked(asked):
        postgres = sum(_explained(statement) for statement in statements if _reads(statement))
    return {"cpu": statistics.median(times) * _MILLISECONDS, "postgres": postgres, "queries": len(statements)}


def _as_asked(asked: _Asked) -> AbstractContextManager[None]:
    from maillage.core.history import known_at

    return known_at(asked.known) if asked.known else nullcontext()


def _reads(statement: str) -> bool:
    """Whether a statement reads rows, rather than beginning a transaction or saying how it reads."""
    return statement.startswith("SELECT") and " FROM " in statement


def _explained(statement: str) -> float:
    """The milliseconds PostgreSQL plans and runs a query, at the median."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for _time in range(_EXPLAINED):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0][0]
            found.append(plan["Planning Time"] + plan["Execution Time"])
    return statistics.median(found)


def _place(handler: WSGIHandler, query: str, number: int) -> tuple[str, str]:
    """Where a page begins: for us the `after` of the page before it, for the bare view the last row before it."""
    from maillage.register.models import Organisation

    after, rest, last = "", _ROWS * (number - 1), None
    while rest:
        limit = min(200, rest)
        page = json.loads(_ask(handler, _Asked(_ADDRESS, f"{query}&limit={limit}&after={after}")))
        after, last = parse_qs(urlsplit(page["next"]).query)["after"][0], page["items"][-1]["id"]
        rest -= limit
    if last is None:
        return "", ""
    row = Organisation.objects.get(key=last)
    return f"&after={after}", "&" + urlencode({"name": row.sort_name, "pk": row.pk})


def _ask(handler: WSGIHandler, asked: _Asked) -> bytes:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": asked.address,
        "QUERY_STRING": asked.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "HTTP_ACCEPT_LANGUAGE": "en",
    }
    if asked.token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {asked.token}"
    statuses: list[str] = []
    body = b"".join(handler(environ, lambda status, _headers: statuses.append(status)))
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{asked.address}?{asked.query} answered {statuses[0]}: {body[:300]!r}")
    return body
