"""What most commands need: the database running, Django set up, the tables in step."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from maillage.database.location import data_folder, own_database
from maillage.database.problems import Problem
from maillage.language import gettext as _
from maillage.language import language


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


@contextmanager
def explained_connection() -> Iterator[None]:
    """A database that does not answer is told in words."""
    from django.db.utils import OperationalError

    try:
        yield
    except OperationalError as error:
        raise _explained(error) from error


def _explained(error: Exception) -> Problem:
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
