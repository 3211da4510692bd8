"""What a body does with its offers, its capacity and its promise of answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import REGISTRY
from maillage.core.record_versions import version_guard
from maillage.core.request import Request
from maillage.offers.actions.capacities import say_capacity
from maillage.offers.actions.offers import end_offer, propose_offer, revise_offer
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.queries import working_days_promised
from maillage.presentation.action_forms import (
    action_form_page,
    get_organisation_for_action,
    posted_data,
    run_action_form,
)
from maillage.web.offers.forms import CapacityForm, EndForm, OfferForm, PromiseForm, RevisionForm


def _offer_acted_for(request: Request, key: str, action: str) -> Offer:
    offer: Offer = get_object_or_404(offers(actor=request.actor), key=key)
    REGISTRY[action].check_allowed(request.actor, timezone.now(), {"offer_id": offer.pk})
    return offer


def new_offer_page(request: Request, key: str) -> HttpResponse:
    """Propose an offer of a body."""
    body = get_organisation_for_action(request, key, "offers.propose_offer", "provider_id")
    form = OfferForm(posted_data(request), initial={"languages": ["fr", "en"]})
    if made := run_action_form(request, form, lambda **by: propose_offer(provider_id=body.pk, draft=form.draft, **by)):
        messages.success(request, _("The offer is published; needs are matched to it from now on."))
        return redirect(made)
    intro = _("One capability, in the words by which a company would look for it.")
    return action_form_page(request, form, body, heading=_("Propose an offer"), intro=intro, go=_("Publish the offer"))


def revise_offer_page(request: Request, key: str) -> HttpResponse:
    """Say an offer anew."""
    offer = _offer_acted_for(request, key, "offers.revise_offer")
    form = RevisionForm(posted_data(request), offer=offer)

    def act(**by: Any) -> Offer:
        with version_guard("offers.offer", offer.pk, request.POST.get("version", "")):
            return revise_offer(offer_id=offer.pk, draft=form.changes, reason=form.cleaned_data["reason"], **by)

    if run_action_form(request, form, act):
        messages.success(request, _("The offer is changed; its history keeps what it was."))
        return redirect(offer)
    intro = _("Answers that were sent keep the offer as it was on their day.")
    return action_form_page(
        request, form, offer, versioned=True, heading=_("Revise the offer"), intro=intro, go=_("Change the offer")
    )


def end_offer_page(request: Request, key: str) -> HttpResponse:
    """Let an offer end."""
    offer = _offer_acted_for(request, key, "offers.end_offer")
    form = EndForm(posted_data(request), initial={"last_day": timezone.localdate()})

    def act(**by: Any) -> Offer:
        with version_guard("offers.offer", offer.pk, request.POST.get("version", "")):
            return end_offer(offer_id=offer.pk, **form.cleaned_data, **by)

    if run_action_form(request, form, act):
        messages.success(request, _("The offer ends on that day; it stays readable as it was."))
        return redirect(offer)
    intro = _("After its last day no need is matched to it any more.")
    return action_form_page(
        request, form, offer, versioned=True, heading=_("End the offer"), intro=intro, go=_("End the offer")
    )


def capacity_page(request: Request, key: str) -> HttpResponse:
    """Say when a body can take work."""
    body = get_organisation_for_action(request, key, "offers.say_capacity", "organisation_id")
    said = Capacity.objects.filter(organisation=body).first()
    initial = {name: getattr(said, name) for name in CapacityForm.base_fields} if said else {}
    form = CapacityForm(posted_data(request), initial=initial)
    if run_action_form(request, form, lambda **by: say_capacity(organisation_id=body.pk, **form.posted, **by)):
        messages.success(request, _("Noted: who is not free in time is not proposed first."))
        return redirect(body)
    intro = _("A full laboratory stays in every answer, after those that are free. Say it again whenever it changes.")
    return action_form_page(request, form, body, heading=_("When can it take work?"), intro=intro, go=_("Say it"))


def delay_promise_page(request: Request, key: str) -> HttpResponse:
    """Promise a delay of answer."""
    body = get_organisation_for_action(request, key, "partnerships.promise_delay", "organisation_id")
    promised = working_days_promised(body.pk, timezone.localdate())
    form = PromiseForm(posted_data(request), initial={"working_days": promised})
    if run_action_form(request, form, lambda **by: promise_delay(organisation_id=body.pk, **form.cleaned_data, **by)):
        messages.success(request, _("Promised: needs can be sent to this body, and each gets a day."))
        return redirect(body)
    intro = _("From then on needs can be sent to it. Those that wait keep the delay they began with.")
    return action_form_page(
        request, form, body, heading=_("Promise a delay of answer"), intro=intro, go=_("Promise it")
    )
