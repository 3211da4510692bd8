"""Lines of laboratories on a page, with what the reader may do for each."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from maillage.core.request import Request
from maillage.partnerships.laboratory_matching import LaboratoryMatch, LaboratoryMatches
from maillage.partnerships.models import Need
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.models import Organisation
from maillage.web.laboratories.question import LaboratoryQuestion
from maillage.web.offers.prefilled import values_of_need

NEAREST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LaboratoryRow:
    """A laboratory; `draft_url` leads those who may to an offer of it that is filled in from the need."""

    match: LaboratoryMatch
    draft_url: str


def laboratory_rows(request: Request, found: LaboratoryMatches, need: Need | None = None) -> list[LaboratoryRow]:
    """The lines of some laboratories; those that make offers already get no draft."""
    return [
        LaboratoryRow(match, "" if match.offers else draft_offer_url(request, match.organisation, need))
        for match in found.matches
    ]


def draft_offer_url(request: Request, provider: Organisation, need: Need | None) -> str:
    """The form of a new offer, filled in from what a need asks for.

    Who acts for another organisation proposes it, for the laboratory or an officer to decide; visitors get none.
    """
    actor = request.actor
    may_act = actor.is_officer or provider.pk in actor.reach
    if may_act and is_action_allowed(request, "offers.propose_offer", provider_id=provider.pk):
        address, values = reverse("propose-offer", args=[provider.key]), {"need": need.key} if need else {}
    elif actor.acting:
        address = reverse("propose-fact", args=["offers"])
        values = {"provider": provider.key, **(values_of_need(need) if need else {})}
    else:
        return ""
    return f"{address}?{urlencode(values)}" if values else address


def nearest_context(request: Request, question: LaboratoryQuestion) -> dict[str, object]:
    """What `web/laboratories/nearest.html` shows; nothing of a day or a moment that is past."""
    if request.as_of.day is not None or request.as_of.known is not None:
        return {}
    found = question.matches(request, NEAREST_SHOWN)
    return {
        "laboratories": found,
        "laboratory_rows": laboratory_rows(request, found, question.need),
        "laboratory_ties": any(match.ties for match in found.matches),
        "laboratory_question": question,
    }
