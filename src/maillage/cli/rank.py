"""`maillage rank --queries FILE --run OUT`: partners for many needs at once, in a form that anyone can score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import print_status, running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason

if TYPE_CHECKING:
    from maillage.matching.partners.need_files import IdentifiedNeed
    from maillage.matching.partners.ranker import PartnerRanker

MODEL_FOLDER = "partners"


def run(
    queries: Annotated[Path, typer.Option("--queries", help="A CSV with the columns identifier and text.")],
    out: Annotated[Path, typer.Option("--run", help="Where to write the run (qid Q0 docid rank score tag).")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Partners for each need.")] = 100,
) -> None:
    """Rank the parties of past projects for the needs of a file, in French or English.

    The first time it learns from the projects that were imported, for some minutes.
    """
    from maillage.matching.partners.need_files import InvalidNeedsFileError, read_needs

    try:
        needs = read_needs(queries)
    except InvalidNeedsFileError as error:
        raise MaillageError(str(error)) from error
    with running_site() as data:
        _write_run(out, needs, _ranker(data / MODEL_FOLDER), limit)


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


def _write_run(out: Path, needs: list["IdentifiedNeed"], ranker: "PartnerRanker", limit: int) -> None:
    from maillage.matching.partners.need_files import write_run
    from maillage.matching.partners.translation import Translator
    from maillage.offers.offer_matcher import get_vocabulary

    translator = Translator.of(get_vocabulary(), ranker.reader.index.held_stems())
    texts = [translator.english(need.text) for need in needs]
    try:
        with out.open("w", encoding="utf-8") as file:
            write_run(file, needs, ranker.rank(texts, limit))
    except OSError as error:
        what = _("%(file)s cannot be written: %(reason)s.") % {"file": out, "reason": _(os_error_reason(error))}
        raise MaillageError(what, _("Check the path and the rights.")) from error
    print_status(_("%(count)d needs ranked: %(file)s") % {"count": len(needs), "file": out})
