"""`maillage rank --queries FILE --run OUT`: partners for many needs at once, in a form that anyone can score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.session import say, site
from maillage.language import cause
from maillage.language import gettext as _
from maillage.problems import Problem

if TYPE_CHECKING:
    from maillage.matching.partners.learning import Ranker
    from maillage.matching.partners.needs import StatedNeed

FOLDER = "partners"


def run(
    queries: Annotated[Path, typer.Option("--queries", help="A CSV with the columns identifier and text.")],
    out: Annotated[Path, typer.Option("--run", help="Where to write the run (qid Q0 docid rank score tag).")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Partners for each need.")] = 100,
) -> None:
    """Rank the parties of past projects for the needs of a file, in French or English.

    The first time it learns from the projects that were imported, for some minutes.
    """
    from maillage.matching.partners.needs import BadNeeds, read_needs

    try:
        needs = read_needs(queries)
    except BadNeeds as error:
        raise Problem(str(error)) from error
    with site() as data:
        _write(out, needs, _ranker(data / FOLDER), limit)


def _ranker(folder: Path) -> "Ranker":
    from maillage.cli.progress import bar
    from maillage.kernel.actors import PUBLIC
    from maillage.matching.partners.learning import ranker
    from maillage.projects.evidence import evidence_of_register

    evidence = evidence_of_register(PUBLIC)
    if not evidence.projects:
        raise Problem(_("There are no past projects to learn from."), _("Import some: maillage import cordis FOLDER"))
    with bar() as tell:
        return ranker(evidence, folder, lambda what, done, whole: tell(_(what), done, whole))


def _write(out: Path, needs: list["StatedNeed"], ranker: "Ranker", limit: int) -> None:
    from maillage.matching.partners.needs import write_run
    from maillage.matching.partners.translating import Translator
    from maillage.offers.queries import vocabulary

    translator = Translator.of(vocabulary(), ranker.reader.index.held_stems())
    texts = [translator.english(need.text) for need in needs]
    try:
        with out.open("w", encoding="utf-8") as file:
            write_run(file, needs, ranker.rank(texts, limit))
    except OSError as error:
        told = _("%(file)s cannot be written: %(reason)s.") % {"file": out, "reason": _(cause(error))}
        raise Problem(told, _("Check the path and the rights.")) from error
    say(_("%(count)d needs ranked: %(file)s") % {"count": len(needs), "file": out})
