"""`maillage load FILE`: lists of the register from a YAML file; and the example that ships with the package."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.session import site
from maillage.language import gettext as _
from maillage.problems import Problem

if TYPE_CHECKING:
    from maillage.kernel.loading import Report

# In this order: each file adds to what the ones before it have brought.
EXAMPLE = ("ecosystem.yaml", "french.yaml", "supplement.yaml")

Tell = Callable[[str, int, int], None]


def load_example(tell: Tell | None = None) -> None:
    """Load the example ecosystem: its lists, their French, what ties them together, and the published sentences.

    Raises `Problem` if any row is refused, since the example ships with the package.
    """
    from django.utils import timezone

    from maillage.kernel.actors import SYSTEM
    from maillage.publishing.lists import load_lists
    from maillage.publishing.loaders import publish_sentences

    folder = Path(str(files("maillage") / "example"))
    for name in EXAMPLE:
        report = load_lists(actor=SYSTEM, at=timezone.now(), path=folder / name, progress=tell)
        if report.refusals:
            told = _("The example does not load: %(reason)s") % {"reason": report.refusals[0]}
            raise Problem(told, _("Reinstall the package."))
    publish_sentences(actor=SYSTEM, at=timezone.now(), path=folder / "sentences.yaml")


def run(
    file: Annotated[Path, typer.Argument(help="A YAML file of lists, such as the package's example.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change; write nothing.")] = False,
) -> None:
    """Load the lists of a file into the register; every row is accounted for."""
    with site():
        report = _load(file, dry_run)
        _print(report, dry_run)
        if report.refusals:
            raise typer.Exit(1)


def _load(file: Path, dry_run: bool) -> "Report":
    from django.utils import timezone

    from maillage.cli.progress import bar
    from maillage.kernel.actors import SYSTEM
    from maillage.kernel.loading import BadFile
    from maillage.publishing.lists import load_lists

    try:
        with bar() as tell:
            return load_lists(actor=SYSTEM, at=timezone.now(), path=file, dry_run=dry_run, progress=tell)
    except BadFile as error:
        raise Problem(str(error), _("Nothing was written.")) from error


def _print(report: "Report", dry_run: bool) -> None:
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
