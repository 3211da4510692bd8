"""Concepts are recognised by their names in either language, and only where they are meant."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.matching.offer_index import OfferText
from maillage.matching.text import parse_text
from maillage.matching.vocabulary import Concept, Vocabulary, expression_stems
from maillage.matching.word_lists import Language


def met(vocabulary: Vocabulary, text: str) -> list[str]:
    return [mention.concept for mention in vocabulary.mentions(parse_text(text))]


def named(key: str, *, fr: str = "", en: str = "", broader: tuple[str, ...] = (), source: str = "own") -> Concept:
    labels = {Language.FR: (fr,) if fr else (), Language.EN: (en,) if en else ()}
    return Concept(key, labels, broader=broader, source=source)


def test_every_keyword_of_the_example_is_a_concept(
    vocabulary: Vocabulary, example_offers: tuple[OfferText, ...]
) -> None:
    keywords = {keyword for offer in example_offers for keyword in offer.keywords}
    assert len(keywords) > 70
    unknown = [word for word in sorted(keywords) if not vocabulary.mentions(parse_text(word), tuple(Language))]
    assert unknown == []


def test_the_example_vocabulary_is_whole(vocabulary: Vocabulary) -> None:
    assert len(vocabulary) >= 250
    assert vocabulary.dangling == ()
    assert vocabulary.aliases == {}
    for concept in vocabulary.concepts.values():
        assert all(concept.labels[language] for language in Language), concept.key
        assert all(other in vocabulary.concepts for other in concept.opposite)


def test_each_name_of_the_example_vocabulary_leads_to_its_concept(vocabulary: Vocabulary) -> None:
    strays = [
        (concept.key, name)
        for concept in vocabulary.concepts.values()
        for language, names in concept.labels.items()
        for name in names
        if concept.key not in {mention.concept for mention in vocabulary.mentions(parse_text(name), (language,))}
    ]
    assert strays == []


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("banque d'échantillons", ["biobank"]),
        ("les banques des échantillons", ["biobank"]),
        ("LEUCÉMIES AIGUËS MYÉLOÏDES", ["aml"]),
        ("leucemie aigue myeloide", ["aml"]),
        ("patients, data", ["patient", "data"]),
        ("childhood ALL", ["paediatric", "all"]),
        ("all the children", ["paediatric"]),
        ("We address ALL of these", []),
        ("FOR ALL THREE themes", []),
        ("WE WANT ALL THAT IS NEW IN THE FIELD", []),
        ("cellules CAR-T", ["car-t"]),
        ("il cherche car il espère", []),
        ("tep scan", []),
        ("TEP", ["pet"]),
        ("T-cell ALL", ["t-all"]),
        ("minimal residual disease", ["mrd"]),
        ("residual. Disease", ["disease"]),
        # An acronym is no other word of the same stem.
        ("une lame de scie, des lames", []),
        ("plusieurs LAM", ["aml"]),
        ("lam, smd", ["aml", "mds"]),
        # A stop word that ends a name is a part of it.
        ("le premier lot", []),
        ("un premier pas", ["first-project"]),
        ("we start next week and know why", []),
        ("the start-up has the know-how", ["start-up", "know-how"]),
        # Names that are chained share a word.
        ("étude de phase II", ["clinical-trial", "phase-2"]),
        ("base de données en vie réelle", ["database", "real-life-data"]),
        # One word may stand within a name of two, but a name within that is no part of it.
        ("primary AML cells", ["primary-samples", "aml"]),
        ("found their biotechnology company", ["start-up-support"]),
        ("besoin d'essai clinique", ["clinical-trial"]),
        # English names of several words are read in a French text, single words are not.
        (
            "nous cherchons des key opinion leaders et un steering committee",
            ["key-opinion-leaders", "steering-committee"],
        ),
        ("nous voulons les sheet de chaque patient", ["patient"]),
        # Compounds in which a word has another sense.
        ("le conseil scientifique de la société", ["governance"]),
        ("gene-edited T cells", ["gene-editing", "cell-therapy"]),
        ("an online bank", ["finance"]),
        ("a bank of tumour samples", ["biobank", "samples"]),
        ("sample size of a trial", ["statistics", "clinical-trial"]),
    ],
)
def test_names_are_met_where_they_are_meant(vocabulary: Vocabulary, text: str, concepts: list[str]) -> None:
    assert met(vocabulary, text) == concepts


def test_the_longest_name_wins(vocabulary: Vocabulary) -> None:
    (mention,) = vocabulary.mentions(parse_text("acute myeloid leukaemia"))
    assert (mention.concept, mention.surface, mention.language) == ("aml", "acute myeloid leukaemia", Language.EN)


def test_wider_concepts_are_counted_in_steps(vocabulary: Vocabulary) -> None:
    assert vocabulary.ancestors("aml")["acute-leukaemia"] == 1
    assert vocabulary.ancestors("aml")["leukaemia"] == 2
    assert "all" not in vocabulary.ancestors("aml")


def test_a_cycle_is_harmless_and_a_missing_wider_concept_is_told() -> None:
    made = Vocabulary.of([named("a", en="apple", broader=("b",)), named("b", en="berry", broader=("a", "gone"))])
    assert made.ancestors("a") == {"b": 1}
    assert made.dangling == (("b", "gone"),)


def test_a_concept_of_another_source_joins_the_one_that_has_its_name() -> None:
    own = named("own", fr="biobanque", en="biobank")
    theirs = Concept("theirs", {Language.EN: ("biobank", "sample store"), Language.FR: ()}, source="other")
    made = Vocabulary.of([own], [theirs, named("child", en="cold store", broader=("theirs",), source="other")])
    assert met(made, "a sample store") == ["own"]
    assert made.concept("theirs") is made.concept("own")
    assert made.ancestors("child") == {"own": 1}


def test_preferred_names_show_in_the_other_language_rather_than_not_at_all() -> None:
    assert named("k", en="kiwi").label(Language.FR) == "kiwi"
    assert Concept("k", {}).label(Language.FR) == "k"


@given(st.text(max_size=200))
def test_no_two_mentions_have_the_same_words(vocabulary: Vocabulary, text: str) -> None:
    mentions = vocabulary.mentions(parse_text(text + " acute myeloid leukemia biobanque " + text))
    assert all(before.start <= after.start for before, after in pairwise(mentions))
    assert len({(mention.start, mention.end) for mention in mentions}) == len(mentions)


WORDS = ("bone", "marrow", "sample", "acute", "myeloid", "leukemia", "of", "the", "registry")


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_recognition_finds_every_name_that_stands_alone(vocabulary: Vocabulary, words: list[str]) -> None:
    found = set(met(vocabulary, "Samples were asked for. " + ". ".join(words)))
    for word in words:
        alone = {mention.concept for mention in vocabulary.mentions(parse_text(word), (Language.EN,))}
        assert alone <= found


def test_a_name_of_stop_words_only_has_no_expression() -> None:
    assert expression_stems("all of the", Language.EN) == ()
    assert expression_stems("set up", Language.EN) == ("set", "up")
