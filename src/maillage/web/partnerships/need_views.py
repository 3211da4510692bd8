"""Pages of an institute for a need (ask teams, answer, redirect, decline, specify), and the reply of a team."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.matching.coverage import Coverage, concept_coverage
from maillage.matching.text import parse_text
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher, get_vocabulary
from maillage.offers.queries import offers
from maillage.partnerships.actions.answers import (
    answer_need,
    ask_teams,
    decline_need,
    redirect_need,
    reply_to_request,
)
from maillage.partnerships.actions.needs import specify_need
from maillage.partnerships.models import Need, NeedAddressRole, Requester, TeamRequest
from maillage.partnerships.need_inputs import ProposedOfferInput, RequestedCapabilityInput
from maillage.partnerships.offer_matching import match_offers
from maillage.partnerships.queries import addressees, open_team_requests
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.forms import (
    AskForm,
    LetterForm,
    ReasonForm,
    RedirectForm,
    ReplyForm,
    TermChangesForm,
    TermsForm,
)
from maillage.web.partnerships.lookups import get_need_for_action

_WEIGHTS = ("essential", "wished")


def answer_page(request: Request, key: str) -> HttpResponse:
    """Write and send the letter of the answer, with the offers chosen by `?offer=` as its team."""
    need = get_need_for_action(request, key, "answer_need")
    team = _chosen_team(request, need)
    form = LetterForm(request.POST or None, initial={"letter": _letter_draft(request, need, team)})
    success = _("The answer is sent; the clock of your promise has stopped.")
    action = partial(
        answer_need, need_id=need.pk, team=[ProposedOfferInput(offer.pk, brings) for offer, brings in team]
    )
    if run_action_form(request, action, form, success=success):
        return redirect(need)
    names = ConceptNames()
    team_rows = [(offer, [names[key] for key in brings]) for offer, brings in team]
    return _form_page(request, need, form, "answer", team=team_rows)


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


def _letter_draft(request: Request, need: Need, team: list[tuple[Offer, list[str]]]) -> str:
    """A first draft of the letter, in the language of the need."""
    requester = Requester.objects.filter(need=need).first()
    with override(need.language or (requester.language if requester else "fr")):
        lines = [_("Dear Sir or Madam,"), _("Thank you for your need “%s”.") % need.title]
        lines += [_("We propose the team below, which covers what you ask for as follows.")] if team else []
        lines += _coverage_lines(request, need, {offer.key for offer, _brings in team})
        lines += [_("We would be glad to meet you; please tell us which days suit you.")]
    return "\n\n".join(str(line) for line in lines)


def _coverage_lines(request: Request, need: Need, offer_keys: set[str]) -> list[str]:
    """What the team nearly covers and does not cover, by the same rule as on the pages."""
    if not offer_keys:
        return []
    names, index = ConceptNames(), get_offer_matcher(actor=request.actor, on=request.as_of.on).index
    met: dict[Coverage, list[str]] = {coverage: [] for coverage in Coverage}
    for capability in need.asked.order_by("-essential", "pk"):
        links = [link for link in index.links(capability.concept) if index.offers[link.offer].text.key in offer_keys]
        covered = concept_coverage(capability.concept, ((link.concept, link.steps) for link in links))
        nearest = ", ".join(names[wider] for wider in covered.nearest)
        name = names[capability.concept]
        met[covered.coverage].append(f"{name} ({nearest})" if nearest else name)
    nearly, missing = ", ".join(met[Coverage.NEARLY]), ", ".join(met[Coverage.NOT])
    lines = [_("Nearly covered, through something wider: %s.") % nearly] if nearly else []
    return [*lines, *([_("Not covered by this team: %s.") % missing] if missing else [])]


def redirect_page(request: Request, key: str) -> HttpResponse:
    """Pass the need on to another organisation."""
    need = get_need_for_action(request, key, "redirect_need")
    addressee_ids = set(need.addresses.filter(role=NeedAddressRole.ADDRESSEE).values_list("organisation_id", flat=True))
    organisations = [
        organisation
        for organisation in addressees(request.as_of.on, actor=request.actor)
        if organisation.pk not in addressee_ids
    ]
    form = RedirectForm(request.POST or None, organisations=organisations)
    outcome = run_action_form(
        request,
        partial(redirect_need, need_id=need.pk),
        form,
        arguments=lambda: {
            **{name: value for name, value in form.cleaned_data.items() if name != "organisation"},
            "organisation_id": form.cleaned_data["organisation"].pk,
        },
        success=_("The need is passed on; its new delay has begun."),
    )
    return redirect("needs:list") if outcome else _form_page(request, need, form, "redirect")


def decline_page(request: Request, key: str) -> HttpResponse:
    """Decline the need with a reason."""
    need = get_need_for_action(request, key, "decline_need")
    form = ReasonForm(request.POST or None)
    if run_action_form(
        request, partial(decline_need, need_id=need.pk), form, success=_("The requester is notified of the reason.")
    ):
        return redirect(need)
    return _form_page(request, need, form, "decline")


def ask_teams_page(request: Request, key: str) -> HttpResponse:
    """Ask teams whether they take part; the best matching offers come first."""
    need = get_need_for_action(request, key, "ask_teams")
    matches = match_offers(need.text, actor=request.actor, on=request.as_of.on)
    offer_ids = [number for text in request.GET.getlist("offer")[:20] if (number := parse_number(text))]
    choices = [proposal.offer for proposal in matches.proposed]
    choices += offers(actor=request.actor).filter(pk__in=set(offer_ids) - {offer.pk for offer in choices})
    form = AskForm(request.POST or None, choices=choices, initial={"offers": offer_ids})
    outcome = run_action_form(
        request,
        partial(ask_teams, need_id=need.pk),
        form,
        arguments=lambda: form.cleaned_data | {"offers": [offer.pk for offer in form.cleaned_data["offers"]]},
        success=_("The teams are asked; their replies will stand on this page."),
    )
    if outcome:
        return redirect(need)
    return _form_page(request, need, form, "ask")


def terms_page(request: Request, key: str) -> HttpResponse:
    """Change the capabilities that a need asks for, and its terms."""
    need = get_need_for_action(request, key, "specify_need")
    form = TermChangesForm(request.POST or None, actor=request.actor, initial=TermsForm.initial_of(need))
    form.add_choices_of(need)
    outcome = run_action_form(
        request,
        partial(specify_need, need_id=need.pk),
        form,
        arguments=lambda: {"terms": form.changes, "asked": _posted_capabilities(request, need)},
        success=_("What is asked is noted."),
    )
    if outcome:
        return redirect(need)
    capabilities = list(need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    capability_rows = [
        (capability.concept, names[capability.concept], capability.essential) for capability in capabilities
    ]
    return _form_page(request, need, form, "specify", chosen=capability_rows)


def _posted_capabilities(request: Request, need: Need) -> list[RequestedCapabilityInput]:
    """The capabilities of a need after the posted changes; those without a posted weight stay as they are."""
    weights = {
        capability.concept: "essential" if capability.essential else "wished"
        for capability in need.asked.order_by("pk")
    }
    weights |= {name[4:]: value for name, value in request.POST.dict().items() if name.startswith("cap:")}
    capabilities = [
        RequestedCapabilityInput(key, value == "essential") for key, value in weights.items() if value in _WEIGHTS
    ]
    return capabilities + _added_capabilities(request, {capability.concept for capability in capabilities})


def _added_capabilities(request: Request, excluded: set[str]) -> list[RequestedCapabilityInput]:
    """The capabilities recognised in the field `more`, without those excluded."""
    mentions = get_vocabulary().mentions(parse_text(request.POST.get("more", "")[:500]))
    return [
        RequestedCapabilityInput(concept)
        for concept in dict.fromkeys(mention.concept for mention in mentions)
        if concept not in excluded
    ]


def _form_page(request: Request, need: Need, form: forms.Form, name: str, **more: object) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"web/needs/{name}.html", {"need": need, "form": form, **more}, status=status)


def team_requests_page(request: Request) -> HttpResponse:
    """The open requests to teams within the actor's reach, oldest first."""
    if request.actor.acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the team that is asked first."))
    return render(request, "web/needs/requests.html", {"requests": open_team_requests(request.actor)[:100]})


def reply_page(request: Request, pk: int) -> HttpResponse:
    """Reply to a team request."""
    requests_in_reach = TeamRequest.objects.filter(offer__provider__in=request.actor.reach)
    team_request = get_object_or_404(requests_in_reach.select_related("need", "offer__provider"), pk=pk)
    initial = {"takes_part": team_request.reply, "free_from": team_request.free_from, "note": team_request.note}
    form = ReplyForm(request.POST or None, initial=initial)
    outcome = run_action_form(
        request,
        partial(reply_to_request, request_id=team_request.pk),
        form,
        arguments=lambda: form.posted | {"takes_part": form.cleaned_data["takes_part"] == "yes"},
        success=_("Your reply is with the institute."),
    )
    if outcome:
        return redirect("team-requests")
    capabilities = list(team_request.need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    capability_rows = [(names[capability.concept], capability.essential) for capability in capabilities]
    context = {"asked": team_request, "form": form, "wanted": capability_rows}
    return render(request, "web/needs/reply.html", context, status=422 if form.is_bound else 200)
