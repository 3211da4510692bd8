"""The databases of the tests: what killed runs leave behind is dropped, and nothing that another run uses."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.template_databases import WorkingDatabases, connection_settings, drop_database, drop_unused

OF_A_RUN, OF_A_KILLED_RUN = "maillage_run_1_aa_empty", "maillage_run_2_bb_empty"
IN_USE, OUTDATED = "maillage_kept_00000000000000a1_site", "maillage_kept_00000000000000b2_site"


@pytest.fixture
def server(databases: WorkingDatabases) -> Iterator[psycopg.Connection]:
    settings = connection_settings(databases.data, databases.url)
    with psycopg.connect(autocommit=True, **settings) as connection:
        for name in (OF_A_RUN, OF_A_KILLED_RUN, IN_USE, OUTDATED):
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield connection
        for name in (OF_A_RUN, OF_A_KILLED_RUN, IN_USE, OUTDATED):
            drop_database(connection, name)


def test_only_databases_and_templates_that_no_run_uses_are_dropped(server, databases):
    settings = connection_settings(databases.data, databases.url)
    with psycopg.connect(application_name="maillage_run_1_aa_00000000000000a1", **settings):
        drop_unused(server)
        names = {name for (name,) in server.execute("SELECT datname FROM pg_database")}
    assert {OF_A_RUN, IN_USE} <= names
    assert not {OF_A_KILLED_RUN, OUTDATED} & names
    assert set(databases.templates.values()) <= names
