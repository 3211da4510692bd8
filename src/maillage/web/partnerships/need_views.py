"""Pages of an institute for a need (ask teams, answer, redirect, decline, specify)."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.matching.text import parse_text
from maillage.offers.offer_matcher import get_vocabulary
from maillage.offers.queries import offers
from maillage.partnerships.actions.answers import (
    ask_teams,
    decline_need,
    redirect_need,
    remind_team,
)
from maillage.partnerships.actions.needs import specify_need
from maillage.partnerships.actions.questions import ask_requester, resume_need, stops_clock
from maillage.partnerships.models import Need, NeedAddressRole
from maillage.partnerships.need_inputs import RequestedCapabilityInput
from maillage.partnerships.offer_matching import match_offers
from maillage.partnerships.queries import (
    addressees,
    next_networks,
    requester_of,
    running_need_cases,
    working_days_promised,
)
from maillage.partnerships.requester_ties import Asker
from maillage.presentation.action_forms import parse_number, redirect_after_action, run_action_form
from maillage.register.models import Organisation
from maillage.web.partnerships.asker_fields import ties_left_out
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.forms import (
    AskForm,
    DeclineForm,
    MessageForm,
    RedirectForm,
    TermChangesForm,
    TermsForm,
)
from maillage.web.partnerships.lookups import get_need_for_action
from maillage.web.partnerships.next_act import can_be_reminded
from maillage.web.partnerships.team_replies import left_out_context

_WEIGHTS = ("essential", "wished")


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
    success = (
        _("The requester is asked whether the need may go on.")
        if need.is_confidential
        else _("The need is passed on; its new delay has begun.")
    )
    outcome = run_action_form(
        request,
        partial(redirect_need, need_id=need.pk),
        form,
        arguments=lambda: {
            **{name: value for name, value in form.cleaned_data.items() if name != "organisation"},
            "organisation_id": form.cleaned_data["organisation"].pk,
        },
        success=success,
    )
    if outcome:
        return redirect("needs:list")
    return _form_page(request, need, form, "redirect", **left_out_context(need))


def decline_page(request: Request, key: str) -> HttpResponse:
    """Decline the need with a reason."""
    need = get_need_for_action(request, key, "decline_need")
    networks = _next_networks(request, need)
    form = DeclineForm(request.POST or None, networks=networks)
    success = _("The requester is notified of the reason.")
    action = partial(decline_need, need_id=need.pk)
    if run_action_form(request, action, form, arguments=lambda: form.arguments, success=success):
        return redirect(need)
    return _form_page(request, need, form, "decline", networks=networks, **left_out_context(need))


def _next_networks(request: Request, need: Need) -> list[tuple[Organisation, int | None]]:
    """The networks to which the need can go on, each with the working days that it promises, if any."""
    day = timezone.localdate()
    with read_everything():
        own = [case for case in running_need_cases(need.pk) if request.actor.reach & set(case.organisation_ids)]
        ids = next_networks(need, own[0].organisation_id or 0, day) if own else set()
        networks = list(Organisation.objects.filter(pk__in=ids).order_by("sort_name"))
        return [(network, working_days_promised(network.pk, day)) for network in networks]


def ask_requester_page(request: Request, key: str) -> HttpResponse:
    """Ask the requester for more, with the clock stopped."""
    need = get_need_for_action(request, key, "ask_requester")
    form = MessageForm(request.POST or None)
    own = [case for case in running_need_cases(need.pk) if request.actor.reach & set(case.organisation_ids)]
    stops = any(stops_clock(case) for case in own)
    success = (
        _("The requester is asked; the clock of your promise stands still until they answer.")
        if stops
        else _("The requester is asked; the clock runs on.")
    )
    if run_action_form(request, partial(ask_requester, need_id=need.pk), form, success=success):
        return redirect(need)
    return _form_page(request, need, form, "question")


@require_POST
def resume(request: Request, key: str) -> HttpResponse:
    """Start the clock again, as after an answer by mail."""
    need = get_need_for_action(request, key, "resume_need")
    return redirect_after_action(request, resume_need, need, _("The clock runs again."), need_id=need.pk)


@require_POST
def remind(request: Request, key: str) -> HttpResponse:
    """Remind the team of one request, or all teams that can be reminded today."""
    need = get_need_for_action(request, key, "ask_teams")
    chosen = parse_number(request.POST.get("request", ""))
    requests = need.requests.select_related("offer__provider").order_by("pk")
    due = [one for one in requests if one.pk == chosen or (not chosen and can_be_reminded(one, timezone.localdate()))]
    success = _("%s is reminded by mail.")
    for one in due:
        message = success % one.offer.provider.short_name
        run_action_form(request, remind_team, arguments={"request_id": one.pk}, success=message)
    return redirect(need)


def ask_teams_page(request: Request, key: str) -> HttpResponse:
    """Ask teams whether they take part; the best matching offers come first.

    What ties their providers to the requester is said beside them, unless a button left it out: what was ticked and
    typed stays.
    """
    need = get_need_for_action(request, key, "ask_teams")
    posted = request.POST
    ties_off = ties_left_out(request)
    asker = None if ties_off else Asker.of(requester_of(need, actor=request.actor))
    matches = match_offers(need.text, actor=request.actor, on=request.as_of.on, asker=asker)
    offer_ids = [number for text in request.GET.getlist("offer")[:20] if (number := parse_number(text))]
    choices = [proposal.offer for proposal in matches.proposed]
    choices += offers(actor=request.actor).filter(pk__in=set(offer_ids) - {offer.pk for offer in choices})
    ties = {match.offer.pk: match.ties for match in matches.proposed if match.ties}
    shown = {"any_tie": bool(ties), "ties_off": ties_off}
    if "ties" in posted:
        ticked = {"offers": posted.getlist("offers"), "message": posted.get("message", "")}
        return _form_page(request, need, AskForm(choices=choices, ties=ties, initial=ticked), "ask", **shown)
    form = AskForm(posted or None, choices=choices, ties=ties, initial={"offers": offer_ids})
    outcome = run_action_form(
        request,
        partial(ask_teams, need_id=need.pk),
        form,
        arguments=lambda: form.cleaned_data | {"offers": [offer.pk for offer in form.cleaned_data["offers"]]},
        success=_("The teams are asked; their replies will stand on this page."),
    )
    if outcome:
        return redirect(need)
    return _form_page(request, need, form, "ask", **shown)


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
