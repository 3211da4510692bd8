"""Answers as letters in PDF, in the language of the requester."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.pdf import render_pdf
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.models import Answer, Requester


def answer_letter_pdf(answer: Answer, language: str = "") -> bytes:
    """The PDF of an answer in `language`, else in the requester's."""
    requester = Requester.objects.filter(need=answer.need_id).first()
    with translation.override(language or (requester.language if requester else "fr")):
        return render_pdf("maillage.core", "letter.typ", _content(answer, requester))


def _content(answer: Answer, requester: Requester | None) -> dict[str, object]:
    """The values for the letter's template, which treats no text as markup."""
    day = timezone.localdate(answer.sent_at or answer.written_at)
    return {
        "language": formats.language(),
        "from": str(answer.organisation),
        "place": answer.organisation.city,
        "day": formats.day(day),
        "to": [line for line in ((requester.organisation, requester.contact) if requester else ()) if line],
        "subject": answer.need.title,
        "reference": _("Our reference: %s") % answer.need.key,
        "paragraphs": [part.strip() for part in answer.letter.split("\n\n") if part.strip()],
        "table_title": _("The team we propose"),
        "table_heads": [_("Offer"), _("Provider"), _("What it brings")],
        "table": _team_rows(answer),
        "footer": _("Sent by %(organisation)s with Maillage, the open register of the network.")
        % {"organisation": answer.organisation},
    }


def _team_rows(answer: Answer) -> list[list[str]]:
    names, language = get_vocabulary(), Language(formats.language())
    rows = answer.team.select_related("offer__provider").order_by("pk")
    return [
        [str(row.offer), row.offer.provider.short_name, ", ".join(_capability_names(row.brings, names, language))]
        for row in rows
    ]


def _capability_names(concepts: list[str], names: Any, language: Language) -> list[str]:
    return [names.concept(key).label(language) for key in concepts if key in names.concepts or key in names.aliases]
