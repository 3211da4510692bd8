"""Queries of offers and capacities."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count

from maillage.core.actors import Actor
from maillage.core.models import FactQuerySet
from maillage.offers.drafts import OfferDraft
from maillage.offers.models import Capacity, Offer


def offers(*, actor: Actor) -> FactQuerySet[Offer]:
    """The offers this actor may read, with their provider."""
    return Offer.objects.visible_to(actor).select_related("provider")


# Countries of offers that a form lists; any other can be named in words.
MAX_COUNTRIES = 20


def countries_of_offers(actor: Actor) -> list[str]:
    """The countries (codes) of those who make offers, those of most offers first."""
    countries = Offer.objects.visible_to(actor).exclude(provider__country="").values("provider__country")
    counted = countries.annotate(offers=Count("pk")).order_by("-offers", "provider__country")
    return list(counted.values_list("provider__country", flat=True)[:MAX_COUNTRIES])


def draft_of(offer: Offer) -> OfferDraft:
    """The current fields of an offer as a draft."""
    return OfferDraft(**{name: getattr(offer, name) for name in OfferDraft.__slots__})


def busy_until(organisation_ids: Collection[int], day: dt.date) -> dict[int, dt.date]:
    """The organisations (ids) that take no work on a day, with the first day on which they do again."""
    busy = Capacity.objects.filter(organisation__in=organisation_ids, free_from__gt=day)
    return {organisation_id: free for organisation_id, free in busy.values_list("organisation_id", "free_from") if free}
