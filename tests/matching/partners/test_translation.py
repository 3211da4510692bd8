"""French needs in the English words of past projects."""

import pytest

from maillage.matching.partners.translation import Translator
from maillage.matching.vocabulary import Vocabulary

HELD = {"robot": 9, "forest": 9, "monitor": 9, "but": 9}


@pytest.fixture
def translator() -> Translator:
    return Translator.of(Vocabulary.of([]), HELD)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Des capteurs pour surveiller les forêts", "sensor monitor forêts"),
        ("Notre projet vise à permettre de détecter les fuites", "project detect leak"),
        ("Le but est d’éviter les déchets", "avoid waste"),
    ],
)
def test_common_words_are_translated_and_empty_ones_left_out(translator, french, english):
    assert translator.english(french).lower().split() == english.split()


def test_an_english_need_is_left_as_it_is(translator):
    text = "The robots that we need monitor forests"
    assert translator.english(text) == text
