"""The word index of many documents: two languages, filters, what one may see, and changes."""

import pytest

from maillage.matching.text_index import PUBLIC_MARK, IndexedDocument, TextIndex
from maillage.matching.word_lists import Language

EN, FR = Language.EN, Language.FR


def document(number: int, english: str = "", french: str = "", *marks: str) -> IndexedDocument:
    texts = {language: text for language, text in ((EN, english), (FR, french)) if text}
    return IndexedDocument(number, texts, frozenset(marks or {PUBLIC_MARK}))


@pytest.fixture
def index(tmp_path) -> TextIndex:
    return TextIndex.build(
        tmp_path / "index",
        [
            document(1, "batteries without cobalt"),
            document(2, "solid batteries", "les batteries solides", PUBLIC_MARK, "country:FR"),
            document(3, "a battery that nobody may see", "", "body:7"),
            document(4, "", "les énergies marines", PUBLIC_MARK, "country:FR", "kind:project"),
            document(5, "the batteries of a body", "", "body:8", "country:FR"),
        ],
    )


def numbers(index: TextIndex, text: str, language: Language = EN, **narrowed: object) -> list[int]:
    return [one.number for one in index.search({language: text}, **narrowed)]


def test_words_are_found_whatever_their_ending_or_accents(index):
    assert set(numbers(index, "battery")) == {1, 2}
    assert numbers(index, "l’energie marine", FR) == [4]


def test_a_rare_word_counts_for_more(index):
    assert numbers(index, "batteries cobalt") == [1, 2]


def test_a_need_may_be_given_in_both_languages(index):
    found = index.search({EN: "cobalt", FR: "marines"})
    assert {one.number for one in found} == {1, 4}


def test_hidden_documents_are_found_by_those_alone_who_see_them(index):
    assert 3 in numbers(index, "battery", sees=(PUBLIC_MARK, "body:7"))
    assert numbers(index, "battery", sees=("body:8",)) == [5]
    assert set(numbers(index, "battery", sees=None)) == {1, 2, 3, 5}


def test_filters_must_all_be_met(index):
    assert numbers(index, "battery", within=["country:FR"]) == [2]
    assert numbers(index, "marines", FR, within=["country:FR", "kind:project"]) == [4]
    assert numbers(index, "battery", within=["country:DE"]) == []


@pytest.mark.parametrize("text", ["", "the of and", "zzz", '( ) " AND OR *'])
def test_a_text_without_words_that_are_held_finds_nothing(index, text):
    assert numbers(index, text) == []


def test_a_filter_that_few_meet_finds_them_behind_many(tmp_path):
    many = [document(number, "cells " * (1 + number % 3)) for number in range(500)]
    few = [document(1000 + number, "cells and much else beside them", "", PUBLIC_MARK, "rare") for number in range(3)]
    index = TextIndex.build(tmp_path / "index", [*many, *few])
    assert set(numbers(index, "cells", within=["rare"], limit=5)) == {1000, 1001, 1002}


def test_a_changed_document_takes_the_place_of_the_old_one_and_one_gone_is_found_no_more(index):
    index.change([document(1, "engines", "", PUBLIC_MARK, "country:DE")], gone=[2])
    assert numbers(index, "battery") == []
    assert numbers(index, "engine", within=["country:DE"]) == [1]
    assert len(index) == 4


def test_who_reads_sees_a_change_once_it_looks_again(index, tmp_path):
    reader = TextIndex(tmp_path / "index")
    index.change([document(9, "turbines")])
    assert numbers(reader, "turbines") == []
    reader.reload()
    assert numbers(reader, "turbines") == [9]


def test_a_long_need_is_looked_for_by_its_rarest_words(tmp_path):
    common = [document(number, " ".join(f"word{one}" for one in range(60))) for number in range(50)]
    index = TextIndex.build(tmp_path / "index", [*common, document(99, "peculiar")])
    assert numbers(index, " ".join([*(f"word{one}" for one in range(60)), "peculiar"]))[0] == 99
