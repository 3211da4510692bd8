"""Filters of the list of offers by what is read from their texts."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC
from maillage.listing.filters import Filter
from maillage.listing.values import Records
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import OfferMatcher, get_offer_matcher


def disease_filter() -> Filter:
    """A filter by a disease that public offers name; offers for a narrower one answer too."""
    return Filter("disease", _("Disease"), _diseases, apply_on=_offers_for)


def _matcher(day: dt.date) -> OfferMatcher:
    return get_offer_matcher(actor=PUBLIC, on=day)


def _diseases() -> list[tuple[str, str]]:
    """The diseases of public offers, by name: concept and label in the active language."""
    matcher = _matcher(timezone.localdate())
    language = Language.FR if (get_language() or "fr").startswith("fr") else Language.EN
    concepts = {concept for offer in matcher.index.offers for concept in offer.diseases}
    named = [(key, matcher.vocabulary.concept(key).label(language)) for key in concepts]
    return sorted(named, key=lambda disease: disease[1].casefold())


def _offers_for(offers: Records, disease: str, day: dt.date) -> Records:
    """The public offers open on a day that name a disease or a narrower one; none for an unknown disease."""
    matcher = _matcher(day)
    named = {concept for offer in matcher.index.offers for concept in offer.diseases}
    covered = {key for key in named if key == disease or disease in dict(matcher.vocabulary.ancestors(key))}
    return offers.filter(key__in=[offer.text.key for offer in matcher.index.offers if offer.diseases & covered])
