"""What most commands need: the database running, Django set up, the tables in step."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from maillage.database.location import data_folder, own_database
from maillage.language import gettext as _
from maillage.language import language
from maillage.problems import Problem

DISK_FULL = "53100"
# PostgreSQL's journal grows by files of this size.
JOURNAL_FILE = 16 * 1024 * 1024


def say(text: str) -> None:
    """News go to the error stream: what a command prints may be piped."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def database(data: Path) -> Iterator[None]:
    """The embedded database running for the length of the block; one's own is taken as it is."""
    from maillage.database.embedded import held

    with nullcontext() if own_database() else held(data, tell=say):
        yield


@contextmanager
def site(*, in_step: bool = True) -> Iterator[Path]:
    """The database running and Django ready; the tables are brought in step first unless asked not to."""
    data = data_folder()
    with database(data):
        set_up_django()
        with explained_connection():
            if in_step:
                from maillage.cli.prepare import bring_tables_in_step

                bring_tables_in_step(data)
            yield data


def set_up_django() -> None:
    """Set Django up, once, and have it speak the language of the shell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language())
    from maillage.kernel.scope import READING, begin_as  # commands and jobs act for the system

    begin_as(READING)


@contextmanager
def explained_connection() -> Iterator[None]:
    """A database that does not answer, or whose disk is full, is told in words."""
    from django.db.utils import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _explained(error) from error


def _disk_is_full(error: Exception) -> bool:
    """PostgreSQL says so, unless it was its journal that could not grow: then it ends, and only the disk can tell."""
    if getattr(error.__cause__, "sqlstate", None) == DISK_FULL:
        return True
    return not own_database() and shutil.disk_usage(data_folder()).free < JOURNAL_FILE


def _explained(error: Exception) -> Problem:
    if _disk_is_full(error):
        return Problem(
            _("The disk of the database is full (%(place)s): the work could not be finished.")
            % {"place": "DATABASE_URL" if own_database() else data_folder()},
            _("Free some space, then run the same command again. What was finished is kept; nothing is half-written."),
        )
    told = next(iter(str(error).strip().splitlines()), "") or _("no reason given")
    if own_database():
        return Problem(
            _("The database of DATABASE_URL does not answer: %(reason)s") % {"reason": told},
            _("Check that it runs and that the role and the password are right."),
        )
    return Problem(
        _("The database in %(data)s does not answer: %(reason)s") % {"data": data_folder(), "reason": told},
        _("Start it again with: maillage up"),
    )
