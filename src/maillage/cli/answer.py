"""`maillage answer "…"`: the first answer to a need, in the terminal."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason
from maillage.language import shell_language as spoken

if TYPE_CHECKING:
    from rich.console import Console

    from maillage.partnerships.offer_matching import OfferMatch, OfferMatches


# Needs are texts; a larger file was not meant.
MAX_FILE_BYTES = 64 * 1024 * 1024


def run(
    need: Annotated[str, typer.Argument(help="The need, in French or English; a file that holds it; or - to read it.")],
    on: Annotated[dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to answer for.")] = None,
    language: Annotated[str, typer.Option("--language", help="fr or en; that of the shell if not given.")] = "",
) -> None:
    """Find which offers answer a need, why, and what of it nobody covers."""
    text = _need_text(need)
    with running_site():
        from django.utils import timezone, translation

        from maillage.core.actors import PUBLIC
        from maillage.partnerships.offer_matching import match_offers

        with translation.override(language or spoken()):
            page = match_offers(text, actor=PUBLIC, on=on.date() if on else timezone.localdate())
            _print_answer(page)


def _need_text(need: str) -> str:
    if need == "-":
        return sys.stdin.read()
    path = Path(need)
    try:
        if len(need) > 255 or not path.is_file():
            return need
        if path.stat().st_size > MAX_FILE_BYTES:
            told = _("%(file)s is larger than %(limit)d MB.") % {"file": need, "limit": MAX_FILE_BYTES // 1024 // 1024}
            raise MaillageError(told, _("Give the text of the need alone."))
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        told = _("%(file)s cannot be read: %(reason)s.") % {"file": need, "reason": _(os_error_reason(error))}
        raise MaillageError(told, _("Check the path and the rights.")) from error


def _print_answer(page: "OfferMatches") -> None:
    from rich.console import Console

    from maillage.partnerships.offer_matching import reader_language

    console = Console(highlight=False)
    for notice in page.answer.notices:
        console.print(notice.sentence(reader_language()), markup=False)
    if page.answer.nothing_fits:
        console.print(page.answer.nothing_fits.sentence(reader_language()), markup=False)
    for number, proposed in enumerate(page.proposed, 1):
        _print_proposal(console, page, number, proposed)
    for missing in page.answer.uncovered:
        console.print(f"— {page.name(missing.concept)}", markup=False)


def _print_proposal(console: "Console", page: "OfferMatches", number: int, proposed: "OfferMatch") -> None:
    why = proposed.proposal.why
    met = ", ".join(dict.fromkeys(page.name(concept.asked) for concept in why.concepts))
    words = ", ".join(word.in_need for word in why.words)
    console.print(f"{number}. {proposed.offer.title}  [{proposed.offer.provider.short_name}]", markup=False)
    console.print("   " + " · ".join(part for part in (met, words) if part), markup=False)
    if proposed.free_from:
        told = _("Full at the moment: it can take work from %s.") % proposed.free_from.isoformat()
        console.print(f"   {told}", markup=False)
    for held in proposed.labels:
        console.print(f"   {held.name} ({held.certainty.value})", markup=False)
