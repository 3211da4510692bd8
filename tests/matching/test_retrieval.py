"""The index says which offers hold a concept or a word, and how rare that is."""

import pytest

from maillage.matching.offer_index import STEP_FACTOR, OfferIndex, OfferText
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from tests.matching.conftest import OFFERS


def links(index: OfferIndex, concept: str) -> dict[str, int]:
    return {index.offers[link.offer].text.key: link.steps for link in index.links(concept)}


def test_offers_are_met_by_the_concept_a_wider_or_a_narrower_one(index: OfferIndex) -> None:
    assert links(index, "aml") == {"aml": 0, "children": 0, "bank": 0}
    assert links(index, "bispecific-antibody") == {"aml": 2}
    assert links(index, "acute-leukaemia") == {"aml": -1, "all-adult": -1, "children": -1, "bank": -1}
    assert links(index, "railway") == {}


def test_a_sibling_is_no_match(index: OfferIndex) -> None:
    assert "all-adult" not in links(index, "aml")


def test_each_step_away_weakens_a_link(index: OfferIndex) -> None:
    (link,) = index.links("bispecific-antibody")
    assert link.closeness == pytest.approx(STEP_FACTOR**2)
    assert 0 < link.strength < 1


def test_what_many_offers_hold_is_less_rare(index: OfferIndex) -> None:
    assert index.rarity("acute-leukaemia") < index.rarity("aml") < index.rarity("incubation")


def test_phases_of_a_range_are_held_one_by_one(index: OfferIndex) -> None:
    assert links(index, "phase-3")["aml"] == 0


def test_words_are_found_by_language(index: OfferIndex) -> None:
    postings, rarity = index.postings("hotel", Language.FR)
    assert [index.offers[posting.offer].text.key for posting in postings] == ["hotel"]
    assert rarity > 0


def test_names_need_their_capitals(index: OfferIndex) -> None:
    assert index.named("FILOthèque")
    assert not index.named("filothèque")
    assert not index.named("AML")


def test_two_offers_of_one_key_are_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="key aml"):
        OfferIndex.of([*OFFERS, OFFERS[0]], vocabulary)


def test_an_empty_index_answers(vocabulary: Vocabulary) -> None:
    empty = OfferIndex.of([], vocabulary)
    assert len(empty) == 0
    assert empty.links("aml") == ()


def test_an_offer_may_say_nothing(vocabulary: Vocabulary) -> None:
    assert OfferIndex.of([OfferText("blank", {})], vocabulary).offers[0].surfaces == {}
