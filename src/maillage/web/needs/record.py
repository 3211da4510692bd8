"""What the page of a need shows besides its facts: who asks, what is asked, clocks, teams, answers, what is next."""

from typing import Any

from django.utils import timezone

from maillage.kernel.actions import REGISTRY
from maillage.kernel.files.queries import files_of
from maillage.kernel.processes import queries as processes
from maillage.kernel.request import Request
from maillage.offers.models import Offer
from maillage.offers.queries import vocabulary
from maillage.partnerships.models import AddressRole, Answer, Need
from maillage.partnerships.queries import answers_of, requester_of
from maillage.projects.queries import PastProject
from maillage.publishing.answering import past_projects
from maillage.web.needs.words import named

_DEALING = ("ask_teams", "answer_need", "redirect_need", "decline_need", "specify_need")


def sections(request: Request, need: Need) -> dict[str, Any]:
    """The parts of the page, as far as the reader may know them."""
    now = timezone.now()
    held = list(need.addresses.select_related("organisation", "case__definition").order_by("since", "pk"))
    running = [one for one in held if one.case and one.case.ended_at is None]
    return {
        "template": "needs/need",
        "requester": requester_of(need, actor=request.actor),
        "asked": [(named(one.concept), one.essential) for one in need.asked.order_by("-essential", "pk")],
        "held": [one for one in held if one.role == AddressRole.ADDRESSEE],
        "networks": [one.organisation for one in held if one.role == AddressRole.NETWORK],
        "cases": [_case(request, one, now) for one in running],
        "requests": need.requests.select_related("offer__provider").order_by("pk")[:100],
        "answers": [(answer, _team(request, need, answer)) for answer in answers_of(need)],
        "rating": getattr(need, "rating", None),
        "may": {name: _may(request, need, name, now) for name in _DEALING} if running else {},
        "need_files": files_of(Need.kind_name(), need.pk, actor=request.actor),
        "moments": [],
        "standing": "",
    }


def _team(request: Request, need: Need, answer: Answer) -> list[tuple[Offer, list[PastProject]]]:
    """The offers that an answer proposes, each with the past projects of its provider nearest to the need."""
    offers = [one.offer for one in answer.team.all()]
    concepts, bodies = (one.concept for one in need.asked.all()), {offer.provider_id for offer in offers}
    past = past_projects(need.text, concepts, vocabulary(), bodies, request.actor) if offers else {}
    return [(offer, past.get(offer.provider_id, [])) for offer in offers]


def _may(request: Request, need: Need, name: str, now: Any) -> bool:
    return REGISTRY[f"partnerships.{name}"].allows(request.actor, now, {"need_id": need.pk})


def _case(request: Request, address: Any, now: Any) -> dict[str, Any]:
    case = address.case
    return {
        "case": case,
        "organisation": address.organisation,
        "late": bool(case.due_at and case.due_at < now),
        "ways": [
            way for way in processes.ways(case, actor=request.actor, at=now)
            if not {"answer-is-written", "teams-are-asked"} & set(way.guards)
        ],
        "steps": list(case.steps.select_related("definition").order_by("-pk")[:20]),
    }  # fmt: skip
