"""Sections of the page of a need: what is to be done next, what is asked, teams, conversation, requester, history."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.desk.queries import RowCare, care_of_row
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.addressees import addressee_of
from maillage.partnerships.conversations import is_conversation_open
from maillage.partnerships.models import (
    DEALING_ROLES,
    Answer,
    Need,
    NeedAddress,
    NeedAddressRole,
    Requester,
    TeamRequest,
)
from maillage.partnerships.offer_matching import similar_past_projects
from maillage.partnerships.queries import (
    asked_teams,
    earlier_needs_of,
    messages_of,
    requester_of,
    sent_answers,
)
from maillage.presentation.action_forms import is_action_allowed
from maillage.projects.queries import PastProject
from maillage.web.files.uploads import upload_limits
from maillage.web.laboratories.nearest import nearest_context
from maillage.web.laboratories.question import LaboratoryQuestion
from maillage.web.listing.page_parts import register_record_sections
from maillage.web.partnerships.conversations import message_entries
from maillage.web.partnerships.forms import AddressedMessageForm
from maillage.web.partnerships.need_history import need_history
from maillage.web.partnerships.need_tables import Demands, team_rows
from maillage.web.partnerships.next_act import NeedFacts, closed_act, next_act
from maillage.web.partnerships.past_partners import consortium_context
from maillage.web.partnerships.promise_clock import promise_clock
from maillage.workflow import queries as processes
from maillage.workflow.models import Case

_DEALING = ("ask_teams", "answer_need", "redirect_need", "decline_need", "specify_need", "ask_requester", "resume_need")
_MAX_REQUESTS = 100


@register_record_sections("needs")
def need_sections(request: Request, need: Need) -> dict[str, object]:
    """The sections that the reader may see."""
    addresses = list(need.addresses.select_related("organisation", "case__definition").order_by("since", "pk"))
    reader_answers = _is_reader_answering(request, addresses)
    requests = list(_team_requests(request, need, reader_answers)[:_MAX_REQUESTS])
    answers = sent_answers(need) if reader_answers else []
    is_open = any(one.role == NeedAddressRole.ADDRESSEE and one.dealt_at is None for one in addresses)
    demands = Demands(need, request, requests if reader_answers else [], answers, is_open and reader_answers)
    rows = demands.rows()
    return {
        "template": "needs/need",
        "reader_answers": reader_answers,
        "demands": rows,
        "demand_counts": demands.counts(rows),
        "is_open": is_open,
        "unknown_words": demands.reading.unknown if reader_answers else (),
        "held": [address for address in addresses if address.role == NeedAddressRole.ADDRESSEE],
        "mailable": _mailable_organisation_ids(request, addresses),
        "networks": [address.organisation for address in addresses if address.role == NeedAddressRole.NETWORK],
        "teams": team_rows(need, requests, request, demands.names),
        "answers": [(answer, _team_with_projects(request, need, answer)) for answer in answers],
        "rating": getattr(need, "rating", None) if reader_answers else None,
        "follow": make_need_token(need) if need.stated_by_id and need.stated_by_id == request.actor.user_id else "",
        "entries": need_history(need, addresses, requests) if reader_answers else [],
        **_requester(request, need),
        **(_acts(request, need, addresses, demands) if reader_answers else {"act": None, "may": {}}),
        **_conversation(request, need, reader_answers),
        **(consortium_context(request, need) if reader_answers else {}),
        **(nearest_context(request, _laboratory_question(request, need)) if reader_answers else {}),
        "moments": [],
        "standing": "",
    }


def _laboratory_question(request: Request, need: Need) -> LaboratoryQuestion:
    return LaboratoryQuestion.about(request, need, ties_off="alone" in request.GET)


def _requester(request: Request, need: Need) -> dict[str, object]:
    """Who asks, and their earlier needs, as far as the reader may know."""
    requester: Requester | None = requester_of(need, actor=request.actor)
    if requester is None or requester.erased_at:
        return {"requester": requester}
    may_correct = bool(requester.undelivered) and REGISTRY["partnerships.correct_requester_address"].allows(
        request.actor, timezone.now(), {"need_id": need.pk}
    )
    earlier = earlier_needs_of(requester, actor=request.actor)
    return {"requester": requester, "earlier": earlier, "may_correct_address": may_correct}


def _acts(request: Request, need: Need, addresses: Sequence[NeedAddress], demands: Demands) -> dict[str, object]:
    """For the answering side: the next act with its clock and who carries the need; once dealt with, what became."""
    now, actor = timezone.now(), request.actor
    today = timezone.localdate(now)
    own = _own_address(actor, addresses)
    if own is None or own.case is None:
        return {"act": closed_act(addresses, demands.answers), "may": {}}
    case: Case = own.case
    may = {name: REGISTRY[f"partnerships.{name}"].allows(actor, now, {"need_id": need.pk}) for name in _DEALING}
    may = may if own.dealt_at is None else {}
    ways = processes.available_transitions(case, actor=actor, at=now)
    facts = NeedFacts(need, case, own, demands.requests, demands.lines, demands.answers, may, ways, today)
    return {
        "act": next_act(facts),
        "may": may,
        "case": case,
        "own": own,
        "clock": promise_clock(case, own, today),
        "care": _care(request, case, now),
        "nobody_acts": _nobody_acts(actor, own, today),
    }


def _own_address(actor: Actor, addresses: Sequence[NeedAddress]) -> NeedAddress | None:
    """The addressee whose open case the reader acts on; an officer acts on any."""
    running = [one for one in addresses if one.case and one.case.ended_at is None]
    own = [one for one in running if one.case and actor.reach & set(one.case.organisation_ids)]
    return next(iter(own or (running if actor.is_officer else ())), None)


def _care(request: Request, case: Case, at: dt.datetime) -> RowCare | None:
    """Who of the reader's team carries the need."""
    within = [pk for pk in case.organisation_ids if pk in request.actor.reach]
    if not within or request.actor.user_id is None or not case.roles:
        return None
    return care_of_row(case.definition.name, case.pk, within[0], case.roles, request.actor.user_id, at)


def _nobody_acts(actor: Actor, address: NeedAddress, today: dt.date) -> bool:
    """Whether an officer must know that nobody acts for the organisation that has to answer."""
    return actor.is_officer and not addressee_of(address.organisation, today).somebody_acts


def _conversation(request: Request, need: Need, reader_answers: bool) -> dict[str, object]:
    """The messages that the reader may read, and the form to write for those who answer."""
    entries = message_entries(messages_of(need, actor=request.actor), need, request.actor.reach)
    arguments = {"need_id": need.pk}
    may_write = (
        reader_answers
        and is_conversation_open(need)
        and is_action_allowed(request, "partnerships.write_message", **arguments)
    )
    return {
        "messages_shown": entries,
        "message_form": AddressedMessageForm(teams=asked_teams(need)) if may_write else None,
        **upload_limits(),
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
    """Whether the reader deals with the need; a team that is asked reads its own requests only, reviewers read none."""
    actor = request.actor
    organisation_ids = {address.organisation_id for address in addresses if address.role != NeedAddressRole.ASKED}
    deals = bool(actor.acting and actor.acting.role in DEALING_ROLES)
    return actor.is_officer or (deals and bool(actor.reach & organisation_ids))


def _team_requests(request: Request, need: Need, reader_answers: bool) -> QuerySet[TeamRequest]:
    requests = need.requests.select_related("offer__provider").order_by("pk")
    return requests if reader_answers else requests.filter(offer__provider__in=request.actor.reach)
