"""Sections of the page of a need: requester, capabilities, cases, team requests, answers and actions."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request
from maillage.files.queries import files_of
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher, get_vocabulary
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.addressees import addressee_of
from maillage.partnerships.models import Answer, Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.offer_matching import similar_past_projects
from maillage.partnerships.queries import requester_of, sent_answers
from maillage.projects.queries import PastProject
from maillage.web.listing.page_parts import register_record_sections
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.workflow import queries as processes

_DEALING = ("ask_teams", "answer_need", "redirect_need", "decline_need", "specify_need")


@register_record_sections("needs")
def need_sections(request: Request, need: Need) -> dict[str, object]:
    """The sections that the reader may see."""
    now = timezone.now()
    addresses = list(need.addresses.select_related("organisation", "case__definition").order_by("since", "pk"))
    open_addresses = [address for address in addresses if address.case and address.case.ended_at is None]
    capabilities = list(need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    index = get_offer_matcher(actor=request.actor, on=request.as_of.on).index
    reader_answers = _is_reader_answering(request, addresses)
    return {
        "template": "needs/need",
        "requester": requester_of(need, actor=request.actor),
        "asked": [
            (names[capability.concept], capability.essential, bool(index.links(capability.concept)))
            for capability in capabilities
        ],
        "held": [address for address in addresses if address.role == NeedAddressRole.ADDRESSEE],
        "mailable": _mailable_organisation_ids(request, addresses),
        "networks": [address.organisation for address in addresses if address.role == NeedAddressRole.NETWORK],
        "cases": [_case_context(request, address, now) for address in open_addresses],
        "requests": _team_requests(request, need, reader_answers)[:100],
        "answers": [(answer, _team_with_projects(request, need, answer)) for answer in sent_answers(need)]
        if reader_answers
        else [],
        "rating": getattr(need, "rating", None) if reader_answers else None,
        "may": {name: _is_allowed(request, need, name, now) for name in _DEALING}
        if _has_open_case(request, open_addresses)
        else {},
        "follow": make_need_token(need) if need.stated_by_id and need.stated_by_id == request.actor.user_id else "",
        "need_files": files_of(Need.kind_name(), need.pk, actor=request.actor),
        "moments": [],
        "standing": "",
    }


def _mailable_organisation_ids(request: Request, addresses: list[NeedAddress]) -> set[int]:
    """The addressees to whose contact an officer may mail the need, since nobody acts for them."""
    waiting = [one for one in addresses if one.role == NeedAddressRole.ADDRESSEE and one.dealt_at is None]
    organisations = [one.organisation for one in waiting] if request.actor.is_officer else []
    day = timezone.localdate()
    return {organisation.pk for organisation in organisations if addressee_of(organisation, day).is_mailed}


def _team_with_projects(request: Request, need: Need, answer: Answer) -> list[tuple[Offer, list[PastProject]]]:
    """The offers that an answer proposes, each with the past projects of its provider nearest to the need."""
    offers = [proposal.offer for proposal in answer.team.all()]
    concepts, provider_ids = (
        (capability.concept for capability in need.asked.all()),
        {offer.provider_id for offer in offers},
    )
    past = similar_past_projects(need.text, concepts, get_vocabulary(), provider_ids, request.actor) if offers else {}
    return [(offer, past.get(offer.provider_id, [])) for offer in offers]


def _is_reader_answering(request: Request, addresses: list[NeedAddress]) -> bool:
    """Whether the reader is on the answering side; a team that is asked reads its own requests only."""
    actor = request.actor
    organisation_ids = {address.organisation_id for address in addresses if address.role != NeedAddressRole.ASKED}
    return actor.is_officer or bool(actor.reach & organisation_ids)


def _team_requests(request: Request, need: Need, reader_answers: bool) -> QuerySet[TeamRequest]:
    requests = need.requests.select_related("offer__provider").order_by("pk")
    return requests if reader_answers else requests.filter(offer__provider__in=request.actor.reach)


def _has_open_case(request: Request, open_addresses: list[NeedAddress]) -> bool:
    """Whether an organisation that the reader acts for has an open case of the need and has not dealt with it yet."""
    organisation_ids = {
        organisation_id
        for address in open_addresses
        if address.case and address.dealt_at is None
        for organisation_id in address.case.organisation_ids
    }
    return bool(organisation_ids) and (request.actor.is_officer or bool(request.actor.reach & organisation_ids))


def _is_allowed(request: Request, need: Need, name: str, now: Any) -> bool:
    return REGISTRY[f"partnerships.{name}"].allows(request.actor, now, {"need_id": need.pk})


def _case_context(request: Request, address: Any, now: Any) -> dict[str, object]:
    case = address.case
    return {
        "case": case,
        "organisation": address.organisation,
        "late": bool(case.due_at and case.due_at < now),
        "ways": processes.available_transitions(case, actor=request.actor, at=now),
        "steps": list(case.steps.select_related("definition").order_by("-pk")[:20]),
    }  # fmt: skip
