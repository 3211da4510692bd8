"""Capabilities by name, in the language of the page."""

from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.offer_matching import reader_language


class ConceptNames(dict[str, str]):
    """The names of concepts in the reader's language, by key, from the vocabulary as a page found it.

    A concept that the vocabulary has lost is called by its key.
    """

    def __init__(self) -> None:
        super().__init__()
        self._words, self._language = get_vocabulary(), reader_language()

    def __missing__(self, concept: str) -> str:
        words = self._words
        known = concept in words.concepts or concept in words.aliases
        self[concept] = words.concept(concept).label(self._language) if known else concept
        return self[concept]
