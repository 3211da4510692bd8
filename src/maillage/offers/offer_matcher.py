"""Matchers of needs to offers, cached in memory until offers or vocabularies change."""

import datetime as dt
import gc
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Max, Q

from maillage.core.actors import PUBLIC, Actor
from maillage.core.history import moment_read
from maillage.core.text import fold
from maillage.matching.offer_index import OfferIndex, OfferText
from maillage.matching.research_stage import TrlRange
from maillage.matching.vocabulary import Concept, Facet, Vocabulary
from maillage.matching.word_lists import Language
from maillage.offers.models import JointPart, Offer, VocabularyConcept, VocabularyLoad
from maillage.offers.queries import offers

# An institute has dozens of offers, a network thousands; a larger index would not fit in memory.
V = TypeVar("V")
MOST_OFFERS = 20_000
_CACHE_SIZE = 4
# Vocabularies of one's own; the others are large public ones, which come after them.
_OWN = ~Q(source__in=("EuroVoc", "HPO"))

Version = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class OfferMatcher:
    """An index of the offers open on a day, over the vocabulary of the site."""

    index: OfferIndex
    vocabulary: Vocabulary


_matchers: "OrderedDict[Version, OfferMatcher]" = OrderedDict()
_vocabularies: "OrderedDict[Version, Vocabulary]" = OrderedDict()
_lock = threading.Lock()


def get_offer_matcher(*, actor: Actor, on: dt.date, known: dt.datetime | None = None) -> OfferMatcher:
    """The matcher of the offers an actor may read on a day; rebuilt only after changes of offers or vocabularies."""
    version = (
        _non_public_offer_ids(actor),
        on,
        known or moment_read(),
        last_change("offers.Offer"),
        last_change("register.Organisation"),
    )
    vocabulary_version = _vocabulary_version()
    with _lock:
        if (*version, *vocabulary_version) not in _matchers:
            vocabulary = _cached_vocabulary(vocabulary_version)
            cache_value(
                _matchers,
                (*version, *vocabulary_version),
                OfferMatcher(_build_index(actor, on, vocabulary), vocabulary),
            )
            # The index is long-lived: keep the garbage collector from scanning it during requests.
            gc.freeze()
        return _matchers[(*version, *vocabulary_version)]


def get_vocabulary() -> Vocabulary:
    """The vocabulary of the site: the concepts of the package and the loaded ones."""
    with _lock:
        return _cached_vocabulary(_vocabulary_version())


def cache_value(cache: "OrderedDict[Version, V]", version: Version, value: V) -> None:
    """Keep a value for a version of what it was built from; the oldest of more than four is dropped."""
    cache[version] = value
    while len(cache) > _CACHE_SIZE:
        cache.popitem(last=False)


def _non_public_offer_ids(actor: Actor) -> frozenset[int]:
    """The offers that this actor reads besides the public ones; actors with the same set share an index."""
    if actor == PUBLIC:
        return frozenset()
    public = Offer.objects.visible_to(PUBLIC).values("pk")
    return frozenset(offers(actor=actor).exclude(pk__in=public).values_list("pk", flat=True)[:MOST_OFFERS])


def last_change(model: str) -> int:
    """The id of the last event of a table, unrestricted: a record hidden since must leave every index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seen.last_event(%s)", [apps.get_model(f"{model}Event")._meta.db_table])
        return int(cursor.fetchone()[0])


def forget_matchers() -> None:
    """Clear the caches of matchers and vocabularies, for example after the database was replaced."""
    with _lock:
        _matchers.clear()
        _vocabularies.clear()


def _vocabulary_version() -> Version:
    """What the vocabulary depends on: the last load, and offers where their key words stand for a vocabulary."""
    last_load = VocabularyLoad.objects.aggregate(last=Max("pk"))["last"] or 0
    return (last_load, 0 if _has_own_vocabulary() else last_change("offers.Offer"))


def _has_own_vocabulary() -> bool:
    return VocabularyConcept.objects.filter(_OWN).exists()


def _cached_vocabulary(version: Version) -> Vocabulary:
    if version not in _vocabularies:
        own = _concepts(_OWN) if _has_own_vocabulary() else _keyword_concepts()
        cache_value(_vocabularies, version, Vocabulary.of(own, _concepts(~_OWN)))
    return _vocabularies[version]


def _keyword_concepts() -> Iterator[Concept]:
    """The key words of public offers: where no vocabulary of one's own is loaded, needs are understood in these."""
    offers_keywords = Offer.objects.visible_to(PUBLIC).order_by("pk").values_list("keywords", flat=True)
    keywords = {fold(word): word for words in offers_keywords[:MOST_OFFERS] for word in words if fold(word)}
    for folded, word in sorted(keywords.items()):
        yield Concept(f"keyword:{folded[:100]}", dict.fromkeys(Language, (word,)), facet=Facet.FIELD)


def _concepts(where: Q) -> Iterator[Concept]:
    """The loaded concepts: those of one's own vocabulary come before the others."""
    for row in VocabularyConcept.objects.filter(where).order_by("pk").iterator(chunk_size=5_000):
        yield Concept(
            key=row.key,
            labels={Language.FR: tuple(row.labels_fr), Language.EN: tuple(row.labels_en)},
            broader=tuple(row.broader),
            opposite=tuple(row.opposite),
            facet=Facet(row.facet),
            exact=tuple(row.exact),
            source=row.source,
        )


def _build_index(actor: Actor, on: dt.date, vocabulary: Vocabulary) -> OfferIndex:
    ended = JointPart.objects.exclude(part__possible__holds=on).values("joint")
    # A joint offer is open for as long as each of its parts is.
    open_offers = offers(actor=actor).possible_on(on).exclude(pk__in=ended).order_by("pk")[:MOST_OFFERS]
    return OfferIndex.of((offer_text(offer) for offer in open_offers), vocabulary)


def offer_text(offer: Offer) -> OfferText:
    """An offer as the matcher reads it."""
    provider = offer.provider
    return OfferText(
        key=offer.key,
        titles={Language.FR: offer.title_fr, Language.EN: offer.title_en},
        keywords=tuple(offer.keywords),
        notes=offer.note_en,
        provider=" ; ".join(filter(None, (provider.name_fr, provider.name_en, provider.acronym))),
        notes_fr=offer.note_fr,
        stage=offer.stage_en,
        stage_fr=offer.stage_fr,
        trl=TrlRange(offer.trl_low, offer.trl_high) if offer.trl_low and offer.trl_high else None,
        languages=tuple(Language(code) for code in offer.languages if code in ("fr", "en")),
    )
