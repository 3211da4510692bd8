"""`maillage answer "…"`: the first answer to a need, in the terminal."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.cli.site_session import running_site
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason, shell_language

if TYPE_CHECKING:
    from rich.console import Console

    from maillage.partnerships.offer_matching import OfferMatch, OfferMatches


# A need is a text; a larger file is a mistake.
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

        with translation.override(language or shell_language()):
            matches = match_offers(text, actor=PUBLIC, on=on.date() if on else timezone.localdate())
            _print_answer(matches)


def _need_text(need: str) -> str:
    if need == "-":
        return sys.stdin.read()
    path = Path(need)
    try:
        if len(need) > 255 or not path.is_file():
            return need
        if path.stat().st_size > MAX_FILE_BYTES:
            what = _("%(file)s is larger than %(limit)d MB.") % {"file": need, "limit": MAX_FILE_BYTES // 1024 // 1024}
            raise MaillageError(what, _("Give the text of the need alone."))
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        what = _("%(file)s cannot be read: %(reason)s.") % {"file": need, "reason": _(os_error_reason(error))}
        raise MaillageError(what, _("Check the path and the rights.")) from error


def _print_answer(matches: "OfferMatches") -> None:
    from rich.console import Console

    from maillage.partnerships.offer_matching import reader_language

    console = Console(highlight=False)
    for notice in matches.answer.notices:
        console.print(notice.sentence(reader_language()), markup=False)
    if matches.answer.nothing_fits:
        console.print(matches.answer.nothing_fits.sentence(reader_language()), markup=False)
    for number, match in enumerate(matches.proposed, 1):
        _print_proposal(console, matches, number, match)
    for other in matches.organisations:
        met = ", ".join(matches.name(concept.asked) for concept in other.concepts)
        console.print(f"+ {other.organisation}  ({met})", markup=False)
    for requirement in matches.answer.uncovered:
        console.print(f"— {matches.name(requirement.concept)}", markup=False)


def _print_proposal(console: "Console", matches: "OfferMatches", number: int, match: "OfferMatch") -> None:
    why = match.proposal.why
    concepts = ", ".join(dict.fromkeys(matches.name(concept.asked) for concept in why.concepts))
    words = ", ".join(word.in_need for word in why.words)
    console.print(f"{number}. {match.offer.title}  [{match.offer.provider.short_name}]", markup=False)
    console.print("   " + " · ".join(part for part in (concepts, words) if part), markup=False)
    if match.free_from:
        text = _("Full at the moment: it can take work from %s.") % match.free_from.isoformat()
        console.print(f"   {text}", markup=False)
    for label in match.labels:
        console.print(f"   {label.name} ({label.certainty.value})", markup=False)
