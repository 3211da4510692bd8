"""Partners from past projects on the pages of a need, with whom the requester and the chosen teams have worked."""

from dataclasses import replace

from maillage.core.request import Request
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.models import Need, TeamReply
from maillage.partnerships.offer_matching import partners_from_past_projects
from maillage.partnerships.queries import requester_of
from maillage.partnerships.requester_ties import Asker, raise_near_parties
from maillage.projects.models import Party
from maillage.projects.partner_ranking import learning_state
from maillage.projects.queries import RANKED_FUNDER, parties_of


def past_partners_context(request: Request, need: Need) -> dict[str, object]:
    """What `web/needs/past_partners.html` shows; with `?alone`, nobody counts as taking part or asking."""
    return _context(request, need, _known_members(request, need))


def consortium_context(request: Request, need: Need) -> dict[str, object]:
    """Who would join the requester and the chosen teams of a need, if these have past projects."""
    members = _known_members(request, need)
    return _context(request, need, members) if members else {}


def _context(request: Request, need: Need, known: list[Party]) -> dict[str, object]:
    alone = "alone" in request.GET
    members = [] if alone else known
    concepts = need.asked.values_list("concept", flat=True)
    text = f"{need.title} {need.text}"
    partners = partners_from_past_projects(text, concepts, get_vocabulary(), request.actor, members)
    asker = None if alone else Asker.of(requester_of(need, actor=request.actor))
    if asker:
        partners = replace(partners, parties=raise_near_parties(asker, partners.parties, request.actor))
    return {
        "partners": partners,
        "partner_members": members,
        "partner_learning": learning_state(),
        "may_rank_alone": bool(members) or any(party.nearby for party in partners.parties),
        "partners_alone": alone,
    }


def _known_members(request: Request, need: Need) -> list[Party]:
    """The parties that are the requester, if the reader may know it, or teams that were asked and did not decline."""
    requester = requester_of(need, actor=request.actor)
    chosen = need.requests.exclude(reply=TeamReply.NO).values_list("offer__provider_id", flat=True)
    name, country = (requester.organisation, requester.country) if requester else ("", "")
    return parties_of(list(chosen), request.actor, name=name, country=country, funder=RANKED_FUNDER)
