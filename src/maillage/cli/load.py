"""`maillage load FILE`: lists of the register from a YAML file; and the example that ships with the package."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.core.list_loader import LoadReport


def run(
    file: Annotated[Path, typer.Argument(help="A YAML file of lists, such as the package's example.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change; write nothing.")] = False,
) -> None:
    """Load the lists of a file into the register; every row is accounted for."""
    with running_site():
        report = _load_lists(file, dry_run)
        _print_report(report, dry_run)
        if report.refusals:
            raise typer.Exit(1)


def _load_lists(file: Path, dry_run: bool) -> "LoadReport":
    from django.utils import timezone

    from maillage.cli.progress_bar import progress_bar
    from maillage.core.actors import SYSTEM
    from maillage.core.list_rows import InvalidFileError
    from maillage.publishing.actions.lists import load_lists

    try:
        with progress_bar() as progress:
            return load_lists(actor=SYSTEM, at=timezone.now(), path=file, dry_run=dry_run, progress=progress)
    except InvalidFileError as error:
        raise MaillageError(str(error), _("Nothing was written.")) from error


def _print_report(report: "LoadReport", dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    heads = (_("list"), _("read"), _("created"), _("updated"), _("unchanged"), _("refused"))
    table = Table(*heads, title=report.file)
    for name, count in report.counts.items():
        numbers = (count.read, count.created, count.updated, count.unchanged, count.refused)
        table.add_row(name, *map(str, numbers))
    console = Console()
    console.print(table)
    for refusal in report.refusals:
        console.print(str(refusal), markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        console.print(_("Dry run: nothing was written."))
