"""What the pages of an offer and of a body show of offers: what joins what, who is free when, what is promised."""

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.kernel.request import Request
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.models import working_days_promised
from maillage.partnerships.queries import Kept, kept
from maillage.register.models import Organisation
from maillage.register.queries import members_of
from maillage.web.acting import may

_PARTS = 20
_YEAR = dt.timedelta(days=365)


def sections(request: Request, offer: Offer) -> dict[str, Any]:
    """The offers it joins, those that join it, when its provider is free, and what the reader may do."""
    readable = offers(actor=request.actor)
    return {
        "template": "offers/offer",
        "parts": list(readable.filter(joints__joint=offer).order_by("provider__sort_name", "pk")[:_PARTS]),
        "joints": list(readable.filter(parts__part=offer).order_by("pk")[:_PARTS]),
        "capacity": capacity_of(offer.provider_id, request.reading.on),
        "may_revise": may(request, "offers.revise_offer", offer_id=offer.pk),
    }


def of_body(request: Request, body: Organisation) -> dict[str, Any]:
    """When the body takes work, what it promises and how it kept that, and what the reader may do for it."""
    promised = working_days_promised(body.pk, request.reading.on)
    acts = request.actor.is_officer or body.pk in request.actor.reach
    return {
        "capacity": capacity_of(body.pk, request.reading.on),
        "promised": promised,
        "kept": _kept(body, timezone.localdate()) if acts and promised else None,
        "may_offer": acts and may(request, "offers.propose_offer", provider_id=body.pk),
        "may_promise": acts and may(request, "partnerships.promise_delay", organisation_id=body.pk),
        "may_join": acts and _may_join(request, body),
    }


def capacity_of(body: int, day: dt.date) -> Capacity | None:
    """What a body says of when it can take work, where that is after `day`."""
    return Capacity.objects.filter(organisation=body, free_from__gt=day).first()


def _kept(body: Organisation, today: dt.date) -> Kept:
    return kept(body.pk, today - _YEAR, today, today)


def _may_join(request: Request, body: Organisation) -> bool:
    allowed = may(request, "offers.compose_joint_offer", network_id=body.pk)
    return allowed and bool(members_of(body.pk, timezone.localdate()))
