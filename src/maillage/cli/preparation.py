"""Prepare the site before it is served: translations, migrations, static files, example, first officer.

A stamp in the data folder records what was done, for which database and from which files, so that a later start skips
what is done without even connecting to the database.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from maillage.database.location import cluster_folder, external_database_url, unusable_path_problem
from maillage.language import gettext as _

PACKAGE = Path(__file__).parent.parent
# Libraries with tables or static files: a new release makes the steps due again.
LIBRARIES = ("django", "django-allauth", "django-htmx", "django-pghistory", "django-pgtrigger", "procrastinate")
Tell = Callable[[str, int, int], None]

LOADING, LOADED, DECLINED = "loading", "loaded", "declined"


@dataclass
class PreparationStamp:
    """Fingerprints of what was prepared, and of the database."""

    database: str = ""
    tables: str = ""
    static: str = ""
    example: str = ""
    officer: str = ""


def read_stamp(data: Path) -> PreparationStamp:
    """The stamp of this database; an empty one if there is none, or if it is for another database."""
    current = _database_fingerprint(data)
    try:
        stamp = PreparationStamp(**json.loads((data / "prepared.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return PreparationStamp(database=current)
    return stamp if stamp.database == current else PreparationStamp(database=current, static=stamp.static)


def write_stamp(data: Path, stamp: PreparationStamp) -> None:
    """Write the stamp atomically. Raises `MaillageError` if the folder cannot be written."""
    stamp.database = _database_fingerprint(data)
    draft = data / f".prepared.{os.getpid()}"
    try:
        draft.write_text(json.dumps(asdict(stamp)), "utf-8")
        draft.replace(data / "prepared.json")
    except OSError as error:
        raise unusable_path_problem(draft, error) from error


def _database_fingerprint(data: Path) -> str:
    url = external_database_url()
    if url:
        return "own-" + hashlib.sha256(url.encode()).hexdigest()[:16]
    try:
        status = (cluster_folder(data) / "PG_VERSION").stat()
    except OSError:
        return ""
    return f"embedded-{status.st_ino}-{status.st_mtime_ns}"


def is_prepared(data: Path, *, empty: bool = False) -> bool:
    """Whether all steps are done; always false for a PostgreSQL by DATABASE_URL, which may change elsewhere."""
    from maillage.web.translations import list_stale

    stamp = read_stamp(data)
    return (
        external_database_url() is None
        and stamp.tables == tables_fingerprint()
        and stamp.static == static_files_fingerprint()
        and (data / "static").is_dir()
        and bool(stamp.officer)
        and stamp.example in ({LOADED, DECLINED} if not empty else {LOADED, DECLINED, ""})
        and not list_stale(PACKAGE / "locale")
    )


def tables_fingerprint() -> str:
    """Changes with any migration, of ours or of a library, with models and policies, and with the shipped processes."""
    patterns = ("**/migrations/*.py", "**/models.py", "core/security/*.py", "core/history.py", "*/processes/*.yaml")
    files = sorted(file for pattern in patterns for file in PACKAGE.glob(pattern))
    # A provider to sign in by (OpenID Connect) needs tables of its library.
    provider = bool(os.environ.get("MAILLAGE_OIDC_URL"))
    return _digest(
        [
            *_versions(),
            str(provider),
            *(f"{file.relative_to(PACKAGE)} {_digest([file.read_text('utf-8')])}" for file in files),
        ]
    )


def static_files_fingerprint() -> str:
    """Changes with any static file and with the settings."""
    files = sorted(file for file in PACKAGE.glob("*/static/**/*") if file.is_file())
    files.append(PACKAGE / "settings.py")
    file_states = (f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    return _digest([*_versions(), *file_states])


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
    """Run all steps that are due; returns the password of the first officer if just created, else an empty text."""
    compile_translations()
    migrate_if_due(data, tell)
    collect_static(data, tell)
    load_example_once(data, tell, empty=empty)
    return ensure_officer(data)


def compile_translations() -> None:
    """Compile the translations that are older than their sources."""
    from maillage.web.translations import compile_stale

    compile_stale(PACKAGE / "locale")


def migrate_if_due(data: Path, tell: Tell | None = None) -> None:
    """Apply the migrations that are due."""
    stamp = read_stamp(data)
    fingerprint = tables_fingerprint()
    if stamp.tables == fingerprint and not external_database_url():
        return
    from maillage.core.security.row_policies import policies_in_place

    due = _migrations_due()
    # Triggers and policies follow from the models: without a migration too, a new release may bring others.
    if due or stamp.tables != fingerprint or not policies_in_place():
        _migrate(due, tell)
    _publish_processes()
    stamp.tables = fingerprint
    write_stamp(data, stamp)


def _migrations_due() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class _MigrationCounter(io.TextIOBase):
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

    from maillage.cli.table_check import refuse_tables_of_another_release

    refuse_tables_of_another_release()
    call_command("migrate", interactive=False, verbosity=1, no_color=True, stdout=_MigrationCounter(due, tell))


def _publish_processes() -> None:
    from django.utils import timezone

    from maillage.workflow.shipped_definitions import publish_shipped_definitions

    publish_shipped_definitions(timezone.now())


def collect_static(data: Path, tell: Tell) -> None:
    """Collect the static files, compressed, in the data folder, if they have changed."""
    stamp = read_stamp(data)
    fingerprint = static_files_fingerprint()
    if stamp.static == fingerprint and (data / "static").is_dir():
        return
    from django.core.management import call_command

    tell(_("Gathering the static files"), 0, 1)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    tell(_("Gathering the static files"), 1, 1)
    stamp.static = fingerprint
    write_stamp(data, stamp)


def load_example_once(data: Path, tell: Tell, *, empty: bool) -> None:
    """Load the example into an empty database; an interrupted load is continued. `empty` declines it for good."""
    stamp = read_stamp(data)
    if stamp.example in (LOADED, DECLINED):
        return
    if stamp.example != LOADING and _has_organisations():
        stamp.example = LOADED
    elif empty:
        stamp.example = DECLINED
    else:
        _load_example(data, stamp, tell)
    write_stamp(data, stamp)


def _load_example(data: Path, stamp: PreparationStamp, tell: Tell) -> None:
    from maillage.cli.example import load_example

    stamp.example = LOADING
    write_stamp(data, stamp)
    load_example(tell)
    stamp.example = LOADED


def _has_organisations() -> bool:
    from maillage.register.models import Organisation

    return bool(Organisation.objects.exists())


def ensure_officer(data: Path) -> str:
    """Create the first officer if there is none; returns the password, which is stored nowhere, else an empty text."""
    from maillage.people.first_officer import ensure_first_officer

    created = ensure_first_officer()
    stamp = read_stamp(data)
    if created or not stamp.officer:
        stamp.officer = created[0] if created else "-"
        write_stamp(data, stamp)
    return created[1] if created else ""
