"""What a need means beyond its words: exclusions, populations, scenes, other subjects, wider offers."""

import pytest

from maillage.matching.coverage import Coverage, concept_coverage
from maillage.matching.match_result import MatchResult, NoMatchReason
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import NeedText
from maillage.matching.offer_index import OfferIndex
from maillage.matching.text import parse_text
from maillage.matching.vocabulary import Concept, Facet, Vocabulary
from maillage.matching.word_lists import Language


@pytest.fixture
def answer(example_index: OfferIndex, vocabulary: Vocabulary):
    return lambda text: match_need(NeedText(text), example_index, vocabulary)


def asked(result: MatchResult) -> set[str]:
    return {requested.concept for requested in result.asked}


def offers(result: MatchResult) -> list[str]:
    return [proposal.offer for proposal in result.proposals]


@pytest.mark.parametrize(
    ("text", "excluded", "kept"),
    [
        ("We do not need any clinical trial, only compound screening on AML cells", {"clinical-trial"}, "aml"),
        ("Échantillons de LLC, sans aucun essai", {"clinical-trial"}, "cll"),
        ("Données de santé, hors pédiatrie, hors LMC", {"paediatric", "cml"}, "health-data"),
        ("leukaemia samples, no registry required", {"registry"}, "leukaemia"),
        ("registre des LMC exclu ; une biobanque de leucémies", {"registry", "cml"}, "biobank"),
        # None of these rules anything out.
        ("we have no biobank for AML, who has one?", set(), "biobank"),
        ("not only a registry but also AML samples", set(), "registry"),
        ("a mechanism not understood in AML, to be studied on samples", set(), "aml"),
    ],
)
def test_what_is_ruled_out_is_not_asked(answer, text: str, excluded: set[str], kept: str) -> None:
    result = answer(text)
    assert {concept for concept, _words in result.excluded} == excluded
    assert kept in asked(result)
    assert asked(result).isdisjoint(excluded)


def test_an_offer_of_what_is_ruled_out_comes_after(answer) -> None:
    result = answer("We do not need any clinical trial, only compound screening on AML cells")
    assert set(offers(result)[:2]) == {"of-ds5", "of-rainbow"}


def test_what_sets_the_scene_is_not_asked(answer) -> None:
    assert "diagnosis" not in asked(answer("AML samples taken at diagnosis"))
    assert "diagnosis" in asked(answer("microscopie pour aider au diagnostic"))
    assert "clinical-trial" not in asked(answer("Before a clinical trial, we want AML samples"))


def test_an_association_that_asks_is_no_combination(answer) -> None:
    assert asked(answer("Notre association de malades cherche un registre")).isdisjoint(
        {"combination", "drug-combination"}
    )


@pytest.mark.parametrize(
    "text",
    [
        "Clinical trial in severe asthma",
        "registre national du psoriasis",
        "Essai clinique dans la sarcoïdose",
        "Registry of patients with gout",
    ],
)
def test_a_subject_that_no_offer_has_refuses_in_spite_of_a_service(answer, text: str) -> None:
    assert answer(text).nothing_fits is NoMatchReason.OTHER_SUBJECT


def test_an_offer_for_a_wider_disease_serves_a_narrower_one(answer) -> None:
    result = answer("data management and statistics for a trial in lymphoma")
    assert offers(result)[0] == "of-ctd"
    (lymphoma,) = [item for item in result.uncovered if item.concept == "lymphoma"] or [None]
    assert lymphoma is None or lymphoma.nearest


def test_words_not_understood_are_said(answer) -> None:
    assert answer("CD123 in adult AML").unknown == ("CD123",)
    # A verb after its person is none; a noun of the same ending is.
    assert answer("Nous développons un anticorps contre CD123 dans la LAM.").unknown == ("CD123",)
    assert answer("Nous vendons des poissons d’aquarium.").unknown[:1] == ("poissons",)


def test_coverage_has_one_rule() -> None:
    assert concept_coverage("aml", [("aml", 0)]).coverage is Coverage.COVERED
    assert concept_coverage("aml", [("flt3", -1), ("leukaemia", 2)]).coverage is Coverage.COVERED
    nearly = concept_coverage("aml", [("leukaemia", 2)])
    assert (nearly.coverage, nearly.nearest) == (Coverage.NEARLY, ("leukaemia",))
    assert concept_coverage("aml", []).coverage is Coverage.NOT


def test_a_large_vocabulary_neither_covers_ones_own_names_nor_reads_another_form(vocabulary: Vocabulary) -> None:
    own = [Concept("trial", {Language.EN: ("clinical trial",)})]
    large = [
        Concept("x:1", {Language.EN: ("clinical trial network",)}, facet=Facet.SERVICE),
        Concept("x:2", {Language.EN: ("tea", "barring")}, facet=Facet.SERVICE),
    ]
    both = Vocabulary.of(own, large)

    def found(text: str) -> set[str]:
        return {mention.concept for mention in both.mentions(parse_text(text), (Language.EN,))}

    assert found("a clinical trial network") == {"trial"}
    assert found("bars and teas") == {"x:2"}
    assert found("a bar") == set()
