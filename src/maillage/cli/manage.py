"""`maillage manage`: Django's commands, with the database running for as long as they take."""

import sys

from maillage.cli.site_session import explain_database_errors, running_database, set_up_django
from maillage.database.location import data_folder

# These neither read nor write the database.
COMMANDS_WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "compilemessages",
    "makemessages",
    "diffsettings",
}


def run(words: list[str]) -> None:
    """Hand the words to Django."""
    from django.core.management import execute_from_command_line

    set_up_django()
    command = ["maillage manage", *words]
    if not words or words[0] in COMMANDS_WITHOUT_DATABASE or "--help" in words:
        execute_from_command_line(command)
        return
    with running_database(data_folder()), explain_database_errors():
        set_up_django()
        execute_from_command_line(command)


if __name__ == "__main__":
    run(sys.argv[1:])
