"""Answers as letters in PDF, in the language of the requester."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import Arguments
from maillage.core.pdf import render_pdf
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.models import Answer, AnswerLine, Coverage, Requester
from maillage.register.noun_phrases import say
from maillage.site.models import Logo


def answer_letter_pdf(answer: Answer, language: str = "") -> bytes:
    """The PDF of an answer in `language`, else in the requester's."""
    requester = Requester.objects.filter(need=answer.need_id).first()
    with translation.override(language or (requester.language if requester else "fr")):
        return render_pdf("maillage.core", "letter.typ", _content(answer, requester))


def _content(answer: Answer, requester: Requester | None) -> dict[str, object]:
    """The values for the letter's template, which treats no text as markup."""
    day = timezone.localdate(answer.sent_at or answer.written_at)
    names = CapabilityNames()
    return {
        "language": formats.language(),
        "logo": _logo(),
        "from": str(answer.organisation),
        "place_and_day": formats.place_and_day(answer.organisation.city, day),
        "to": [line for line in ((requester.organisation, requester.contact) if requester else ()) if line],
        "subject": answer.need.title,
        "reference": _("Our reference: %s") % answer.need.key,
        "paragraphs": [part.strip() for part in answer.letter.split("\n\n") if part.strip()],
        "tables": [table for table in (_coverage_table(answer, names), _team_table(answer, names)) if table["rows"]],
        "signature": [line for line in (answer.signer_name, answer.signer_function, str(answer.organisation)) if line]
        + [line for line in (answer.signer_contact,) if line],
        "footer": say(
            _("Sent by %(organisation)s with Maillage, the open register of the network."), answer.organisation
        ),
    }


def _logo() -> list[int]:
    """The bytes of the logo of the site, if it has one that a letter can show."""
    logo = Logo.objects.exclude(media_type="image/webp").first()
    return list(bytes(logo.content)) if logo else []


class CapabilityNames:
    """Names of concepts in the language of the letter; one that left the vocabulary is its own name."""

    def __init__(self) -> None:
        self._vocabulary, self._language = get_vocabulary(), Language(formats.language())

    def __getitem__(self, concept: str) -> str:
        vocabulary = self._vocabulary
        is_known = concept in vocabulary.concepts or concept in vocabulary.aliases
        return vocabulary.concept(concept).label(self._language) if is_known else concept


def _coverage_table(answer: Answer, names: CapabilityNames) -> Arguments:
    rows = [
        [names[line.concept], str(line.get_coverage_display()), coverage_detail(line)]
        for line in answer.lines.order_by("-essential", "pk")
    ]
    return {"title": _("What you ask for"), "heads": [_("Request"), _("Answer"), _("By whom")], "rows": rows}


def coverage_detail(line: AnswerLine) -> str:
    """By whom a capability is met, and what is open; never an empty text."""
    providers = ", ".join(line.providers)
    match line.coverage:
        case Coverage.NEARLY:
            return _("%s, with a wider offer") % providers
        case Coverage.UNCONFIRMED:
            return _("%s, which has yet to confirm") % providers
        case Coverage.NONE:
            return _("nobody in this team")
    return providers


def _team_table(answer: Answer, names: CapabilityNames) -> Arguments:
    team = answer.team.select_related("offer__provider").order_by("pk")
    rows = [
        [
            str(one.offer),
            one.offer.provider.short_name or str(one.offer.provider),
            ", ".join(names[key] for key in one.brings) or _("support of the team"),
        ]
        for one in team
    ]
    return {
        "title": _("The team we propose"),
        "heads": [_("Offer"), _("Provider"), _("What it brings")],
        "rows": rows,
    }
