"""Folding of text for sorting and finding: case, accents and ligatures put aside."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_NOT_WORD = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """Lower case without accents or punctuation, one space between words: `L’École d’Été` gives `l ecole d ete`."""
    bare = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare.casefold()).strip()
