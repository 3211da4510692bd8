"""`maillage check`: what a person should look at, for a nightly job."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.language import N_, ngettext, shell_language
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.publishing.queries import StatementFault

app = typer.Typer(no_args_is_help=True, help="What a person should look at; exits with 1 if there is anything.")


# The kinds of fault that `publishing.queries` distinguishes.
_FAULT_KINDS = {
    "unbound": N_("unbound"),
    "contradicted": N_("contradicted"),
    "ended": N_("ended"),
    "unsure": N_("unsure"),
    "old": N_("old"),
    "dated": N_("dated"),
}


@app.callback()
def check() -> None:
    """Keep `statements` a command of its own, beside those to come."""


@app.command()
def statements(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
    language: Annotated[str, typer.Option("--language", help="fr or en; that of the shell if not given.")] = "",
) -> None:
    """Statements that are contradicted, out of date, resting on old readings, or bound to what cannot be found."""
    with running_site():
        faults = statement_faults(language or shell_language())
    if as_json:
        json.dump([asdict(fault) for fault in faults], sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        _print_faults(faults)
    if faults:
        raise typer.Exit(1)


def statement_faults(language: str) -> "list[StatementFault]":
    from django.utils import timezone, translation

    from maillage.core.actors import SYSTEM
    from maillage.publishing.queries import find_faults, get_ecosystem_page, shown_ecosystems

    today = timezone.localdate()
    with translation.override(language):
        pages = [
            get_ecosystem_page(organisation, actor=SYSTEM, day=today, today=today)
            for organisation in shown_ecosystems(SYSTEM)
        ]
        return [fault for page in pages for fault in find_faults(page, today=today)]


def _print_faults(faults: "list[StatementFault]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not faults:
        console.print(_("Every published statement holds today."))
        return
    title = ngettext("%(count)d statement to look at", "%(count)d statements to look at", len(faults))
    heads = (_("no."), _("what"), _("sentence"), _("why"))
    table = Table(*heads, title=title % {"count": len(faults)}, show_lines=True)
    for fault in faults:
        table.add_row(str(fault.number), _(_FAULT_KINDS.get(fault.kind, fault.kind)), fault.text, fault.reason)
    console.print(table)
