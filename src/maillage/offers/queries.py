"""Reads of offers, and the index by which needs are matched to them."""

import datetime as dt
import gc
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max

from maillage.kernel.actors import PUBLIC, Actor
from maillage.kernel.models import FactQuerySet
from maillage.matching.retrieval import OfferIndex, OfferText
from maillage.matching.stage import Levels
from maillage.matching.vocabulary import Concept, Facet, Vocabulary
from maillage.matching.words import Language
from maillage.matching.yaml_sources import read_yaml
from maillage.offers.models import Capacity, JointPart, Offer, VocabularyConcept, VocabularyLoad

# An institute has dozens of offers, a network thousands; beyond this the index would no longer be a thing of memory.
MOST_OFFERS = 20_000
_KEPT = 4

Version = tuple[object, ...]


def offers(*, actor: Actor) -> FactQuerySet:
    """The offers this actor may read, with their provider."""
    found: FactQuerySet = Offer.objects.visible_to(actor).select_related("provider")
    return found


def busy_until(bodies: Collection[int], day: dt.date) -> dict[int, dt.date]:
    """Of these bodies (ids), those that are full on a day, with the day from which they take work again."""
    full = Capacity.objects.filter(organisation__in=bodies, free_from__gt=day)
    return {body: free for body, free in full.values_list("organisation_id", "free_from") if free}


@dataclass(frozen=True, slots=True)
class Matcher:
    """An index of the offers open on a day, over the vocabulary of the site."""

    index: OfferIndex
    vocabulary: Vocabulary


_matchers: "OrderedDict[Version, Matcher]" = OrderedDict()
_vocabularies: "OrderedDict[Version, Vocabulary]" = OrderedDict()
_lock = threading.Lock()


def matcher(*, actor: Actor, on: dt.date, known: dt.datetime | None = None) -> Matcher:
    """The matcher for what this actor may read on a day; built anew only when offers or words have changed."""
    version = (_opened(actor), on, known, _last_change("offers.Offer"), _last_change("register.Organisation"))
    words = _vocabulary_version()
    with _lock:
        if (*version, *words) not in _matchers:
            vocabulary = _vocabulary(words)
            _keep(_matchers, (*version, *words), Matcher(_index(actor, on, vocabulary), vocabulary))
            # The index lives as long as the process: the collector need not walk it during an answer.
            gc.freeze()
        return _matchers[(*version, *words)]


def vocabulary() -> Vocabulary:
    """The words of the site: those that ship with the package and those that were loaded."""
    with _lock:
        return _vocabulary(_vocabulary_version())


def _keep(cache: "OrderedDict[Version, Any]", version: Version, value: object) -> None:
    cache[version] = value
    while len(cache) > _KEPT:
        cache.popitem(last=False)


def _opened(actor: Actor) -> frozenset[int]:
    """What this actor reads besides the public offers: those who read the same share an index."""
    if actor == PUBLIC:
        return frozenset()
    public = Offer.objects.visible_to(PUBLIC).values("pk")
    return frozenset(offers(actor=actor).exclude(pk__in=public).values_list("pk", flat=True)[:MOST_OFFERS])


def _last_change(model: str) -> int:
    """The last event of a table, whoever asks: a record that was hidden since must leave every index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seen.last_event(%s)", [apps.get_model(f"{model}Event")._meta.db_table])
        return int(cursor.fetchone()[0])


def _vocabulary_version() -> Version:
    return (VocabularyLoad.objects.aggregate(last=Max("pk"))["last"] or 0,)


def _vocabulary(version: Version) -> Vocabulary:
    if version not in _vocabularies:
        _keep(_vocabularies, version, Vocabulary.of(example_concepts(), _loaded_concepts()))
    return _vocabularies[version]


@lru_cache(maxsize=1)
def example_concepts() -> tuple[Concept, ...]:
    """The bilingual vocabulary that ships with the package."""
    return read_yaml(Path(str(files("maillage") / "example" / "vocabulary.yaml")), source="Maillage").concepts


def _loaded_concepts() -> Iterator[Concept]:
    for row in VocabularyConcept.objects.order_by("pk").iterator(chunk_size=5_000):
        yield Concept(
            key=row.key,
            labels={Language.FR: tuple(row.labels_fr), Language.EN: tuple(row.labels_en)},
            broader=tuple(row.broader),
            facet=Facet(row.facet),
            exact=tuple(row.exact),
            source=row.source,
        )


def _index(actor: Actor, on: dt.date, vocabulary: Vocabulary) -> OfferIndex:
    ended = JointPart.objects.exclude(part__possible__holds=on).values("joint")
    # A joint offer stands as long as each of its parts does.
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
        stage=offer.stage_en,
        trl=Levels(offer.trl_low, offer.trl_high) if offer.trl_low and offer.trl_high else None,
        languages=tuple(Language(code) for code in offer.languages if code in ("fr", "en")),
    )
