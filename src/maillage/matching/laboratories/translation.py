"""The translator of laboratories' texts and needs into English words."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from maillage.matching.laboratories.evidence import LaboratoryEvidence
from maillage.matching.laboratories.index import Translate
from maillage.matching.partners.terms import stems
from maillage.matching.partners.translation import Translator, is_of_either_language
from maillage.matching.text import parse_text
from maillage.matching.vocabulary import Vocabulary

_LEAST_TEXTS = 5
# All texts of a national register and its projects, and the latest needs.
_REMEMBERED = 50_000


def english_translator(evidence: LaboratoryEvidence, vocabulary: Vocabulary) -> Translate:
    """A translator that prefers the English words of the evidence; it remembers the latest texts."""
    return lru_cache(_REMEMBERED)(Translator.of(vocabulary, _english_stems(evidence)).english)


def as_french(text: str) -> str:
    """A text of a French reader; between two French articles where no word of it tells that it is French."""
    return f"les {text} des" if is_of_either_language(parse_text(text)) else text


def _english_stems(evidence: LaboratoryEvidence) -> dict[str, int]:
    """The number of English texts with each stem: projects of supervising bodies, and descriptions of panels."""
    texts = [project.text for project in evidence.supervisor_projects]
    texts += [laboratory.panel_text for laboratory in evidence.laboratories]
    holders = Counter(word_stem for text in texts for word_stem in set(stems(text)))
    return {word_stem: count for word_stem, count in holders.items() if count >= _LEAST_TEXTS}
