"""The first values of the form of an offer: what it is about, by capabilities of the vocabulary.

Only names of the vocabulary are filled in: the words of a need are not for an offer, which everybody reads.
"""

from collections.abc import Iterable

from maillage.core.request import Request
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.models import Need
from maillage.partnerships.queries import needs

_MAX_KEYWORDS = 8
_MAX_KEY = 100


def values_of_concepts(vocabulary: Vocabulary, concepts: Iterable[str]) -> dict[str, str]:
    """Titles in both languages of the first of these capabilities (keys), and all of them as key words."""
    known = [vocabulary.concept(key) for key in concepts if key in vocabulary.concepts or key in vocabulary.aliases]
    if not known:
        return {}
    keywords = [concept.label(language) for concept in known[:_MAX_KEYWORDS] for language in Language]
    return {
        "title_fr": known[0].label(Language.FR),
        "title_en": known[0].label(Language.EN),
        "keywords": "; ".join(dict.fromkeys(keywords)),
    }


def values_of_need(need: Need) -> dict[str, str]:
    """The values for what a need asks for, the essential first."""
    return values_of_concepts(
        get_vocabulary(), need.asked.order_by("-essential", "pk").values_list("concept", flat=True)
    )


def named_need(request: Request) -> Need | None:
    """The need of `?need=` (a key), if the reader may read it."""
    key = request.GET.get("need", "")[:_MAX_KEY].replace("\0", "")
    return needs(actor=request.actor).filter(key=key).first() if key else None
