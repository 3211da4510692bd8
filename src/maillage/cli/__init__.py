"""The `maillage` command. Each command lives in its own module, imported only when it is the one asked for."""

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

    A `raw` command's `run` receives its words untouched, to hand them to another program.
    """

    name: str
    module: str
    about: str
    raw: bool = False


COMMANDS = [
    Command("up", "maillage.cli.up", "Set everything up and serve the site on this machine."),
    Command("load", "maillage.cli.load", "Load the lists of a file into the register (--dry-run writes nothing)."),
    Command("export", "maillage.cli.export", "Write the lists of the register to a file that loads back."),
    Command("answer", "maillage.cli.answer", "Find which offers answer a need."),
    Command("rank", "maillage.cli.rank", "Rank partners for the needs of a file."),
    Command("evaluate", "maillage.cli.evaluate", "How well partners are found: partners."),
    Command("vocabulary", "maillage.cli.vocabulary", "Larger vocabularies: load."),
    Command("check", "maillage.cli.check", "What a person should look at: statements."),
    Command("import", "maillage.cli.import_", "Bring in other registers: ror, cordis."),
    Command("schema", "maillage.cli.schema", "The JSON Schema of documents: call, charter, process, lists."),
    Command("actions", "maillage.cli.action_table", "Who may do what, as a table."),
    Command("hooks", "maillage.cli.hook_table", "What follows what, as a page."),
    Command("db", "maillage.cli.db", "The database: start, stop, url, psql."),
    Command("manage", "maillage.cli.manage", "Django's own commands, with the database running.", raw=True),
]


def main() -> None:
    """Run the command of the command line; a known problem is told in words, without a stack trace."""
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
        # The reader (head, less) has left: nothing more can be told, not even by the interpreter at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def prepare_output() -> None:
    """See that the French is compiled; and let what the terminal cannot show be replaced, not stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if shell_language() == "fr":
        from maillage.web.translations import compile_stale

        # Who may not write where Maillage is installed is answered in English until somebody who may has started it.
        with suppress(MaillageError):
            compile_stale(LOCALE)


def extract_data_folder(words: list[str]) -> list[str]:
    """`--data DIR` may stand anywhere, for every command: it becomes MAILLAGE_DATA, which child processes see too."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*kept, word, *rest]
        if word == "--data":
            _set_data_folder(next(rest, ""))
        elif word.startswith("--data="):
            _set_data_folder(word.removeprefix("--data="))
        else:
            kept.append(word)
    return kept


def _set_data_folder(folder: str) -> None:
    if not folder or folder.startswith("-"):
        raise MaillageError(_("--data needs a folder."), _("For example: maillage up --data ~/maillage"))
    os.environ["MAILLAGE_DATA"] = os.path.abspath(os.path.expanduser(folder))


def _run_command(words: list[str]) -> None:
    wanted = next((word for word in words if not word.startswith("-")), None)
    for command in COMMANDS:
        if command.raw and words[:1] == [command.name]:
            importlib.import_module(command.module).run(words[1:])
            return
    _run_typer_command(wanted, words)


def _run_typer_command(wanted: str | None, words: list[str]) -> None:
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
        _add_command(app, command, loaded=command.name == wanted)
    root = typer.main.get_command(app)
    if shell_language() == "fr":
        translate_help(root)
    root(args=words, prog_name="maillage")


def translate_help(command: Any) -> None:
    """Put the help of a command, of its options and of those below it in the language of the shell."""
    for shown in (command, *command.params):
        if getattr(shown, "help", None):
            shown.help = _(shown.help)
    for below in getattr(command, "commands", {}).values():
        translate_help(below)


def _no_operation() -> None:
    """Typer needs a callback to keep a single command under its name."""


def _add_command(app: "typer.Typer", command: Command, *, loaded: bool) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Register the command asked for; of the others only their line of help, which costs no import."""
    if not loaded:
        app.command(command.name, help=command.about)(_no_operation)
        return
    module = importlib.import_module(command.module)
    if hasattr(module, "app"):
        app.add_typer(module.app, name=command.name, help=command.about)
        return
    run: Callable[..., None] = module.run
    app.command(command.name, help=command.about)(run)
