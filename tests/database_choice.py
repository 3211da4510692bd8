"""Which database a test works on."""

from tests.template_databases import EMPTY, EXAMPLE, WorkingDatabases

# What migrations fill, and the words in which needs and offers of tests speak: they are there for every test.
KEPT_TABLES = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "offers_vocabularyconcept",
    "offers_vocabularyload",
}


class DatabaseChoice:
    """Leads Django's connection to the empty database or to the one with the example, as the next test wants."""

    def __init__(self) -> None:
        self._databases: WorkingDatabases | None = None
        self._wanted = EMPTY

    def use(self, databases: WorkingDatabases) -> None:
        """Begin to lead: the databases are there."""
        self._databases = databases
        self._connect()

    def choose(self, example: bool) -> None:
        """Say what the next test wants."""
        self._wanted = EXAMPLE if example else EMPTY
        if self._databases:
            self._connect()

    def restore(self) -> None:
        """Put the present database back as it was, since a test has committed to it."""
        if self._wanted == EMPTY:
            clear_tables()
        elif self._databases:
            self.close()
            self._databases.discard(self._wanted)
            # The next copy has the same name.
            _forget_what_is_in_memory()

    def close(self) -> None:
        """Close the connection of the tests."""
        from django.db import connections

        connections.close_all()

    def _connect(self) -> None:
        from django.db import connection

        assert self._databases
        name = self._databases.ensure(self._wanted)
        if connection.settings_dict["NAME"] != name:
            self.close()
            connection.settings_dict["NAME"] = name
            _forget_what_is_in_memory()


def _forget_what_is_in_memory() -> None:
    """It is known by numbers of events and of loads, which are others' in another database."""
    from maillage.offers.offer_matcher import forget_matchers

    forget_matchers()


def clear_tables() -> None:
    """Empty every table that holds rows, but those kept: they are few, and to empty all takes a second."""
    from django.db import connection

    from maillage.core.security.session_scope import read_everything

    with read_everything(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT_TABLES
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in sorted(tables))
        cursor.execute(" UNION ALL ".join(asked))
        if filled := [f'"{name}"' for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


DATABASE_CHOICE = DatabaseChoice()
