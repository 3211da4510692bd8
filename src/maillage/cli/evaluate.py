"""`maillage evaluate partners --until DAY`: how well partners are found, on projects signed after a day."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site, set_up_django
from maillage.errors import MaillageError
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.matching.partners.evaluation import EvaluationRow
    from maillage.matching.partners.evidence import PartnerEvidence
    from maillage.matching.partners.metrics import Estimate

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Typer needs a callback to keep a single command under its name."""


@app.command()
def partners(
    until: Annotated[dt.datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day to learn from.")],
    folder: Annotated[Path | None, typer.Option("--folder", help="CORDIS as it lies, instead of the register.")] = None,
) -> None:
    """Learn to rank partners from the projects signed up to a day; measure it on those signed after it."""
    from maillage.cli.progress_bar import progress_bar
    from maillage.matching.partners.evaluation import evaluate_rankings

    evidence = _evidence(folder)
    try:
        with progress_bar() as progress:
            day = until.date()
            rows = list(evaluate_rankings(evidence, day, lambda what, done, total: progress(_(what), done, total)))
    except ValueError as error:
        problem = _("There are no projects signed up to %(day)s, or none after it by parties known before.")
        raise MaillageError(problem % {"day": until.date()}, _("Import more, or choose another day.")) from error
    _print_evaluation(rows)


def _evidence(folder: Path | None) -> "PartnerEvidence":
    if folder is None:
        with running_site():
            from maillage.core.actors import PUBLIC
            from maillage.projects.partner_evidence import evidence_from_register

            return evidence_from_register(PUBLIC)
    set_up_django()
    from maillage.core.list_rows import InvalidFileError
    from maillage.projects.partner_evidence import evidence_from_folder

    try:
        return evidence_from_folder(folder)
    except InvalidFileError as error:
        raise MaillageError(str(error)) from error


def _print_evaluation(rows: list["EvaluationRow"]) -> None:
    """A Markdown table, which a terminal shows as well as a page."""
    from maillage.matching.partners.metrics import METRIC_NAMES

    heads = (
        _("need"),
        _("names"),
        _("for"),
        _("ranking"),
        _("needs"),
        *METRIC_NAMES,
        _("gain in nDCG@10 over the vote"),
    )
    typer.echo(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for row in rows:
        names = _("masked") if row.masked else _("plain")
        gain = _interval(row.gain, "+.3f") if row.gain else ""
        estimates = (_interval(estimate, ".3f") for estimate in row.estimates)
        cells = (_(row.form), names, _(row.group), _(row.system), str(row.needs), *estimates, gain)
        typer.echo(f"| {' | '.join(cells)} |")


def _interval(estimate: "Estimate", form: str) -> str:
    return f"{estimate.mean:{form}} ({estimate.low:{form}}–{estimate.high:{form}})"
