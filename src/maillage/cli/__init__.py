"""The `maillage` command. Each subcommand has its own module, which is imported only when it runs."""

import importlib
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from maillage.errors import MaillageError
from maillage.language import LOCALE, shell_language
from maillage.language import gettext as _


@dataclass(frozen=True)
class Command:
    """A command: `module` has a Typer `app` (a group), or a function `run` (one command).

    The `run` of a `raw` command receives its arguments unparsed, to pass them to another program.
    """

    name: str
    module: str
    about: str
    raw: bool = False


COMMANDS = [
    Command("up", "maillage.cli.up", "Set everything up and serve the site on this machine."),
    Command("load", "maillage.cli.load", "Load the lists of a file into the register (--dry-run writes nothing)."),
    Command("export", "maillage.cli.export", "Write the lists of the register to a file that loads back."),
    Command("page", "maillage.cli.page", "The ecosystem page of an organisation as a file: load, write."),
    Command("publish", "maillage.cli.publish", "Write the public ecosystem pages as a static site."),
    Command("answer", "maillage.cli.answer", "Find which offers answer a need."),
    Command("rank", "maillage.cli.rank", "Rank partners, or laboratories, for the needs of a file."),
    Command("evaluate", "maillage.cli.evaluate", "How well they are found: partners, laboratories."),
    Command("vocabulary", "maillage.cli.vocabulary", "Larger vocabularies: load."),
    Command("check", "maillage.cli.check", "What a person should look at: statements."),
    Command("import", "maillage.cli.import_", "Bring in other registers: ror, rnsr, cordis, anr."),
    Command("schema", "maillage.cli.schema", "The JSON Schema of documents: call, charter, process, lists."),
    Command("actions", "maillage.cli.action_table", "Who may do what, as a table."),
    Command("hooks", "maillage.cli.hook_table", "What follows what, as a page."),
    Command("lists", "maillage.cli.list_table", "The lists of the register and their fields, as a page."),
    Command("erasures", "maillage.cli.erasures", "Erased requesters and accounts: list, replay (after a restore)."),
    Command("db", "maillage.cli.db", "The database: start, stop, url, psql."),
    Command("manage", "maillage.cli.manage", "Django's own commands, with the database running.", raw=True),
]


def main() -> None:
    """Run the command line; a `MaillageError` is printed without a stack trace."""
    try:
        prepare_output()
        words = extract_data_folder(sys.argv[1:])
        _run_command(words)
    except MaillageError as problem:
        print(f"maillage: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has closed the pipe: nothing more can be written, not even by the interpreter on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def prepare_output() -> None:
    """Compile the French if needed, and replace characters that the terminal cannot show instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if shell_language() == "fr":
        from maillage.web.translations import compile_stale

        # An account that may not write where Maillage is installed gets English, until one that may has run a command.
        with suppress(MaillageError):
            compile_stale(LOCALE)


def extract_data_folder(words: list[str]) -> list[str]:
    """Remove `--data DIR`, allowed anywhere, and set MAILLAGE_DATA to it, which child processes inherit."""
    remaining: list[str] = []
    unread = iter(words)
    for word in unread:
        if word == "--":
            return [*remaining, word, *unread]
        if word == "--data":
            _set_data_folder(next(unread, ""))
        elif word.startswith("--data="):
            _set_data_folder(word.removeprefix("--data="))
        else:
            remaining.append(word)
    return remaining


def _set_data_folder(folder: str) -> None:
    if not folder or folder.startswith("-"):
        raise MaillageError(_("--data needs a folder."), _("For example: maillage up --data ~/maillage"))
    os.environ["MAILLAGE_DATA"] = os.path.abspath(os.path.expanduser(folder))


def _run_command(words: list[str]) -> None:
    name = next((word for word in words if not word.startswith("-")), None)
    for command in COMMANDS:
        if command.raw and words[:1] == [command.name]:
            importlib.import_module(command.module).run(words[1:])
            return
    _run_typer_command(name, words)


def _run_typer_command(name: str | None, words: list[str]) -> None:
    import typer

    app = typer.Typer(
        help="Maillage, the open platform on which a labelled research network runs."
        " Every command takes --data DIR, the folder of the embedded database (or set MAILLAGE_DATA).",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_no_operation)
    for command in COMMANDS:
        _add_command(app, command, loaded=command.name == name)
    root = typer.main.get_command(app)
    if shell_language() == "fr":
        translate_help(root)
    root(args=words, prog_name="maillage")


# Any: what the library of commands makes, loaded only when a command runs.
def translate_help(command: Any) -> None:
    """Translate the help of a command, its options and its subcommands into the language of the shell."""
    for item in (command, *command.params):
        if getattr(item, "help", None):
            item.help = _(item.help)
    for subcommand in getattr(command, "commands", {}).values():
        translate_help(subcommand)


def _no_operation() -> None:
    """Typer needs a callback to keep a single command under its name."""


def _add_command(app: "typer.Typer", command: Command, *, loaded: bool) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Register a command; if not `loaded`, only its line of help, without an import."""
    if not loaded:
        app.command(command.name, help=command.about)(_no_operation)
        return
    module = importlib.import_module(command.module)
    data_option = _("--data DIR names the folder of the embedded database (or set MAILLAGE_DATA).")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=command.name, help=command.about, epilog=data_option)
        return
    run: Callable[..., None] = module.run
    app.command(command.name, help=command.about, epilog=data_option)(run)
