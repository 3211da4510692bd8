"""`maillage rank [laboratories] --queries FILE --run OUT`: a ranking for many needs, which anyone can score."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import print_status, running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason

if TYPE_CHECKING:
    from maillage.matching.partners.need_files import IdentifiedNeed
    from maillage.matching.partners.ranker import PartnerRanker, RankedParties

MODEL_FOLDER = "partners"
RunFile = Annotated[Path, typer.Option("--run", help="Where to write the run (qid Q0 docid rank score tag).")]
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def partners(
    context: typer.Context,
    queries: Annotated[
        Path | None, typer.Option("--queries", help="A CSV with the columns identifier, text and, if wanted, members.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--run", help="Where to write the run (qid Q0 docid rank score tag).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Partners for each need.")] = 100,
    members: Annotated[
        list[str] | None, typer.Option("--members", help="The number of one who takes part already; may be repeated.")
    ] = None,
) -> None:
    """Rank the parties of past projects for the needs of a file, in French or English.

    Members, by their numbers in CORDIS, are those who take part already: the others are ranked to join them. The first
    time it learns from the projects that were imported, for some minutes.
    """
    if context.invoked_subcommand is not None:
        return
    if queries is None or out is None:
        raise MaillageError(
            _("Name the file of needs and that of the run."), _("maillage rank --queries needs.csv --run out.run")
        )
    needs = _read_needs(queries)
    with running_site() as data:
        _rank_partners(out, needs, _ranker(data / MODEL_FOLDER), limit, members or [])


@app.command()
def laboratories(
    queries: Annotated[
        Path,
        typer.Option("--queries", help="A CSV with the columns identifier, text and, where known, region and domain."),
    ],
    out: RunFile,
    folder: Annotated[
        Path, typer.Option("--folder", help="The folder of the data: rnsr and, where there, anr, cordis, french_needs.")
    ],
    year: Annotated[
        int | None, typer.Option("--year", help="Rank with what was known before this year, not today.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Laboratories for each need.")] = 100,
) -> None:
    """Rank the public laboratories of France for the needs of a file, in French or English.

    Region (ISO 3166-2, INSEE or its name) and domain are those of who asks. The run names laboratories by their numbers
    in the register RNSR.
    """
    from maillage.cli.laboratory_data import laboratory_evidence, laboratory_translator
    from maillage.core.french_regions import region_of
    from maillage.matching.laboratories.evidence import Asker
    from maillage.matching.laboratories.ranker import LaboratoryRanker

    needs = _read_needs(queries)
    evidence = laboratory_evidence(folder)
    translate = laboratory_translator(folder, evidence)
    ranker = LaboratoryRanker.of(evidence, year or dt.datetime.now(dt.UTC).year, translate)
    if unknown := sorted({need.region for need in needs if need.region and not region_of(need.region)}):
        print_status(_("Regions that are not known are passed over: %(regions)s.") % {"regions": ", ".join(unknown)})
    askers = (Asker(region_of(need.region), need.sector) for need in needs)
    rankings = (ranker.rank(need.text, asker, limit) for need, asker in zip(needs, askers, strict=True))
    _write_run(out, needs, rankings)


def _read_needs(queries: Path) -> list["IdentifiedNeed"]:
    from maillage.matching.partners.need_files import InvalidNeedsFileError, read_needs

    try:
        return read_needs(queries)
    except InvalidNeedsFileError as error:
        raise MaillageError(str(error)) from error


def _ranker(folder: Path) -> "PartnerRanker":
    from maillage.cli.progress_bar import progress_bar
    from maillage.core.actors import PUBLIC
    from maillage.matching.partners.ranker import load_or_learn_ranker
    from maillage.projects.partner_evidence import evidence_from_register

    evidence = evidence_from_register(PUBLIC)
    if not evidence.projects:
        raise MaillageError(
            _("There are no past projects to learn from."), _("Import some: maillage import cordis FOLDER")
        )
    with progress_bar() as progress:
        return load_or_learn_ranker(evidence, folder, lambda what, done, total: progress(_(what), done, total))


def _rank_partners(
    out: Path, needs: list["IdentifiedNeed"], ranker: "PartnerRanker", limit: int, members: list[str]
) -> None:
    from maillage.matching.partners.translation import Translator
    from maillage.offers.offer_matcher import get_vocabulary

    translator = Translator.of(get_vocabulary(), ranker.reader.index.held_stems())
    texts = [translator.english(need.text) for need in needs]
    members_by_need = [[*members, *need.members] for need in needs]
    _tell_unknown(ranker, members_by_need)
    _write_run(out, needs, ranker.rank(texts, limit, members_by_need))


def _write_run(out: Path, needs: list["IdentifiedNeed"], rankings: Iterable["RankedParties"]) -> None:
    from maillage.matching.partners.need_files import write_run

    try:
        with out.open("w", encoding="utf-8") as file:
            write_run(file, needs, rankings)
    except OSError as error:
        what = _("%(file)s cannot be written: %(reason)s.") % {"file": out, "reason": _(os_error_reason(error))}
        raise MaillageError(what, _("Check the path and the rights.")) from error
    print_status(_("%(count)d needs ranked: %(file)s") % {"count": len(needs), "file": out})


def _tell_unknown(ranker: "PartnerRanker", members_by_need: list[list[str]]) -> None:
    """Say which members have no past project and thus say nothing of who would join them."""
    known = ranker.reader.index.columns_by_key
    unknown = sorted({member for members in members_by_need for member in members} - known.keys())
    if unknown:
        message = _("Members without a past project are passed over: %(numbers)s. Give their numbers in CORDIS.")
        print_status(message % {"numbers": ", ".join(unknown)})
