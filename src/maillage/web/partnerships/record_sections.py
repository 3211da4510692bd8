"""What the page of a need shows besides its facts: who asks, what is asked, clocks, teams, answers, what is next."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request
from maillage.files.queries import files_of
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher, get_vocabulary
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.models import Answer, Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.offer_matching import similar_past_projects
from maillage.partnerships.queries import requester_of, sent_answers
from maillage.projects.queries import PastProject
from maillage.web.listing.page_parts import register_record_sections
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.workflow import queries as processes

_DEALING = ("ask_teams", "answer_need", "redirect_need", "decline_need", "specify_need")


@register_record_sections("needs")
def need_sections(request: Request, need: Need) -> dict[str, Any]:
    """The parts of the page, as far as the reader may know them."""
    now = timezone.now()
    held = list(need.addresses.select_related("organisation", "case__definition").order_by("since", "pk"))
    running = [one for one in held if one.case and one.case.ended_at is None]
    asked = list(need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    index = get_offer_matcher(actor=request.actor, on=request.as_of.on).index
    answers = _answers_it(request, held)
    return {
        "template": "needs/need",
        "requester": requester_of(need, actor=request.actor),
        "asked": [(names[one.concept], one.essential, bool(index.links(one.concept))) for one in asked],
        "held": [one for one in held if one.role == NeedAddressRole.ADDRESSEE],
        "networks": [one.organisation for one in held if one.role == NeedAddressRole.NETWORK],
        "cases": [_case(request, one, now) for one in running],
        "requests": _requests(request, need, answers)[:100],
        "answers": [(one, _team(request, need, one)) for one in sent_answers(need)] if answers else [],
        "rating": getattr(need, "rating", None) if answers else None,
        "may": {name: _may(request, need, name, now) for name in _DEALING} if _deals(request, running) else {},
        "follow": make_need_token(need) if need.stated_by_id and need.stated_by_id == request.actor.user_id else "",
        "need_files": files_of(Need.kind_name(), need.pk, actor=request.actor),
        "moments": [],
        "standing": "",
    }


def _team(request: Request, need: Need, answer: Answer) -> list[tuple[Offer, list[PastProject]]]:
    """The offers that an answer proposes, each with the past projects of its provider nearest to the need."""
    offers = [one.offer for one in answer.team.all()]
    concepts, bodies = (one.concept for one in need.asked.all()), {offer.provider_id for offer in offers}
    past = similar_past_projects(need.text, concepts, get_vocabulary(), bodies, request.actor) if offers else {}
    return [(offer, past.get(offer.provider_id, [])) for offer in offers]


def _answers_it(request: Request, is_accepted: list[NeedAddress]) -> bool:
    """Whether the reader is of those who answer the need; a team that is asked reads its own part."""
    actor = request.actor
    bodies = {one.organisation_id for one in is_accepted if one.role != NeedAddressRole.ASKED}
    return actor.is_officer or bool(actor.reach & bodies)


def _requests(request: Request, need: Need, answers: bool) -> QuerySet[TeamRequest]:
    found = need.requests.select_related("offer__provider").order_by("pk")
    return found if answers else found.filter(offer__provider__in=request.actor.reach)


def _deals(request: Request, running: list[NeedAddress]) -> bool:
    """Whether a body that the reader acts for has the need before it, and has not dealt with it."""
    bodies = {body for one in running if one.case and one.dealt_at is None for body in one.case.organisation_ids}
    return bool(bodies) and (request.actor.is_officer or bool(request.actor.reach & bodies))


def _may(request: Request, need: Need, name: str, now: Any) -> bool:
    return REGISTRY[f"partnerships.{name}"].allows(request.actor, now, {"need_id": need.pk})


def _case(request: Request, address: Any, now: Any) -> dict[str, Any]:
    case = address.case
    return {
        "case": case,
        "organisation": address.organisation,
        "late": bool(case.due_at and case.due_at < now),
        "ways": processes.available_transitions(case, actor=request.actor, at=now),
        "steps": list(case.steps.select_related("definition").order_by("-pk")[:20]),
    }  # fmt: skip
