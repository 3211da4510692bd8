"""Which database a test works on."""

from tests.template_databases import EMPTY, EXAMPLE, WorkingDatabases


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

    def discard(self) -> None:
        """Have the present database made anew for the next test, since this one has committed to it."""
        if self._databases:
            self.close()
            self._databases.discard(self._wanted)

    def close(self) -> None:
        """Close the connection of the tests."""
        from django.db import connections

        connections.close_all()

    def _connect(self) -> None:
        from django.db import connection

        from maillage.offers.offer_matcher import forget_matchers

        assert self._databases
        name = self._databases.ensure(self._wanted)
        if connection.settings_dict["NAME"] != name:
            self.close()
            connection.settings_dict["NAME"] = name
            # What is kept in memory is known by numbers of events, which are others' in another database.
            forget_matchers()


DATABASE_CHOICE = DatabaseChoice()
