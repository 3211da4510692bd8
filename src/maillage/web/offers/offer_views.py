"""Forms of an organisation for its offers, its capacity and its promise of answer."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.offers.actions.capacities import say_capacity
from maillage.offers.actions.offers import end_offer, propose_offer, revise_offer
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.queries import working_days_promised
from maillage.presentation.action_forms import (
    action_form_page,
    check_action_allowed,
    get_organisation_for_action,
    posted_data,
    run_action_form,
)
from maillage.web.offers.forms import CapacityForm, EndForm, OfferForm, PromiseForm, RevisionForm
from maillage.web.offers.prefilled import named_need, values_of_need


def _get_offer_for_action(request: Request, key: str, action: str) -> Offer:
    offer: Offer = get_object_or_404(offers(actor=request.actor), key=key)
    check_action_allowed(request, action, offer_id=offer.pk)
    return offer


def new_offer_page(request: Request, key: str) -> HttpResponse:
    """Propose an offer of an organisation; `?need=` (a key) fills in what that need asks for."""
    provider = get_organisation_for_action(request, key, "offers.propose_offer", "provider_id")
    need = named_need(request)
    initial = {"languages": ["fr", "en"], **(values_of_need(need) if need else {})}
    form = OfferForm(posted_data(request), initial=initial)
    outcome = run_action_form(
        request,
        partial(propose_offer, provider_id=provider.pk),
        form,
        arguments=lambda: {"draft": form.draft},
        success=_("The offer is published; needs are matched to it from now on."),
    )
    if outcome:
        return redirect(outcome.value)
    intro = _("One capability, in the words by which a company would look for it.")
    return action_form_page(
        request, form, provider, heading=_("Propose an offer"), intro=intro, go=_("Publish the offer")
    )


def revise_offer_page(request: Request, key: str) -> HttpResponse:
    """Revise an offer."""
    offer = _get_offer_for_action(request, key, "offers.revise_offer")
    form = RevisionForm(posted_data(request), offer=offer)
    outcome = run_action_form(
        request,
        partial(revise_offer, offer_id=offer.pk),
        form,
        arguments=lambda: {"draft": form.changes, "reason": form.cleaned_data["reason"]},
        success=_("The offer is changed; its history keeps what it was."),
        version_of=offer,
    )
    if outcome:
        return redirect(offer)
    intro = _("Answers that were sent keep the offer as it was on their day.")
    return action_form_page(
        request, form, offer, versioned=True, heading=_("Revise the offer"), intro=intro, go=_("Change the offer")
    )


def end_offer_page(request: Request, key: str) -> HttpResponse:
    """End an offer on a day."""
    offer = _get_offer_for_action(request, key, "offers.end_offer")
    form = EndForm(posted_data(request), initial={"last_day": timezone.localdate()})
    success = _("The offer ends on that day; it stays readable as it was.")
    if run_action_form(request, partial(end_offer, offer_id=offer.pk), form, success=success, version_of=offer):
        return redirect(offer)
    intro = _("After its last day no need is matched to it any more.")
    return action_form_page(
        request, form, offer, versioned=True, heading=_("End the offer"), intro=intro, go=_("End the offer")
    )


def capacity_page(request: Request, key: str) -> HttpResponse:
    """State when an organisation can take work."""
    organisation = get_organisation_for_action(request, key, "offers.say_capacity", "organisation_id")
    capacity = Capacity.objects.filter(organisation=organisation).first()
    initial = {name: getattr(capacity, name) for name in CapacityForm.base_fields} if capacity else {}
    form = CapacityForm(posted_data(request), initial=initial)
    success = _("Noted: who is not free in time is not proposed first.")
    if run_action_form(request, partial(say_capacity, organisation_id=organisation.pk), form, success=success):
        return redirect(organisation)
    intro = _("A full laboratory stays in every answer, after those that are free. Say it again whenever it changes.")
    return action_form_page(
        request, form, organisation, heading=_("When can it take work?"), intro=intro, go=_("Save the capacity")
    )


def delay_promise_page(request: Request, key: str) -> HttpResponse:
    """Promise a delay of answer."""
    organisation = get_organisation_for_action(request, key, "partnerships.promise_delay", "organisation_id")
    promised = working_days_promised(organisation.pk, timezone.localdate())
    form = PromiseForm(posted_data(request), initial={"working_days": promised})
    success = _("Promised: needs can be sent to this organisation, and each gets a day.")
    if run_action_form(request, partial(promise_delay, organisation_id=organisation.pk), form, success=success):
        if not somebody_acts(organisation.pk, timezone.localdate()):
            messages.warning(request, _("Nobody holds a mandate by which it could answer: invite somebody."))
        return redirect(organisation)
    intro = _("From then on needs can be sent to it. Those that wait keep the delay they began with.")
    return action_form_page(
        request, form, organisation, heading=_("Promise a delay of answer"), intro=intro, go=_("Promise the delay")
    )
