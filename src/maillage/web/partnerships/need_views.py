"""What an institute does with a need: ask teams, answer, redirect, decline, say anew what is asked; a team's reply."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
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
from maillage.partnerships.offer_matching import match_offers as first_answer
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
    """Write the letter with the team chosen (`?offer=…`), and send it."""
    need = get_need_for_action(request, key, "answer_need")
    team = _team(request, need)
    form = LetterForm(request.POST or None, initial={"letter": _draft(need, team)})
    success = _("The answer is sent; the clock of your promise has stopped.")
    action = partial(
        answer_need, need_id=need.pk, team=[ProposedOfferInput(offer.pk, brings) for offer, brings in team]
    )
    if run_action_form(request, action, form, success=success):
        return redirect(need)
    names = ConceptNames()
    shown = [(offer, [names[key] for key in brings]) for offer, brings in team]
    return _form_page(request, need, form, "answer", team=shown)


def _team(request: Request, need: Need) -> list[tuple[Offer, list[str]]]:
    """The offers chosen, each with what of the need it has that none before it has."""
    wanted = [number for text in request.GET.getlist("offer")[:20] if (number := parse_number(text))]
    chosen = {offer.pk: offer for offer in offers(actor=request.actor).filter(pk__in=wanted)}
    found = get_offer_matcher(actor=request.actor, on=request.as_of.on)
    place = {one.text.key: number for number, one in enumerate(found.index.offers)}
    has: dict[str, dict[int, float]] = {
        asked.concept: {
            # An offer of something wider is not said to bring what is asked: that is for the letter to tell.
            link.offer: link.closeness * link.strength
            for link in found.index.links(asked.concept)
            if link.steps <= 0
        }
        for asked in need.asked.all()
    }
    team: list[tuple[Offer, list[str]]] = []
    for pk in dict.fromkeys(pk for pk in wanted if pk in chosen):
        number = place.get(chosen[pk].key, -1)
        others = [place.get(other.key, -1) for other in chosen.values() if other.pk != pk]
        brings = [
            concept for concept, held in has.items()
            if number in held and held[number] >= max((held.get(other, 0.0) for other in others), default=0.0)
        ]  # fmt: skip
        team.append((chosen[pk], brings))
    return team


def _draft(need: Need, team: list[tuple[Offer, list[str]]]) -> str:
    """A beginning in the language of the need, to be finished by whoever signs."""
    requester = Requester.objects.filter(need=need).first()
    with override(need.language or (requester.language if requester else "fr")):
        lines = [_("Dear Sir or Madam,"), _("Thank you for your need “%s”.") % need.title]
        lines += [_("We propose the team below, which covers what you ask for as follows.")] if team else []
        lines += [_("We would be glad to meet you; please tell us which days suit you.")]
    return "\n\n".join(str(line) for line in lines)


def redirect_page(request: Request, key: str) -> HttpResponse:
    """Pass the need on to another body."""
    need = get_need_for_action(request, key, "redirect_need")
    had = set(need.addresses.filter(role=NeedAddressRole.ADDRESSEE).values_list("organisation_id", flat=True))
    bodies = [one for one in addressees(request.as_of.on, actor=request.actor) if one.pk not in had]
    form = RedirectForm(request.POST or None, bodies=bodies)
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
    """Say why the need cannot be met."""
    need = get_need_for_action(request, key, "decline_need")
    form = ReasonForm(request.POST or None)
    if run_action_form(request, partial(decline_need, need_id=need.pk), form, success=_("The requester is told why.")):
        return redirect(need)
    return _form_page(request, need, form, "decline")


def ask_teams_page(request: Request, key: str) -> HttpResponse:
    """Ask teams whether they take part: those whose offers answer best come first."""
    need = get_need_for_action(request, key, "ask_teams")
    page = first_answer(need.text, actor=request.actor, on=request.as_of.on)
    wanted = [number for text in request.GET.getlist("offer")[:20] if (number := parse_number(text))]
    choices = [one.offer for one in page.proposed]
    choices += offers(actor=request.actor).filter(pk__in=set(wanted) - {one.pk for one in choices})
    form = AskForm(request.POST or None, choices=choices, initial={"offers": wanted})
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
    """Say anew what the need asks for and must meet."""
    need = get_need_for_action(request, key, "specify_need")
    form = TermChangesForm(request.POST or None, actor=request.actor, initial=TermsForm.initial_of(need))
    form.add_choices_of(need)
    outcome = run_action_form(
        request,
        partial(specify_need, need_id=need.pk),
        form,
        arguments=lambda: {"terms": form.changes, "asked": _asked_after(request, need)},
        success=_("What is asked is noted."),
    )
    if outcome:
        return redirect(need)
    capabilities = list(need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    chosen = [(one.concept, names[one.concept], one.essential) for one in capabilities]
    return _form_page(request, need, form, "specify", chosen=chosen)


def _asked_after(request: Request, need: Need) -> list[RequestedCapabilityInput]:
    """The capabilities of a need with the changes that were posted; those without a posted weight stay."""
    weights = {one.concept: "essential" if one.essential else "wished" for one in need.asked.order_by("pk")}
    weights |= {name[4:]: value for name, value in request.POST.dict().items() if name.startswith("cap:")}
    asked = [RequestedCapabilityInput(key, value == "essential") for key, value in weights.items() if value in _WEIGHTS]
    return asked + _added(request, {one.concept for one in asked})


def _added(request: Request, known: set[str]) -> list[RequestedCapabilityInput]:
    """What was written into the field for more, as capabilities of the vocabulary."""
    mentions = get_vocabulary().mentions(parse_text(request.POST.get("more", "")[:500]))
    return [
        RequestedCapabilityInput(one) for one in dict.fromkeys(each.concept for each in mentions) if one not in known
    ]


def _form_page(request: Request, need: Need, form: forms.Form, name: str, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"web/needs/{name}.html", {"need": need, "form": form, **more}, status=status)


def team_requests_page(request: Request) -> HttpResponse:
    """What teams within reach are asked, the oldest first."""
    if request.actor.acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the team that is asked first."))
    return render(request, "web/needs/requests.html", {"requests": open_team_requests(request.actor)[:100]})


def reply_page(request: Request, pk: int) -> HttpResponse:
    """Reply to one request."""
    within = TeamRequest.objects.filter(offer__provider__in=request.actor.reach)
    asked = get_object_or_404(within.select_related("need", "offer__provider"), pk=pk)
    initial = {"takes_part": asked.reply, "free_from": asked.free_from, "note": asked.note}
    form = ReplyForm(request.POST or None, initial=initial)
    outcome = run_action_form(
        request,
        partial(reply_to_request, request_id=asked.pk),
        form,
        arguments=lambda: form.posted | {"takes_part": form.cleaned_data["takes_part"] == "yes"},
        success=_("Your reply is with the institute."),
    )
    if outcome:
        return redirect("team-requests")
    capabilities = list(asked.need.asked.order_by("-essential", "pk"))
    names = ConceptNames()
    wanted = [(names[one.concept], one.essential) for one in capabilities]
    context = {"asked": asked, "form": form, "wanted": wanted}
    return render(request, "web/needs/reply.html", context, status=422 if form.is_bound else 200)
