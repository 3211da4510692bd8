"""What a need means beyond its words: exclusions, populations, scenes, other subjects, wider offers."""

import pytest

from maillage.matching.coverage import Coverage, concept_coverage
from maillage.matching.match_result import MatchResult, NoMatchReason
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import NeedText
from maillage.matching.offer_index import OfferIndex, OfferText
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
        ("CAR-T manufacture without a partner in France, GMP batches", set(), "car-t"),
        # None of these rules anything out.
        ("not all patients have leukaemia", set(), "leukaemia"),
        ("pas tous les registres de leucémies", set(), "registry"),
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


def test_a_phase_ruled_out_leaves_offers_of_other_phases(answer) -> None:
    result = answer("Essai LAM, hors phase I")
    assert result.phases == ()
    assert {"of-22", "of-4"} <= set(offers(result)[:3])


def test_an_offer_of_several_services_stays_for_one_when_another_is_ruled_out(answer) -> None:
    result = answer("Pas de criblage : seulement des biomarqueurs et une validation préclinique.")
    assert offers(result)[0] == "of-platf"


def test_an_offer_for_children_comes_after_where_no_population_is_named(answer) -> None:
    result = answer("clinical trial in AML")
    assert offers(result).index("of-44") > offers(result).index("of-22")


def test_what_sets_the_scene_is_not_asked(answer) -> None:
    assert "diagnosis" not in asked(answer("AML samples taken at diagnosis"))
    assert "diagnosis" in asked(answer("microscopie pour aider au diagnostic"))
    assert "clinical-trial" not in asked(answer("Before a clinical trial, we want AML samples"))
    assert "biobank" in asked(answer("Before a clinical trial we look for an AML biobank"))


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
    (through,) = [match for match in result.proposals[0].why.concepts if match.asked == "lymphoma"]
    assert (through.met, through.steps > 0) == ("cancer", True)


def test_words_not_understood_are_said(answer) -> None:
    assert answer("CD123 in adult AML").unknown == ("CD123",)
    # A verb after its person is none; a noun of the same ending is.
    assert answer("Nous développons un anticorps contre CD123 dans la LAM.").unknown == ("CD123",)
    assert answer("Nous vendons des poissons d’aquarium.").unknown[:1] == ("poissons",)
    assert answer("Poissons d’aquarium, dites-nous").unknown[:1] == ("Poissons",)


@pytest.mark.parametrize(
    "text",
    [
        "Nous sommes quatre-vingts salariés et voudrions, désormais, entreprendre une étude exploratoire",
        "Deux doctorants veulent créer leur entreprise et suivront volontiers un programme d'accélération",
        "We ourselves sought a lab space in January, and twenty colleagues came too",
    ],
)
def test_verbs_numbers_and_adverbs_are_no_subject(answer, text: str) -> None:
    result = answer(text)
    assert result.unknown == ()
    assert result.proposals


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Répondre avec des chercheurs à un appel à projets européen", "of-collab"),
        ("To be pointed to a use case in hospitals", "of-aphp2"),
        ("Il nous faut un contrat de recherche à deux", "of-bilat"),
    ],
)
def test_what_an_offer_is_about_is_a_service(answer, text: str, first: str) -> None:
    assert offers(answer(text))[0] == first


@pytest.mark.parametrize("text", ["A registry of leukaemia", "Un registre des cancers"])
def test_no_disease_is_a_common_word(text: str) -> None:
    registry = Concept("registry", {Language.EN: ("registry",), Language.FR: ("registre",)}, facet=Facet.SERVICE)
    vocabulary = Vocabulary.of([registry])
    index = OfferIndex.of([OfferText("migraine", {Language.EN: "Registry of migraine"})], vocabulary)
    assert match_need(NeedText(text), index, vocabulary).nothing_fits is NoMatchReason.OTHER_SUBJECT


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
