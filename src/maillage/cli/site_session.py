"""Context managers for commands: a running database, Django set up, migrations applied."""

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
# The size of a file of PostgreSQL's write-ahead log.
JOURNAL_FILE_BYTES = 16 * 1024 * 1024


def print_status(text: str) -> None:
    """Print to the error stream, since the output of a command may be piped."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def running_database(data: Path) -> Iterator[None]:
    """Keep the embedded database running for the block; nothing to do for a PostgreSQL by DATABASE_URL."""
    from maillage.database.embedded import server_session

    with nullcontext() if external_database_url() else server_session(data, tell=print_status):
        yield


@contextmanager
def running_site(*, migrate: bool = True) -> Iterator[Path]:
    """Run the database and set Django up for the block, after due migrations unless `migrate` is false.

    Yields the data folder.
    """
    data = data_folder()
    with running_database(data):
        set_up_django()
        with explain_database_errors():
            if migrate:
                from maillage.cli.preparation import migrate_if_due

                migrate_if_due(data)
            yield data


def set_up_django() -> None:
    """Set Django up in the language of the shell, with the scope of the system for all reads."""
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
    """Raise `MaillageError` if the database does not answer or its disk is full."""
    from django.db.utils import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _database_problem(error) from error


def _disk_is_full(error: Exception) -> bool:
    """By PostgreSQL's error; by the disk itself if the write-ahead log could not grow, since the server then ends."""
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
    reason = next(iter(str(error).strip().splitlines()), "") or _("no reason given")
    if external_database_url():
        return MaillageError(
            _("The database of DATABASE_URL does not answer: %(reason)s") % {"reason": reason},
            _("Check that it runs and that the role and the password are right."),
        )
    return MaillageError(
        _("The database in %(data)s does not answer: %(reason)s") % {"data": data_folder(), "reason": reason},
        _("Start it again with: maillage up"),
    )
