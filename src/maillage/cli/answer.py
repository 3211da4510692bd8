"""`maillage answer "…"`: the first answer to a need, in the terminal."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.session import site
from maillage.language import cause
from maillage.language import gettext as _
from maillage.language import language as spoken
from maillage.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console

    from maillage.publishing.answering import AnswerPage, Proposed

# Needs are texts; a larger file was not meant.
LARGEST = 64 * 1024 * 1024


def run(
    need: Annotated[str, typer.Argument(help="The need, in French or English; a file that holds it; or - to read it.")],
    on: Annotated[dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to answer for.")] = None,
    language: Annotated[str, typer.Option("--language", help="fr or en; that of the shell if not given.")] = "",
) -> None:
    """Find which offers answer a need, why, and what of it nobody covers."""
    text = _text(need)
    with site():
        from django.utils import timezone, translation

        from maillage.kernel.actors import PUBLIC
        from maillage.publishing.answering import answer_need

        with translation.override(language or spoken()):
            page = answer_need(text, actor=PUBLIC, on=on.date() if on else timezone.localdate())
            _print(page)


def _text(need: str) -> str:
    if need == "-":
        return sys.stdin.read()
    path = Path(need)
    try:
        if len(need) > 255 or not path.is_file():
            return need
        if path.stat().st_size > LARGEST:
            told = _("%(file)s is larger than %(limit)d MB.") % {"file": need, "limit": LARGEST // 1024 // 1024}
            raise Problem(told, _("Give the text of the need alone."))
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        told = _("%(file)s cannot be read: %(reason)s.") % {"file": need, "reason": _(cause(error))}
        raise Problem(told, _("Check the path and the rights.")) from error


def _print(page: "AnswerPage") -> None:
    from rich.console import Console

    from maillage.publishing.answering import reader_language

    console = Console(highlight=False)
    for notice in page.answer.notices:
        console.print(notice.sentence(reader_language()), markup=False)
    if page.answer.nothing_fits:
        console.print(page.answer.nothing_fits.sentence(reader_language()), markup=False)
    for number, proposed in enumerate(page.proposed, 1):
        _print_proposal(console, page, number, proposed)
    for missing in page.answer.uncovered:
        console.print(f"— {page.name(missing.concept)}", markup=False)


def _print_proposal(console: "Console", page: "AnswerPage", number: int, proposed: "Proposed") -> None:
    why = proposed.proposal.why
    met = ", ".join(dict.fromkeys(page.name(concept.asked) for concept in why.concepts))
    words = ", ".join(word.in_need for word in why.words)
    console.print(f"{number}. {proposed.offer.title}  [{proposed.offer.provider.short_name}]", markup=False)
    console.print("   " + " · ".join(part for part in (met, words) if part), markup=False)
    for held in proposed.labels:
        console.print(f"   {held.name} ({held.certainty.value})", markup=False)
