"""The page that answers a need with matching offers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core import formats
from maillage.core.request import Request
from maillage.core.text import fold
from maillage.matching.match_result import ConceptMatch
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH
from maillage.partnerships.offer_matching import OfferMatches, match_offers, reader_language
from maillage.site.queries import current_site
from maillage.web.laboratories.nearest import nearest_context
from maillage.web.laboratories.question import LaboratoryQuestion
from maillage.web.partnerships.asker_fields import posted_asker, posted_asker_values, ties_left_out

# A need that is too long to be sent is answered but only its beginning is shown again.
MAX_REPEATED = 20_000


@require_http_methods(["GET", "POST"])
def answer_page(request: Request) -> HttpResponse:
    """Answer a posted need. A need in the address, `?need=` of an old link, is answered too, and nothing stores it."""
    in_address = request.method == "GET" and "need" in request.GET
    text = (request.GET if in_address else request.POST).get("need", "")
    shown = text if len(text) <= MAX_TEXT_LENGTH else text[:MAX_REPEATED]
    context = {
        "need": shown,
        "examples": example_needs(),
        "in_address": in_address,
        "who": posted_asker_values(request),
    }
    context |= _answer_context(request, text) if text.strip() else {}
    response = render(request, "web/answer.html", context)
    if text:
        response["Cache-Control"] = "no-store"
    return response


def _answer_context(request: Request, text: str) -> dict[str, object]:
    reading = request.as_of
    asker = posted_asker(request)
    matches = match_offers(text, actor=request.actor, on=reading.on, known=reading.known, asker=asker)
    nearest = nearest_context(request, LaboratoryQuestion.of(request))
    return {
        "page": matches,
        "ties_off": ties_left_out(request),
        "any_tie": any(match.ties for match in matches.proposed) or nearest.get("laboratory_ties", False),
        "asked": [
            (matches.name(requested.concept), ", ".join(requested.surfaces)) for requested in matches.answer.asked
        ],
        "proposed": [proposal_context(matches, index) for index in range(len(matches.proposed))],
        "organisations": organisation_contexts(matches),
        **understanding_context(matches),
        **nearest,
        "nothing": matches.answer.nothing_fits.sentence(reader_language()) if matches.answer.nothing_fits else "",
        "notices": [notice.sentence(reader_language()) for notice in matches.answer.notices],
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
        "ties": proposed.ties,
        "coverage": round(proposed.proposal.coverage * 100),
        "concepts": [_concept_match_context(page, match) for match in why.concepts],
        "words": [(word.in_need, word.in_offer) for word in why.words],
        "stages": why.stages,
        "opposed": [(page.name(opposition.asked), page.name(opposition.offered)) for opposition in why.opposed],
        "excluded": [page.name(concept) for concept in why.excluded],
    }


def organisation_contexts(page: OfferMatches) -> list[dict[str, object]]:
    """The organisations that do what no offer covers, each with what of the need it meets."""
    return [
        {
            "organisation": match.organisation,
            "concepts": [_organisation_match_context(page, concept) for concept in match.concepts],
        }
        for match in page.organisations
    ]


def _organisation_match_context(page: OfferMatches, match: ConceptMatch) -> dict[str, str]:
    """The name of a concept that an organisation meets, and the words of its record where they are others."""
    name = page.name(match.asked)
    says = _("its record says “%s”") % match.in_offer if fold(match.in_offer) != fold(name) else ""
    return {"name": name, "how": says}


def _concept_match_context(page: OfferMatches, match: ConceptMatch) -> dict[str, str]:
    """The name of a matched concept, and how it matched: translated, or through a wider or narrower concept."""
    explanations = []
    if match.steps:
        words = _("the offer speaks of “%s”, wider") if match.steps > 0 else _("the offer speaks of “%s”, narrower")
        explanations.append(words % page.name(match.met))
    elif match.translated and fold(match.in_offer) != fold(page.name(match.asked)):
        explanations.append(_("the offer says “%s”") % match.in_offer)
    return {"name": page.name(match.asked), "in_need": match.in_need, "how": formats.join_items(explanations)}


def understanding_context(page: OfferMatches) -> dict[str, object]:
    """What the offers nearly cover and do not cover, what the need rules out, and what was not understood."""
    uncovered = [
        {"name": page.name(missing.concept), "nearest": ", ".join(page.name(concept) for concept in missing.nearest)}
        for missing in page.answer.uncovered
    ]
    return {
        "nearly_covered": [missing for missing in uncovered if missing["nearest"]],
        "not_covered": [missing for missing in uncovered if not missing["nearest"]],
        "ruled_out": [words for _concept, words in page.answer.excluded],
        "not_understood": page.answer.unknown,
    }


def example_needs() -> list[str]:
    """Needs to try the page with, as officers have written them in the settings of the site."""
    return current_site().values.examples.splitlines()
