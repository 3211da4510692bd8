"""What must be true before the site is served; each step is skipped, cheaply, when it is already so.

A stamp in the data folder says what was done, for which database and from which files: a later start then need not
even ask the database.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from maillage.database.location import cluster_folder, own_database, unusable
from maillage.language import gettext as _

PACKAGE = Path(__file__).parent.parent
# Their releases bring tables or static files of their own.
LIBRARIES = ("django", "django-allauth", "django-htmx", "django-pghistory", "django-pgtrigger", "procrastinate")
Tell = Callable[[str, int, int], None]

LOADING, LOADED, DECLINED = "loading", "loaded", "declined"


@dataclass
class Stamp:
    """What was prepared, and for which database."""

    database: str = ""
    tables: str = ""
    static: str = ""
    example: str = ""
    officer: str = ""


def read_stamp(data: Path) -> Stamp:
    """The stamp of this database; an empty one if there is none, or if it speaks of another database."""
    current = _database_mark(data)
    try:
        stamp = Stamp(**json.loads((data / "prepared.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp(database=current)
    return stamp if stamp.database == current else Stamp(database=current, static=stamp.static)


def write_stamp(data: Path, stamp: Stamp) -> None:
    """Keep the stamp, whole or not at all."""
    stamp.database = _database_mark(data)
    draft = data / f".prepared.{os.getpid()}"
    try:
        draft.write_text(json.dumps(asdict(stamp)), "utf-8")
        draft.replace(data / "prepared.json")
    except OSError as error:
        raise unusable(draft, error) from error


def _database_mark(data: Path) -> str:
    own = own_database()
    if own:
        return "own-" + hashlib.sha256(own.encode()).hexdigest()[:16]
    try:
        status = (cluster_folder(data) / "PG_VERSION").stat()
    except OSError:
        return ""
    return f"embedded-{status.st_ino}-{status.st_mtime_ns}"


def is_prepared(data: Path, *, empty: bool = False) -> bool:
    """Whether nothing is left to do. Of a PostgreSQL of one's own only the database itself can tell."""
    from maillage.web.translations import stale

    stamp = read_stamp(data)
    return (
        own_database() is None
        and stamp.tables == tables_mark()
        and stamp.static == static_mark()
        and (data / "static").is_dir()
        and bool(stamp.officer)
        and stamp.example in ({LOADED, DECLINED} if not empty else {LOADED, DECLINED, ""})
        and not stale(PACKAGE / "locale")
    )


def tables_mark() -> str:
    """Changes with any migration, of ours or of a library, and with the definitions of processes that come with us."""
    files = sorted([*PACKAGE.glob("**/migrations/*.py"), *PACKAGE.glob("*/processes/*.yaml")])
    # Naming a provider to sign in by brings the tables of that library.
    provider = bool(os.environ.get("MAILLAGE_OIDC_URL"))
    return _digest(
        [*_versions(), str(provider), *(f"{file.name} {_digest([file.read_text('utf-8')])}" for file in files)]
    )


def static_mark() -> str:
    """Changes with any static file."""
    files = sorted(file for file in PACKAGE.glob("*/static/**/*") if file.is_file())
    marks = (f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in [*files, PACKAGE / "settings.py"])
    return _digest([*_versions(), *marks])


def _versions() -> list[str]:
    return [f"{name} {_version(name)}" for name in LIBRARIES]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:24]


def prepare(data: Path, tell: Tell, *, empty: bool = False) -> str:
    """Do every step that is due; returns the password of the first officer if the account was just made."""
    compile_translations()
    bring_tables_in_step(data, tell)
    collect_static(data, tell)
    load_example_once(data, tell, empty=empty)
    return ensure_officer(data)


def compile_translations() -> None:
    """Bring the compiled translations in step with their sources."""
    from maillage.web.translations import compile_stale

    compile_stale(PACKAGE / "locale")


def bring_tables_in_step(data: Path, tell: Tell | None = None) -> None:
    """Apply the migrations that are due."""
    stamp = read_stamp(data)
    mark = tables_mark()
    if stamp.tables == mark and not own_database():
        return
    from maillage.kernel.policies import in_place

    due = _migrations_due()
    if due or not in_place():
        _migrate(due, tell)
    _publish_processes()
    stamp.tables = mark
    write_stamp(data, stamp)


def _migrations_due() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class _Counter(io.TextIOBase):
    """Counts the migrations as Django writes their names."""

    def __init__(self, due: int, tell: Tell | None) -> None:
        self.due, self.done, self.report = due, 0, tell

    def write(self, text: str) -> int:
        self.done += text.count("Applying ")
        if self.report:
            self.report(_("Making the tables"), min(self.done, self.due), self.due)
        return len(text)


def _migrate(due: int, tell: Tell | None) -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1, no_color=True, stdout=_Counter(due, tell))


def _publish_processes() -> None:
    from django.utils import timezone

    from maillage.kernel.processes.actions import publish_shipped

    publish_shipped(timezone.now())


def collect_static(data: Path, tell: Tell) -> None:
    """Gather the static files, compressed, where the server reads them."""
    stamp = read_stamp(data)
    mark = static_mark()
    if stamp.static == mark and (data / "static").is_dir():
        return
    from django.core.management import call_command

    tell(_("Gathering the static files"), 0, 1)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    tell(_("Gathering the static files"), 1, 1)
    stamp.static = mark
    write_stamp(data, stamp)


def load_example_once(data: Path, tell: Tell, *, empty: bool) -> None:
    """Load the example into an empty database; a load that was killed is taken up again."""
    stamp = read_stamp(data)
    if stamp.example in (LOADED, DECLINED):
        return
    if stamp.example != LOADING and _holds_something():
        stamp.example = LOADED
    elif empty:
        stamp.example = DECLINED
    else:
        _load(data, stamp, tell)
    write_stamp(data, stamp)


def _load(data: Path, stamp: Stamp, tell: Tell) -> None:
    from maillage.cli.load import load_example

    stamp.example = LOADING
    write_stamp(data, stamp)
    load_example(tell)
    stamp.example = LOADED


def _holds_something() -> bool:
    from maillage.register.models import Organisation

    return bool(Organisation.objects.exists())


def ensure_officer(data: Path) -> str:
    """Make the first staff account if there is none; its password is returned, to be shown once and kept nowhere."""
    from maillage.people.actions import ensure_first_officer

    made = ensure_first_officer()
    stamp = read_stamp(data)
    if made or not stamp.officer:
        stamp.officer = made[0] if made else "-"
        write_stamp(data, stamp)
    return made[1] if made else ""
