"""What a body does with its offers, its capacity and its promise of answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.kernel.actions import REGISTRY
from maillage.kernel.request import Request
from maillage.kernel.versions import as_read
from maillage.offers.actions import end_offer, propose_offer, revise_offer, say_capacity
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.actions import promise_delay
from maillage.partnerships.models import working_days_promised
from maillage.web.acting import body_acted_for, done, posted, shown
from maillage.web.offers.forms import CapacityForm, EndForm, OfferForm, PromiseForm, RevisionForm


def _offer_acted_for(request: Request, key: str, action: str) -> Offer:
    offer: Offer = get_object_or_404(offers(actor=request.actor), key=key)
    REGISTRY[action].refuse(request.actor, timezone.now(), {"offer_id": offer.pk})
    return offer


def propose(request: Request, key: str) -> HttpResponse:
    """Propose an offer of a body."""
    body = body_acted_for(request, key, "offers.propose_offer", "provider_id")
    form = OfferForm(posted(request), initial={"languages": ["fr", "en"]})
    if made := done(request, form, lambda **by: propose_offer(provider_id=body.pk, draft=form.draft, **by)):
        messages.success(request, _("The offer is published; needs are matched to it from now on."))
        return redirect(made)
    intro = _("One capability, in the words by which a company would look for it.")
    return shown(request, form, body, heading=_("Propose an offer"), intro=intro, go=_("Publish the offer"))


def revise(request: Request, key: str) -> HttpResponse:
    """Say an offer anew."""
    offer = _offer_acted_for(request, key, "offers.revise_offer")
    form = RevisionForm(posted(request), offer=offer)

    def act(**by: Any) -> Offer:
        with as_read("offers.offer", offer.pk, request.POST.get("version", "")):
            return revise_offer(offer_id=offer.pk, draft=form.draft, reason=form.cleaned_data["reason"], **by)

    if done(request, form, act):
        messages.success(request, _("The offer is changed; its history keeps what it was."))
        return redirect(offer)
    intro = _("Answers that were sent keep the offer as it was on their day.")
    return shown(
        request, form, offer, versioned=True, heading=_("Revise the offer"), intro=intro, go=_("Change the offer")
    )


def end(request: Request, key: str) -> HttpResponse:
    """Let an offer end."""
    offer = _offer_acted_for(request, key, "offers.end_offer")
    form = EndForm(posted(request), initial={"last_day": timezone.localdate()})

    def act(**by: Any) -> Offer:
        with as_read("offers.offer", offer.pk, request.POST.get("version", "")):
            return end_offer(offer_id=offer.pk, **form.cleaned_data, **by)

    if done(request, form, act):
        messages.success(request, _("The offer ends on that day; it stays readable as it was."))
        return redirect(offer)
    intro = _("After its last day no need is matched to it any more.")
    return shown(request, form, offer, versioned=True, heading=_("End the offer"), intro=intro, go=_("End the offer"))


def capacity(request: Request, key: str) -> HttpResponse:
    """Say when a body can take work."""
    body = body_acted_for(request, key, "offers.say_capacity", "organisation_id")
    said = Capacity.objects.filter(organisation=body).first()
    initial = {name: getattr(said, name) for name in CapacityForm.base_fields} if said else {}
    form = CapacityForm(posted(request), initial=initial)
    if done(request, form, lambda **by: say_capacity(organisation_id=body.pk, **form.cleaned_data, **by)):
        messages.success(request, _("Noted: who is not free in time is not proposed first."))
        return redirect(body)
    intro = _("A full laboratory stays in every answer, after those that are free. Say it again whenever it changes.")
    return shown(request, form, body, heading=_("When can it take work?"), intro=intro, go=_("Say it"))


def promise(request: Request, key: str) -> HttpResponse:
    """Promise a delay of answer."""
    body = body_acted_for(request, key, "partnerships.promise_delay", "organisation_id")
    promised = working_days_promised(body.pk, timezone.localdate())
    form = PromiseForm(posted(request), initial={"working_days": promised})
    if done(request, form, lambda **by: promise_delay(organisation_id=body.pk, **form.cleaned_data, **by)):
        messages.success(request, _("Promised: needs can be sent to this body, and each gets a day."))
        return redirect(body)
    intro = _("From then on needs can be sent to it. Those that wait keep the delay they began with.")
    return shown(request, form, body, heading=_("Promise a delay of answer"), intro=intro, go=_("Promise it"))
