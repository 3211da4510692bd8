"""Offer sections on the pages of offers and organisations: joint offers, capacity, promised delay and actions."""

import datetime as dt

from django.utils import timezone

from maillage.core.request import Request
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import offers
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.queries import AnswerPunctuality, answer_punctuality, working_days_promised
from maillage.presentation.action_forms import is_action_allowed
from maillage.register.models import Organisation
from maillage.register.queries import member_ids_of
from maillage.web.listing.page_parts import register_record_sections

_PARTS = 20
_YEAR = dt.timedelta(days=365)


@register_record_sections("offers")
def offer_sections(request: Request, offer: Offer) -> dict[str, object]:
    """The parts of a joint offer, the joint offers it is a part of, and the capacity of its provider."""
    readable = offers(actor=request.actor)
    return {
        "template": "offers/offer",
        "parts": list(readable.filter(joints__joint=offer).order_by("provider__sort_name", "pk")[:_PARTS]),
        "joints": list(readable.filter(parts__part=offer).order_by("pk")[:_PARTS]),
        "capacity": capacity_after(offer.provider_id, request.as_of.on),
    }


def organisation_offer_section(request: Request, organisation: Organisation) -> dict[str, object]:
    """Capacity, promised delay in working days, punctuality over the last year, and the reader's actions."""
    promised = working_days_promised(organisation.pk, request.as_of.on)
    may_act = request.actor.is_officer or organisation.pk in request.actor.reach
    return {
        "capacity": capacity_after(organisation.pk, request.as_of.on),
        "promised": promised,
        "kept": _punctuality(organisation, timezone.localdate()) if may_act and promised else None,
        "nobody_answers": bool(may_act and promised and not somebody_acts(organisation.pk, timezone.localdate())),
        "may_offer": may_act and is_action_allowed(request, "offers.propose_offer", provider_id=organisation.pk),
        "may_promise": may_act
        and is_action_allowed(request, "partnerships.promise_delay", organisation_id=organisation.pk),
        "may_join": may_act and _may_join(request, organisation),
    }


def capacity_after(organisation_id: int, day: dt.date) -> Capacity | None:
    """The capacity of an organisation that is free only after `day`; None for any other."""
    return Capacity.objects.filter(organisation=organisation_id, free_from__gt=day).first()


def _punctuality(organisation: Organisation, today: dt.date) -> AnswerPunctuality:
    return answer_punctuality(organisation.pk, today - _YEAR, today, today)


def _may_join(request: Request, organisation: Organisation) -> bool:
    allowed = is_action_allowed(request, "offers.compose_joint_offer", network_id=organisation.pk)
    return allowed and bool(member_ids_of(organisation.pk, timezone.localdate()))
