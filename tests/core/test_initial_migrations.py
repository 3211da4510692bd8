"""The migrations that make the tables of the rooms, most of the work of a first start."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel

from maillage.core.initial_migration import InitialMigration


def test_tables_of_rooms_are_created_by_initial_migrations():
    migrations = MigrationLoader(None).disk_migrations.values()
    creating = [each for each in migrations if any(isinstance(step, CreateModel) for step in each.operations)]
    of_rooms = [each for each in creating if type(each).__module__.startswith("maillage.")]
    assert of_rooms
    assert [str(each) for each in of_rooms if not isinstance(each, InitialMigration)] == []


def test_tables_of_libraries_are_made_before_the_many_models_of_the_rooms():
    graph = MigrationLoader(None).graph
    before_rooms = {app for app, _name in graph.forwards_plan(("register", "0001_initial"))}
    assert {"mfa", "procrastinate", "sessions", "usersessions", "pghistory"} <= before_rooms
