"""`maillage import`: import from public registers (ROR, RNSR, CORDIS, ANR)."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import N_
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.projects.folder_load import ProjectsReport
    from maillage.register.rnsr.importer import RnsrReport
    from maillage.register.rnsr.links import WrittenLinks
    from maillage.register.ror.importer import RorReport

Report = TypeVar("Report", "RorReport", "RnsrReport")
app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
_ROWS_NAMED = 5
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
        from maillage.register.ror.importer import import_ror

        report = _import_register(import_ror, file)
        _print_register(report, _("organisations"), _ror_sentences(report))
        _tie_project_parties()
        if report.refused:
            raise typer.Exit(1)


@app.command()
def rnsr(
    file: Annotated[Path, typer.Argument(help="An export of RNSR: .csv or .csv.gz, the ministry's own or compact.")],
    day: Annotated[str, typer.Option(help="The day of the export, as 2022-02-08; else that in the file's name.")] = "",
) -> None:
    """Import laboratories from the national register of research structures (RNSR), in any order of their exports."""
    with running_site():
        from maillage.register.rnsr.importer import import_rnsr

        report = _import_register(partial(import_rnsr, day=day), file)
        _print_register(report, _("structures"), _rnsr_sentences(report))
        _tie_project_parties()
        if report.refused:
            raise typer.Exit(1)


def _import_register(run: Callable[..., Report], file: Path) -> Report:
    """Run the import of a register with a bar of progress, and say what is to be done where it is refused."""
    from django.utils import timezone

    from maillage.cli.progress_bar import progress_bar
    from maillage.core.action_registry import ActionError
    from maillage.core.actors import SYSTEM
    from maillage.core.rows.errors import InvalidFileError

    try:
        with progress_bar() as update_bar:
            return run(
                file,
                actor=SYSTEM,
                at=timezone.now(),
                progress=lambda pass_number, share: update_bar(_(_PASSES[pass_number]), round(share * 1000), 1000),
            )
    except InvalidFileError as error:
        raise MaillageError(str(error), _("The records read before are kept.")) from error
    except ActionError as error:
        raise MaillageError(str(error), _("Then run the import again: it goes on where it was.")) from error


def _ror_sentences(report: "RorReport") -> list[str]:
    ties = _("Ties: %(made)d made, %(waiting)d waiting for an organisation that is not here yet.")
    return [ties % {"made": report.ties, "waiting": report.pending}]


def _rnsr_sentences(report: "RnsrReport") -> list[str]:
    counted = (
        (_("Supervising bodies created: %(count)d."), report.bodies),
        (_("Ties made: %(count)d."), report.ties),
        (_("Ties waiting for a structure that is not here yet: %(count)d."), report.pending),
        (_("Structures ended, since this export no longer lists them: %(count)d."), report.ended),
    )
    sentences = [sentence % {"count": number} for sentence, number in counted]
    if report.partial:
        sentences.append(
            _("The export lacks so many active structures that it may be a part of the register: none was ended.")
        )
    return sentences


def _print_register(report: "RorReport | RnsrReport", records: str, sentences: list[str]) -> None:
    """The counts of an import of a register, what it did besides, and each refusal with its line."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    heads = (_("read"), _("created"), _("updated"), _("unchanged"), _("refused"))
    table = Table("", *heads, title=report.run.file)
    table.add_row(records, *map(str, (report.read, report.created, report.updated, report.unchanged, report.refused)))
    console.print(table)
    alike = _("Records that look like one already here: %(count)d new, for an officer to decide.")
    for sentence in (*sentences, alike % {"count": report.lookalikes}):
        console.print(sentence)
    if report.resumed_at:
        resumed = _("Went on after line %(line)d of an import that had been stopped.")
        console.print(resumed % {"line": report.resumed_at})
    for refusal in report.refusals.iterator():
        console.print(str(refusal), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{report.seconds:.1f} s")


@app.command(name="rnsr-links")
def rnsr_links(
    file: Annotated[Path, typer.Argument(help="Links between RNSR and ROR: .csv or .csv.gz.")],
) -> None:
    """Read links between RNSR and ROR as proposals: pairs of records for an officer to decide."""
    with running_site():
        links = _propose_links(file)
        print(_("Links read: %(count)d.") % {"count": links.read})
        print(_("Put to review: %(count)d.") % {"count": links.new})
        print(_("Known already: %(count)d.") % {"count": links.known})
        print(_("With a side that is not in the register: %(count)d.") % {"count": len(links.absent)})
        for refusal in links.refusals:
            print(refusal)
        if links.refusals:
            raise typer.Exit(1)


def _propose_links(file: Path) -> "WrittenLinks":
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.core.rows.errors import InvalidFileError
    from maillage.register.rnsr.link_import import import_links

    try:
        return import_links(file, actor=SYSTEM, at=timezone.now())
    except InvalidFileError as error:
        raise MaillageError(str(error), _("Nothing was written.")) from error


@app.command()
def cordis(
    folder: Annotated[Path, typer.Argument(help="The folder of projects, organisations and participations (.csv.gz).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change; write nothing.")] = False,
) -> None:
    """Import past projects, and the organisations that took part in them, from CORDIS (cordis.europa.eu)."""
    _import_projects("cordis", folder, dry_run)


@app.command()
def anr(
    folder: Annotated[Path, typer.Argument(help="The folder of anr_projects, anr_partners and anr_pia_* (.csv.gz).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change; write nothing.")] = False,
) -> None:
    """Import past projects, and the organisations that took part in them, from the ANR (anr.fr)."""
    _import_projects("anr", folder, dry_run)


@app.command("project-parties")
def project_parties() -> None:
    """Look again for the organisations of parties of projects, after others came into the register."""
    with running_site():
        _tie_project_parties()


def _tie_project_parties() -> None:
    """So that projects may be imported before the organisations that took part in them, or after."""
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.projects.actions.project_folders import match_project_parties

    tied = match_project_parties(actor=SYSTEM, at=timezone.now())
    typer.echo(_("Parties recognised as organisations of the register: %(count)d.") % {"count": tied})


def _import_projects(funder: str, folder: Path, dry_run: bool) -> None:
    """Import a folder of a funder, refresh the index of projects and print the report."""
    with running_site():
        began = time.perf_counter()
        report = _load_projects(funder, folder, dry_run)
        if not dry_run:
            from maillage.projects.project_index import get_project_index

            get_project_index().refresh()
        _print_projects(report, dry_run, time.perf_counter() - began)
        if report.refusals:
            raise typer.Exit(1)


def _load_projects(funder: str, folder: Path, dry_run: bool) -> "ProjectsReport":
    from django.utils import timezone

    from maillage.cli.progress_bar import progress_bar
    from maillage.core.actors import SYSTEM
    from maillage.core.rows.errors import InvalidFileError
    from maillage.projects.actions.project_folders import load_projects
    from maillage.projects.models import Funder

    try:
        with progress_bar() as update_bar:
            return load_projects(
                actor=SYSTEM,
                at=timezone.now(),
                funder=Funder(funder),
                folder=folder,
                dry_run=dry_run,
                progress=lambda done, total: update_bar(_("projects"), done, total),
            )
    except InvalidFileError as error:
        raise MaillageError(str(error), _("Nothing was written.")) from error


def _print_projects(report: "ProjectsReport", dry_run: bool, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    heads = (_("list"), _("read"), _("created"), _("updated"), _("unchanged"), _("refused"))
    table = Table(*heads, title=report.folder)
    for name, count in report.counts.items():
        numbers = (count.read, count.created, count.updated, count.unchanged, count.refused)
        table.add_row(name, *map(str, numbers))
    console = Console()
    console.print(table)
    tied = _("Parties recognised as organisations of the register: %(count)d; not found there: %(others)d.")
    console.print(tied % {"count": report.tied, "others": report.untied})
    for line in (*report.remarks, *_row_remarks(report), *map(str, report.refusals)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        console.print(_("Dry run: nothing was written."))
    console.print(f"{seconds:.1f} s")


def _row_remarks(report: "ProjectsReport") -> list[str]:
    """Remarks on rows, those of one file and reason in one line with the numbers of its first rows."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for remark in report.row_remarks:
        rows.setdefault((remark.file, remark.column, remark.reason), []).append(remark.row)
    return [f"{': '.join(said)} ({_first_rows(numbers)})" for said, numbers in rows.items()]


def _first_rows(numbers: list[int]) -> str:
    """`3, 17, 20` or, of many, the first with how many there are."""
    first = ", ".join(map(str, numbers[:_ROWS_NAMED]))
    if len(numbers) <= _ROWS_NAMED:
        return first
    return _("%(first)s … %(count)d rows") % {"first": first, "count": len(numbers)}
