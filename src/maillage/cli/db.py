"""`maillage db`: the embedded database by itself."""

import os
import subprocess
import sys

import typer

from maillage.cli.site_session import print_status, running_database
from maillage.database.location import DATABASE, PORT, ROLE, data_folder, external_database_url, socket_folder
from maillage.errors import MaillageError
from maillage.language import gettext as _

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def start() -> None:
    """Start the embedded database and leave it running."""
    from maillage.database import embedded

    _refuse_external_database()
    data = data_folder()
    was_started = embedded.start(data, tell=print_status)
    embedded.keep_running(data)
    started_text = _("The database in %(data)s is started; it stays until: maillage db stop")
    running_text = _("The database in %(data)s was already running; it stays until: maillage db stop")
    print_status((started_text if was_started else running_text) % {"data": data})


@app.command()
def stop() -> None:
    """Stop the embedded database."""
    from maillage.database import embedded

    _refuse_external_database()
    data = data_folder()
    stopped_text, idle_text = _("The database in %(data)s is stopped."), _("The database in %(data)s was not running.")
    print_status((stopped_text if embedded.stop(data) else idle_text) % {"data": data})


@app.command()
def url() -> None:
    """Print the address of the embedded database, for other programs."""
    if external_database_url():
        raise MaillageError(
            _("DATABASE_URL is set: it is the address."), _("It is not printed, since it may hold a password.")
        )
    print(database_url())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the database; further words are handed to psql."""
    from maillage.database.postgres_programs import installed_programs

    with running_database(data_folder()):
        command = [str(installed_programs() / "psql"), *context.args]
        process = subprocess.run(command, check=False, env={**os.environ, **_psql_environment()})
    sys.exit(process.returncode)


def database_url() -> str:
    """The URL of the embedded database, for libpq."""
    from urllib.parse import quote

    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket_folder(data_folder())), safe='')}&port={PORT}"


def _psql_environment() -> dict[str, str]:
    """Connection variables for psql; not arguments, so that a password never shows in the list of processes."""
    url = external_database_url()
    if not url:
        server = {"PGHOST": str(socket_folder(data_folder())), "PGPORT": str(PORT)}
        return {**server, "PGUSER": ROLE, "PGDATABASE": DATABASE}
    from maillage.database.location import database_settings

    settings = database_settings(data_folder())
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {variable: settings[key] for variable, key in names.items() if settings[key]}


def _refuse_external_database() -> None:
    if external_database_url():
        raise MaillageError(
            _("DATABASE_URL is set: that PostgreSQL is your own, and Maillage neither starts nor stops it."),
            _("Unset DATABASE_URL to use the embedded one."),
        )
