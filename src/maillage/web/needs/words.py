"""Capabilities by name, in the language of the page."""

from maillage.offers.queries import vocabulary
from maillage.publishing.answering import reader_language


def named(concept: str) -> str:
    """The name of a concept in the reader's language; the concept itself where the vocabulary has lost it."""
    words = vocabulary()
    if concept not in words.concepts and concept not in words.aliases:
        return concept
    return words.concept(concept).label(reader_language())
