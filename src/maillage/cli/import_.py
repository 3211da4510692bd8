"""`maillage import`: import from public registers (ROR, CORDIS)."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import N_
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.projects.cordis.folder_load import CordisReport
    from maillage.register.ror.importer import RorReport

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
_PASSES = {1: N_("organisations"), 2: N_("relations")}


@app.callback()
def _group() -> None:
    """Typer needs a callback to keep a single command under its name."""


@app.command()
def ror(
    file: Annotated[Path, typer.Argument(help="ROR records: .jsonl, .jsonl.gz, or the .json or .zip of a release.")],
) -> None:
    """Import organisations from the Research Organization Registry (ror.org); a killed import goes on where it was."""
    with running_site():
        report = _import_ror(file)
        _print_ror(report)
        if report.refused:
            raise typer.Exit(1)


def _import_ror(file: Path) -> "RorReport":
    from django.utils import timezone

    from maillage.cli.progress_bar import progress_bar
    from maillage.core.action_registry import ActionError
    from maillage.core.actors import SYSTEM
    from maillage.core.list_rows import InvalidFileError
    from maillage.register.ror.importer import import_ror

    try:
        with progress_bar() as update_bar:
            return import_ror(
                file,
                actor=SYSTEM,
                at=timezone.now(),
                progress=lambda pass_number, share: update_bar(_(_PASSES[pass_number]), round(share * 1000), 1000),
            )
    except InvalidFileError as error:
        raise MaillageError(str(error), _("The records read before are kept.")) from error
    except ActionError as error:
        raise MaillageError(str(error), _("Then run the import again: it goes on where it was.")) from error


def _print_ror(report: "RorReport") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    heads = (_("read"), _("created"), _("updated"), _("unchanged"), _("refused"))
    table = Table("", *heads, title=report.run.file)
    numbers = (report.read, report.created, report.updated, report.unchanged, report.refused)
    table.add_row(_("organisations"), *map(str, numbers))
    console.print(table)
    ties = _("Ties: %(made)d made, %(waiting)d waiting for an organisation that is not here yet.")
    console.print(ties % {"made": report.ties, "waiting": report.pending})
    alike = _("Records that look like one already here: %(count)d new, for an officer to decide.")
    console.print(alike % {"count": report.lookalikes})
    if report.resumed_at:
        resumed = _("Went on after line %(line)d of an import that had been stopped.")
        console.print(resumed % {"line": report.resumed_at})
    for refusal in report.refusals.iterator():
        console.print(str(refusal), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{report.seconds:.1f} s")


@app.command()
def cordis(
    folder: Annotated[Path, typer.Argument(help="The folder of projects, organisations and participations (.csv.gz).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change; write nothing.")] = False,
) -> None:
    """Import past projects, and the organisations that took part in them, from CORDIS (cordis.europa.eu)."""
    with running_site():
        began = time.perf_counter()
        report = _load_projects(folder, dry_run)
        if not dry_run:
            from maillage.projects.project_index import get_project_index

            get_project_index().refresh()
        _print_projects(report, dry_run, time.perf_counter() - began)
        if report.refusals:
            raise typer.Exit(1)


def _load_projects(folder: Path, dry_run: bool) -> "CordisReport":
    from django.utils import timezone

    from maillage.cli.progress_bar import progress_bar
    from maillage.core.actors import SYSTEM
    from maillage.core.list_rows import InvalidFileError
    from maillage.projects.actions.cordis_projects import load_cordis

    try:
        with progress_bar() as update_bar:
            return load_cordis(
                actor=SYSTEM,
                at=timezone.now(),
                folder=folder,
                dry_run=dry_run,
                progress=lambda done, total: update_bar(_("projects"), done, total),
            )
    except InvalidFileError as error:
        raise MaillageError(str(error), _("Nothing was written.")) from error


def _print_projects(report: "CordisReport", dry_run: bool, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    heads = (_("list"), _("read"), _("created"), _("updated"), _("unchanged"), _("refused"))
    table = Table(*heads, title=report.folder)
    for name, count in report.counts.items():
        numbers = (count.read, count.created, count.updated, count.unchanged, count.refused)
        table.add_row(name, *map(str, numbers))
    console = Console()
    console.print(table)
    tied = _("Parties recognised as organisations of the register: %(count)d.")
    console.print(tied % {"count": report.tied})
    for refusal in report.refusals:
        console.print(str(refusal), markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        console.print(_("Dry run: nothing was written."))
    console.print(f"{seconds:.1f} s")
