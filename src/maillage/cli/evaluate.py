"""`maillage evaluate partners|laboratories`: how well they are found, on projects or needs of later years."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site, set_up_django
from maillage.errors import MaillageError
from maillage.language import gettext as _

if TYPE_CHECKING:
    from maillage.matching.laboratories.evaluation import EvaluationRow as LaboratoryRow
    from maillage.matching.laboratories.evidence import LaboratoryEvidence
    from maillage.matching.laboratories.index import Translate
    from maillage.matching.laboratories.weights import Weights
    from maillage.matching.partners.evaluation import EvaluationRow
    from maillage.matching.partners.evidence import PartnerEvidence
    from maillage.matching.partners.metrics import Estimate

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def partners(
    until: Annotated[dt.datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day to learn from.")],
    folder: Annotated[Path | None, typer.Option("--folder", help="CORDIS as it lies, instead of the register.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Measure with the names of partners in the texts too.")
    ] = False,
    kept: Annotated[
        Path | None, typer.Option("--kept", help="Keep what is learned in this folder, and use it.")
    ] = None,
) -> None:
    """Learn to rank partners from the projects signed up to a day; measure it on those signed after it."""
    from maillage.cli.progress_bar import progress_bar
    from maillage.matching.partners.evaluation import evaluate_rankings

    evidence = _evidence(folder)
    try:
        with progress_bar() as progress:
            rows = list(
                evaluate_rankings(
                    evidence,
                    until.date(),
                    lambda what, done, total: progress(_(what), done, total),
                    plain=plain,
                    kept=kept,
                )
            )
    except ValueError as error:
        problem = _("There are no projects signed up to %(day)s, or none after it by parties known before.")
        raise MaillageError(problem % {"day": until.date()}, _("Import more, or choose another day.")) from error
    _print_evaluation(rows)


@app.command()
def laboratories(
    folder: Annotated[
        Path, typer.Option("--folder", help="The folder of the data: rnsr, french_needs and, where there, anr, cordis.")
    ],
    first: Annotated[int, typer.Option("--from", help="The first year of the needs to measure on.")] = 2015,
    last: Annotated[int, typer.Option("--until", help="The last year of the needs to measure on.")] = 2018,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn the weights from the needs before, and print them.")
    ] = False,
    masked: Annotated[
        bool, typer.Option("--masked", help="Without names of laboratories, supervising bodies and towns in the needs.")
    ] = False,
    past_needs: Annotated[
        bool,
        typer.Option("--past-needs/--no-past-needs", help="Whether the ranking knows earlier needs; pages know none."),
    ] = True,
) -> None:
    """Measure the ranking of laboratories on past needs, each with what was known before its year."""
    from maillage.cli.laboratory_data import laboratory_evidence, laboratory_translator
    from maillage.cli.progress_bar import progress_bar
    from maillage.matching.laboratories.evaluation import evaluate_laboratories, without_names

    evidence = laboratory_evidence(folder)
    translate = laboratory_translator(folder, evidence)
    years = range(first, last + 1)
    if masked:
        needs = (without_names(evidence, need) if need.year in years else need for need in evidence.needs)
        evidence = replace(evidence, needs=tuple(needs))
    try:
        weights = _learned_weights(evidence, first - 1, translate, past_needs=past_needs) if learn else None
        with progress_bar() as progress:
            tell = partial(progress, _("measuring"))
            rows = list(evaluate_laboratories(evidence, years, translate, weights, tell, past_needs=past_needs))
    except ValueError as error:
        problem = _("%(folder)s has no needs of these years, or none before them.") % {"folder": folder}
        raise MaillageError(problem, _("Choose other years, or add french_needs.")) from error
    _print_laboratories(rows)


def _learned_weights(
    evidence: "LaboratoryEvidence", until: int, translate: "Translate", *, past_needs: bool
) -> "Weights":
    from maillage.cli.progress_bar import progress_bar
    from maillage.matching.laboratories.learning import learn_weights

    with progress_bar() as progress:
        weights = learn_weights(evidence, until, translate, partial(progress, _("learning")), past_needs=past_needs)
    for name, weight in weights.items():
        typer.echo(f"{weight:+.1f} {name}")
    return weights


def _print_laboratories(rows: list["LaboratoryRow"]) -> None:
    from maillage.matching.laboratories.evaluation import METRIC_NAMES

    table: list[tuple[str, ...]] = []
    for row in rows:
        estimates = (_interval(estimate, ".3f") for estimate in row.estimates)
        table.append((_(row.candidates), _(row.ranking), _(row.year), str(row.needs), *estimates))
    _print_table((_("candidates"), _("ranking"), _("year"), _("needs"), *METRIC_NAMES), table)


def _evidence(folder: Path | None) -> "PartnerEvidence":
    if folder is None:
        with running_site():
            from maillage.core.actors import PUBLIC
            from maillage.projects.partner_evidence import evidence_from_register

            return evidence_from_register(PUBLIC)
    set_up_django()
    from maillage.core.rows.errors import InvalidFileError
    from maillage.projects.partner_evidence import evidence_from_folder

    try:
        return evidence_from_folder(folder)
    except InvalidFileError as error:
        raise MaillageError(str(error)) from error


def _print_evaluation(rows: list["EvaluationRow"]) -> None:
    from maillage.matching.partners.metrics import METRIC_NAMES

    heads = (
        _("need"),
        _("names"),
        _("for"),
        _("ranking"),
        _("needs"),
        *METRIC_NAMES,
        _("gain in nDCG@10 over the strongest baseline"),
        _("gain in recall@100"),
    )
    table: list[tuple[str, ...]] = []
    for row in rows:
        names = _("masked") if row.masked else _("plain")
        gains = [_interval(gain, "+.3f") for gain in row.gains] or ["", ""]
        estimates = (_interval(estimate, ".3f") for estimate in row.estimates)
        table.append((_(row.form), names, _(row.group), _(row.system), str(row.needs), *estimates, *gains))
    _print_table(heads, table)


def _print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table, which a terminal shows as well as a page."""
    typer.echo(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for cells in rows:
        typer.echo(f"| {' | '.join(cells)} |")


def _interval(estimate: "Estimate", form: str) -> str:
    return f"{estimate.mean:{form}} ({estimate.low:{form}}–{estimate.high:{form}})"
