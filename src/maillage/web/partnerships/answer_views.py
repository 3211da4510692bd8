"""The page on which an institute writes and signs its answer to a need."""

from functools import partial

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.core.request import Request
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.offers.queries import offers
from maillage.partnerships.actions.answers import MAX_OFFERS_PROPOSED, answer_need
from maillage.partnerships.coverage import coverage_lines
from maillage.partnerships.letters import coverage_detail
from maillage.partnerships.models import Answer, AnswerLine, Need, Requester, TeamReply
from maillage.partnerships.need_inputs import ProposedOfferInput
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.forms import AnswerForm
from maillage.web.partnerships.lookups import get_need_for_action
from maillage.web.partnerships.team_replies import left_out_context


def answer_page(request: Request, key: str) -> HttpResponse:
    """Write, sign and send the answer; its team are the offers of `?offer=`, at first those of teams that said yes."""
    need = get_need_for_action(request, key, "answer_need")
    if accepted := _accepted_offers(request, need):
        return redirect(f"{request.path}?{accepted}")
    team = _chosen_team(request, need)
    form = AnswerForm(request.POST or None, initial={"letter": _letter_draft(need, team), **_signature(request)})
    success = _("The answer is sent; the clock of your promise has stopped.")
    action = partial(
        answer_need, need_id=need.pk, team=[ProposedOfferInput(offer.pk, brings) for offer, brings in team]
    )
    arguments = lambda: {"letter": form.cleaned_data["letter"], "signer": form.signer}  # noqa: E731 - one expression
    if run_action_form(request, action, form, arguments=arguments, success=success):
        return redirect(need)
    names = ConceptNames()
    context = {
        "need": need,
        "form": form,
        "team": [(offer, [names[concept] for concept in brings]) for offer, brings in team],
        "lines": _lines(request, need, team) if team else [],
        **left_out_context(need, {offer.provider_id for offer, _brings in team}),
    }
    return render(request, "web/needs/answer.html", context, status=422 if form.is_bound else 200)


def _accepted_offers(request: Request, need: Need) -> str:
    """The query that chooses the offers of the teams that said yes; empty where a team is chosen, or none said so."""
    if request.method != "GET" or "offer" in request.GET:
        return ""
    query = QueryDict(mutable=True)
    accepted = need.requests.filter(reply=TeamReply.YES).order_by("pk").values_list("offer_id", flat=True)
    query.setlist("offer", [str(pk) for pk in accepted[:MAX_OFFERS_PROPOSED]])
    return query.urlencode()


def _signature(request: Request) -> dict[str, str]:
    """Who signs: the reader, with the function and the contact of their last answer."""
    own = Answer.objects.filter(signer_name=request.actor.name, readers__overlap=sorted(request.actor.reach))
    last = own.exclude(signer_function="").order_by("-written_at").first()
    return {
        "signer_name": request.actor.name,
        "signer_function": last.signer_function if last else "",
        "signer_contact": last.signer_contact if last else request.user.email if request.user.is_authenticated else "",
    }


def _lines(request: Request, need: Need, team: list[tuple[Offer, list[str]]]) -> list[tuple[str, str, str, str]]:
    """What the letter will say of each capability: its name, how far it is met, the word for it, and by whom."""
    names, brings = ConceptNames(), {offer.pk: concepts for offer, concepts in team}
    found = coverage_lines(need, [offer for offer, _brings in team], brings, request.actor, timezone.localdate())
    lines = [AnswerLine(concept=one.concept, coverage=one.coverage, providers=one.providers) for one in found]
    return [(names[line.concept], line.coverage, line.get_coverage_display(), coverage_detail(line)) for line in lines]


def _chosen_team(request: Request, need: Need) -> list[tuple[Offer, list[str]]]:
    """The offers chosen, each with the capabilities of the need that it covers at least as closely as the others do."""
    offer_ids = [number for text in request.GET.getlist("offer")[:20] if (number := parse_number(text))]
    offers_by_id = {offer.pk: offer for offer in offers(actor=request.actor).filter(pk__in=offer_ids)}
    matcher = get_offer_matcher(actor=request.actor, on=request.as_of.on)
    positions = {indexed_offer.text.key: position for position, indexed_offer in enumerate(matcher.index.offers)}
    closeness_by_concept: dict[str, dict[int, float]] = {
        capability.concept: {
            # An offer wider than the capability is not listed as bringing it; the letter can explain it.
            link.offer: link.closeness * link.strength
            for link in matcher.index.links(capability.concept)
            if link.steps <= 0
        }
        for capability in need.asked.all()
    }
    team: list[tuple[Offer, list[str]]] = []
    for pk in dict.fromkeys(pk for pk in offer_ids if pk in offers_by_id):
        position = positions.get(offers_by_id[pk].key, -1)
        other_positions = [positions.get(other.key, -1) for other in offers_by_id.values() if other.pk != pk]
        brings = [
            concept
            for concept, closeness in closeness_by_concept.items()
            if position in closeness
            and closeness[position] >= max((closeness.get(other, 0.0) for other in other_positions), default=0.0)
        ]
        team.append((offers_by_id[pk], brings))
    return team


def _letter_draft(need: Need, team: list[tuple[Offer, list[str]]]) -> str:
    """A first draft of the letter, in the language of the need."""
    requester = Requester.objects.filter(need=need).first()
    with override(need.language or (requester.language if requester else "fr")):
        lines = [_("Dear Sir or Madam,"), _("Thank you for your request “%s”.") % need.title]
        lines += [_("We propose the team below, which covers what you ask for as follows.")] if team else []
        lines += [_("We would be glad to meet you; please tell us which days suit you.")]
    return "\n\n".join(str(line) for line in lines)
