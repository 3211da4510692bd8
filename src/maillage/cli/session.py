"""What most commands need: the database running, Django set up, the tables in step."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from maillage.database.location import data_folder, own_database
from maillage.database.problems import Problem


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
    """Set Django up, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
    import django

    django.setup()
    from maillage.kernel.scope import READING, begin_as  # commands and jobs act for the system

    begin_as(READING)


@contextmanager
def explained_connection() -> Iterator[None]:
    """A database that does not answer is told in words."""
    from django.db.utils import OperationalError

    try:
        yield
    except OperationalError as error:
        told = str(error).strip().splitlines()
        where = "of DATABASE_URL" if own_database() else f"in {data_folder()}"
        raise Problem(
            f"The database {where} does not answer: {told[0] if told else 'no reason given'}",
            "Check that it runs and that the role and the password are right."
            if own_database()
            else "Start it again with: maillage up",
        ) from error
