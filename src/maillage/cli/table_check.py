"""Whether the tables of a database are those of this release: until 1.0 they are not migrated from one to another."""

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from maillage.errors import MaillageError
from maillage.language import gettext as _


def refuse_tables_of_another_release() -> None:
    """Raise `MaillageError` where a table that was made before has other columns than its model, or is missing."""
    found = _columns_in_database()
    for table, columns in _columns_of_models().items():
        if found.get(table) != columns:
            raise MaillageError(
                _("This database was made by another release of Maillage, whose tables are others (%s).") % table,
                _(
                    "Write its register with that release (maillage export everything.yaml), then load the file into a "
                    "new data folder (--data DIR), or choose another database."
                ),
            )


def _columns_of_models() -> dict[str, set[str]]:
    """The columns of each table of ours of which the migration counts as applied."""
    applied = {label for label, _name in MigrationRecorder(connection).applied_migrations()}
    return {
        model._meta.db_table: {str(field.column) for field in model._meta.local_concrete_fields}
        for model in apps.get_models()
        if model.__module__.startswith("maillage.") and model._meta.app_label in applied and not model._meta.proxy
    }


def _columns_in_database() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
            "WHERE table_schema = current_schema() GROUP BY table_name"
        )
        return {table: set(columns) for table, columns in cursor.fetchall()}
