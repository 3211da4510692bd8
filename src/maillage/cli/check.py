"""`maillage check`: what a person should look at, for a nightly job."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.session import site

if TYPE_CHECKING:
    from maillage.publishing.queries import Fault

app = typer.Typer(no_args_is_help=True, help="What a person should look at; exits with 1 if there is anything.")


@app.callback()
def check() -> None:
    """Keep `statements` a command of its own, beside those to come."""


@app.command()
def statements(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
    language: Annotated[str, typer.Option(help="The language in which sentences are printed: fr or en.")] = "en",
) -> None:
    """Statements that are contradicted, out of date, resting on old readings, or bound to what cannot be found."""
    with site():
        found = _faults(language)
    if as_json:
        json.dump([asdict(fault) for fault in found], sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        _print(found)
    if found:
        raise typer.Exit(1)


def _faults(language: str) -> "list[Fault]":
    from django.utils import timezone, translation

    from maillage.kernel.actors import SYSTEM
    from maillage.publishing.queries import ecosystem, faults

    today = timezone.localdate()
    with translation.override(language):
        return list(faults(ecosystem(actor=SYSTEM, day=today, today=today), today=today))


def _print(found: "list[Fault]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not found:
        console.print("Every published statement holds today.")
        return
    table = Table("no.", "what", "sentence", "why", title=f"{len(found)} statements to look at", show_lines=True)
    for fault in found:
        table.add_row(str(fault.number), fault.kind, fault.text, fault.reason)
    console.print(table)
