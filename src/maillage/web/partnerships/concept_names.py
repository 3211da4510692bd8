"""Names of capabilities in the language of the page."""

from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.offer_matching import reader_language


class ConceptNames(dict[str, str]):
    """Names of concepts in the reader's language, by key.

    A concept that is no longer in the vocabulary has its key as its name.
    """

    def __init__(self) -> None:
        super().__init__()
        self._vocabulary, self._language = get_vocabulary(), reader_language()

    def __missing__(self, concept: str) -> str:
        vocabulary = self._vocabulary
        is_known = concept in vocabulary.concepts or concept in vocabulary.aliases
        self[concept] = vocabulary.concept(concept).label(self._language) if is_known else concept
        return self[concept]
