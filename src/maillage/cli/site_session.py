"""What most commands need: the database running, Django set up, the tables in step."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from maillage.database.location import data_folder, external_database_url
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import shell_language

DISK_FULL = "53100"
# PostgreSQL's journal grows by files of this size.
JOURNAL_FILE_BYTES = 16 * 1024 * 1024


def print_status(text: str) -> None:
    """News go to the error stream: what a command prints may be piped."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def running_database(data: Path) -> Iterator[None]:
    """The embedded database running for the length of the block; one's own is taken as it is."""
    from maillage.database.embedded import server_session

    with nullcontext() if external_database_url() else server_session(data, tell=print_status):
        yield


@contextmanager
def running_site(*, migrate: bool = True) -> Iterator[Path]:
    """The database running and Django ready; the tables are brought in step first unless asked not to."""
    data = data_folder()
    with running_database(data):
        set_up_django()
        with explain_database_errors():
            if migrate:
                from maillage.cli.preparation import migrate_if_due

                migrate_if_due(data)
            yield data


def set_up_django() -> None:
    """Set Django up, once, and have it speak the language of the shell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(shell_language())
    from maillage.core.security.session_scope import (  # commands and jobs act for the system
        READ_EVERYTHING_SCOPE,
        set_default_scope,
    )

    set_default_scope(READ_EVERYTHING_SCOPE)


@contextmanager
def explain_database_errors() -> Iterator[None]:
    """A database that does not answer, or whose disk is full, is told in words."""
    from django.db.utils import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _database_problem(error) from error


def _disk_is_full(error: Exception) -> bool:
    """PostgreSQL says so, unless it was its journal that could not grow: then it ends, and only the disk can tell."""
    if getattr(error.__cause__, "sqlstate", None) == DISK_FULL:
        return True
    return not external_database_url() and shutil.disk_usage(data_folder()).free < JOURNAL_FILE_BYTES


def _database_problem(error: Exception) -> MaillageError:
    if _disk_is_full(error):
        return MaillageError(
            _("The disk of the database is full (%(place)s): the work could not be finished.")
            % {"place": "DATABASE_URL" if external_database_url() else data_folder()},
            _("Free some space, then run the same command again. What was finished is kept; nothing is half-written."),
        )
    told = next(iter(str(error).strip().splitlines()), "") or _("no reason given")
    if external_database_url():
        return MaillageError(
            _("The database of DATABASE_URL does not answer: %(reason)s") % {"reason": told},
            _("Check that it runs and that the role and the password are right."),
        )
    return MaillageError(
        _("The database in %(data)s does not answer: %(reason)s") % {"data": data_folder(), "reason": told},
        _("Start it again with: maillage up"),
    )
