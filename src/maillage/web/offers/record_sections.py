"""What the pages of an offer and of a body show of offers: what joins what, who is free when, what is promised."""

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.core.request import Request
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.queries import AnswerPunctuality, answer_punctuality, working_days_promised
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.models import Organisation
from maillage.register.queries import member_ids_of
from maillage.web.listing.page_parts import register_record_sections

_PARTS = 20
_YEAR = dt.timedelta(days=365)


@register_record_sections("offers")
def offer_sections(request: Request, offer: Offer) -> dict[str, Any]:
    """The offers it joins, those that join it, and when its provider is free."""
    readable = offers(actor=request.actor)
    return {
        "template": "offers/offer",
        "parts": list(readable.filter(joints__joint=offer).order_by("provider__sort_name", "pk")[:_PARTS]),
        "joints": list(readable.filter(parts__part=offer).order_by("pk")[:_PARTS]),
        "capacity": capacity_after(offer.provider_id, request.as_of.on),
    }


def organisation_offer_section(request: Request, body: Organisation) -> dict[str, Any]:
    """When the body takes work, what it promises and how it kept that, and what the reader may do for it."""
    promised = working_days_promised(body.pk, request.as_of.on)
    acts = request.actor.is_officer or body.pk in request.actor.reach
    return {
        "capacity": capacity_after(body.pk, request.as_of.on),
        "promised": promised,
        "kept": _kept(body, timezone.localdate()) if acts and promised else None,
        "may_offer": acts and is_action_allowed(request, "offers.propose_offer", provider_id=body.pk),
        "may_promise": acts and is_action_allowed(request, "partnerships.promise_delay", organisation_id=body.pk),
        "may_join": acts and _may_join(request, body),
    }


def capacity_after(body: int, day: dt.date) -> Capacity | None:
    """What a body says of when it can take work, where that is after `day`."""
    return Capacity.objects.filter(organisation=body, free_from__gt=day).first()


def _kept(body: Organisation, today: dt.date) -> AnswerPunctuality:
    return answer_punctuality(body.pk, today - _YEAR, today, today)


def _may_join(request: Request, body: Organisation) -> bool:
    allowed = is_action_allowed(request, "offers.compose_joint_offer", network_id=body.pk)
    return allowed and bool(member_ids_of(body.pk, timezone.localdate()))
