"""The page that answers a need."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.request import Request
from maillage.core.text import fold
from maillage.matching.match_result import ConceptMatch
from maillage.partnerships.offer_matching import OfferMatches, match_offers, reader_language

# A need this short fits in an address, so that its answer can be sent as a link.
MAX_IN_ADDRESS = 1_500
# A longer need is answered whole but only its beginning is shown again.
MAX_REPEATED = 20_000


@require_http_methods(["GET", "POST"])
def answer_page(request: Request) -> HttpResponse:
    """Ask (`?need=` or a posted form) and read the answer; a long need is posted, a short one stays in the address."""
    text = (request.POST if request.method == "POST" else request.GET).get("need", "")
    context = {"need": text[:MAX_REPEATED], "examples": example_needs()} | (
        _answered(request, text) if text.strip() else {}
    )
    return render(request, "web/answer.html", context)


def _answered(request: Request, text: str) -> dict[str, object]:
    reading = request.as_of
    page = match_offers(text, actor=request.actor, on=reading.on, known=reading.known)
    return {
        "page": page,
        "asked": [(page.name(asked.concept), ", ".join(asked.surfaces)) for asked in page.answer.asked],
        "proposed": [proposal_context(page, index) for index in range(len(page.proposed))],
        "uncovered": uncovered_context(page),
        "nothing": page.answer.nothing_fits.sentence(reader_language()) if page.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in page.answer.notices],
        "link": len(text) <= MAX_IN_ADDRESS,
    }


def proposal_context(page: OfferMatches, index: int) -> dict[str, object]:
    """One proposal in words: the offer, its labels, and the reasons for and against."""
    proposed = page.proposed[index]
    why = proposed.proposal.why
    return {
        "offer": proposed.offer,
        "labels": proposed.labels,
        "free_from": proposed.free_from,
        "past": proposed.past,
        "coverage": round(proposed.proposal.coverage * 100),
        "concepts": [_concept_met(page, met) for met in why.concepts],
        "words": [(word.in_need, word.in_offer) for word in why.words],
        "stages": why.stages,
        "opposed": [(page.name(one.asked), page.name(one.offered)) for one in why.opposed],
    }


def _concept_met(page: OfferMatches, met: ConceptMatch) -> dict[str, str]:
    """The name of a concept that met, and how it met: translated, through a wider or a narrower one."""
    how = []
    if met.steps:
        words = _("the offer speaks of “%s”, wider") if met.steps > 0 else _("the offer speaks of “%s”, narrower")
        how.append(words % page.name(met.met))
    elif met.translated and fold(met.in_offer) != fold(page.name(met.asked)):
        how.append(_("the offer says “%s”") % met.in_offer)
    return {"name": page.name(met.asked), "in_need": met.in_need, "how": "; ".join(how)}


def uncovered_context(page: OfferMatches) -> list[dict[str, str]]:
    """What of the need no proposed offer has, with the wider concepts that come near."""
    return [
        {
            "name": page.name(missing.concept),
            "surfaces": ", ".join(missing.surfaces),
            "nearest": ", ".join(page.name(concept) for concept in missing.nearest),
        }
        for missing in page.answer.uncovered
    ]


def example_needs() -> list[str]:
    """Needs to try the page with."""
    return [
        _("A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples at relapse"),
        _("Clinical batches of CAR-T cells for a first trial in children"),
        _("A xenograft model to screen a targeted therapy in T-cell leukaemia"),
    ]  # fmt: skip
