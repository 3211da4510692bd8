"""Fill the database named by the environment, as `maillage up` does, and lay down copies of it on the way.

Run as a program by `tests.template_databases`, with the site's own settings.
"""

import os
from pathlib import Path

import psycopg

from maillage.cli import preparation
from maillage.cli.child_processes import end_with_parent
from maillage.cli.site_session import set_up_django
from tests.template_databases import EMPTY, EXAMPLE, connection_settings, copy_database, template_name


def build() -> None:
    """Make the tables, load the example and publish the processes; the first officer is left to `maillage up`."""
    data = Path(os.environ["MAILLAGE_DATA"])
    url = os.environ.get("DATABASE_URL")
    preparation.compile_translations()
    set_up_django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from maillage.cli.example import load_example, load_example_vocabulary

    # Needs and offers of tests speak its words, also where the register is empty.
    load_example_vocabulary()
    _lay_down(data, url, EMPTY)
    load_example()
    _lay_down(data, url, EXAMPLE)
    from django.utils import timezone

    from maillage.workflow.shipped_definitions import publish_shipped_definitions

    publish_shipped_definitions(timezone.now())
    # Written first: the static files are added to it.
    preparation.write_stamp(
        data, preparation.PreparationStamp(tables=preparation.tables_fingerprint(), example=preparation.LOADED)
    )
    preparation.collect_static(data, lambda *_: None)
    _close()


def _lay_down(data: Path, url: str | None, kind: str) -> None:
    """Copy the database as it is now, with statistics: plans then do not depend on a job in the background."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    database = str(connection.settings_dict["NAME"])
    _close()
    # The server is reached by another of its databases: nobody may be connected to the one that is copied.
    base = os.environ["MAILLAGE_TEST_DATABASE_URL"] if url else None
    with psycopg.connect(autocommit=True, **connection_settings(data, base)) as server:  # type: ignore[arg-type]
        copy_database(server, database, template_name(database, kind))


def _close() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    end_with_parent()
    build()
