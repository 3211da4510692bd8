"""A need gets the offers that meet it, with reasons, or is told plainly that nothing fits."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.matching.match_result import MatchResult, NoMatchReason, Proposal
from maillage.matching.need_matching import MAX_PROPOSALS, match_need
from maillage.matching.need_reading import NeedText, concept_weight
from maillage.matching.offer_index import OfferIndex
from maillage.matching.research_stage import TrlRange
from maillage.matching.text import ReadingNoticeKind
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from tests.shared_data import shared_data

FRENCH = (
    "Nous cherchons à valider un anticorps bispécifique dans la LAM de l'adulte, essai de phase I/II, maladie "
    "résiduelle, prélèvements appariés à la rechute"
)
ENGLISH = "bispecific antibody, adult AML, phase I/II, residual disease, paired samples at relapse"


def offers(answered: MatchResult) -> list[str]:
    return [proposal.offer for proposal in answered.proposals]


def only(answered: MatchResult, key: str) -> Proposal:
    return next(proposal for proposal in answered.proposals if proposal.offer == key)


def test_the_twins_get_the_same_offers(example_index: OfferIndex, vocabulary: Vocabulary) -> None:
    french, english = (offers(match_need(NeedText(text), example_index, vocabulary)) for text in (FRENCH, ENGLISH))
    assert french[0] == english[0] == "of-22"
    assert set(french) == set(english)
    assert "of-filotheque" in french
    assert all(abs(french.index(key) - english.index(key)) <= 3 for key in french)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH])
def test_what_nobody_covers_is_said(example_index: OfferIndex, vocabulary: Vocabulary, text: str) -> None:
    uncovered = {item.concept: item.nearest for item in match_need(NeedText(text), example_index, vocabulary).uncovered}
    assert uncovered == {"bispecific-antibody": ("immunotherapy",), "paired-samples": ("samples",)}


def test_reasons_quote_both_sides(example_index: OfferIndex, vocabulary: Vocabulary) -> None:
    proposal = only(match_need(NeedText(FRENCH), example_index, vocabulary), "of-filotheque")
    met = {item.asked: item for item in proposal.why.concepts}
    paired = met["paired-samples"]
    assert (paired.in_need, paired.in_offer, paired.steps) == ("prélèvements appariés", "échantillons", 1) or (
        paired.in_need == "prélèvements appariés" and paired.translated
    )
    assert met["aml"].in_need == "LAM"
    assert 0 < proposal.coverage < 1


def test_a_translated_reason_is_marked(index: OfferIndex, vocabulary: Vocabulary) -> None:
    (met,) = only(match_need(NeedText("une biobanque pour nous"), index, vocabulary), "bank").why.concepts
    assert (met.in_need, met.in_offer, met.translated, met.language) == ("biobanque", "biobank", True, Language.EN)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("données en vie réelle sur la LMC", "of-lmc"),
        ("registre des myélodysplasies", "of-smd"),
        ("start-up cherche incubation à Paris", "of-hotel"),
        ("microscopie et IA pour le diagnostic hématologique", "of-ot4d"),
        ("bien-être animal en élevage bovin", "of-f2e"),
        ("aide réglementaire pour un dispositif médical face à l'ANSM", "of-aphp3"),
        ("PME cherche un premier projet exploratoire avec un Carnot", "of-chiche"),
        ("essai LAL de l'enfant", "of-44"),
        ("suivi de la maladie résiduelle IG/TR dans la LAL", "of-mrd"),
        ("viable lymphoma cells", "of-cevi"),
        ("accès à la FILOthèque", "of-filotheque"),
        ("ex vivo drug testing on AML cells", "of-rainbow"),
    ],
)
def test_plain_needs_find_their_offer(example_index: OfferIndex, vocabulary: Vocabulary, text: str, first: str) -> None:
    assert offers(match_need(NeedText(text), example_index, vocabulary))[0] == first


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NoMatchReason.EMPTY),
        ("\u202e\u0000 ...", NoMatchReason.EMPTY),
        ("a research project on innovation and development in Europe", NoMatchReason.GENERIC),
        ("all", NoMatchReason.GENERIC),
        ("companies, patients, data and networks", NoMatchReason.GENERIC),
        ("we need data management and statistics for a railway trial", NoMatchReason.OTHER_SUBJECT),
        ("sustainable fisheries and aquaculture in the Baltic sea", NoMatchReason.OTHER_SUBJECT),
        ("future main battle tank", NoMatchReason.OTHER_SUBJECT),
    ],
)
def test_nothing_fits_and_says_why(
    example_index: OfferIndex, vocabulary: Vocabulary, text: str, reason: NoMatchReason
) -> None:
    answered = match_need(NeedText(text), example_index, vocabulary)
    assert (answered.proposals, answered.nothing_fits) == ((), reason)
    assert all(reason.sentence(language) for language in Language)


def test_capitals_tell_the_disease_from_the_word(index: OfferIndex, vocabulary: Vocabulary) -> None:
    assert "all-adult" in offers(match_need(NeedText("adult ALL"), index, vocabulary))
    assert offers(match_need(NeedText("adult all"), index, vocabulary)) == []


def test_a_passing_mention_in_a_long_text_is_not_asked(index: OfferIndex, vocabulary: Vocabulary) -> None:
    long = "The maritime corridor needs better quays and moorings for ferries. " * 150
    assert match_need(NeedText(long + "Samples."), index, vocabulary).proposals == ()
    assert offers(match_need(NeedText("AML samples. " * 20 + long), index, vocabulary))


def test_an_offer_for_adults_ranks_lower_for_children(index: OfferIndex, vocabulary: Vocabulary) -> None:
    answered = match_need(NeedText("essai LAL enfant"), index, vocabulary)
    assert offers(answered)[0] == "children"
    (opposed,) = only(answered, "all-adult").why.opposed
    assert (opposed.asked, opposed.offered) == ("paediatric", "adult")


def test_readiness_levels_and_phases_count(index: OfferIndex, vocabulary: Vocabulary) -> None:
    plain = only(match_need(NeedText("AML"), index, vocabulary), "aml")
    fitting = only(match_need(NeedText("AML", trl=TrlRange(4, 5)), index, vocabulary), "aml")
    early = only(match_need(NeedText("AML, TRL 1"), index, vocabulary), "aml")
    assert early.score < plain.score < fitting.score
    assert [stage.fits for stage in early.why.stages] == [False]


def test_the_title_counts_more(index: OfferIndex, vocabulary: Vocabulary) -> None:
    answered = match_need(NeedText("AML samples", title="AML"), index, vocabulary)
    assert {asked.concept: asked.count for asked in answered.asked} == {"aml": 4, "samples": 1}


@pytest.mark.programs
def test_ten_megabytes_get_an_answer_with_a_notice(index: OfferIndex, vocabulary: Vocabulary) -> None:
    answered = match_need(NeedText("AML samples at relapse. " * 450_000), index, vocabulary)
    assert [notice.kind for notice in answered.notices] == [ReadingNoticeKind.READ_IN_PART]
    assert "bank" in offers(answered)


def test_weight_is_one_less_the_chance_of_coincidence() -> None:
    assert concept_weight(1, 2) == 0
    assert concept_weight(1, 0) == 1
    # Poisson with mean 1: three or more come with probability 0.080; the bound exp(2 - 3 ln 3) is 0.274.
    assert concept_weight(3, 1) == pytest.approx(1 - 0.27366, abs=1e-4)


@given(st.floats(0, 50), st.integers(0, 50))
def test_weight_is_a_share_that_grows_with_mentions(expected: float, count: int) -> None:
    assert 0 <= concept_weight(count, expected) <= concept_weight(count + 1, expected) <= 1


WORDS = (
    "AML",
    "LAM",
    "ALL",
    "samples",
    "échantillons",
    "leukemia",
    "phase II",
    "enfant",
    "CAR-T",
    "tank",
    ".",
    "TRL 4",
)


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_answers_are_sound_and_repeatable(index: OfferIndex, vocabulary: Vocabulary, words: list[str]) -> None:
    need = NeedText(" ".join(words))
    answered = match_need(need, index, vocabulary)
    assert answered == match_need(need, index, vocabulary)
    assert bool(answered.proposals) != bool(answered.nothing_fits)
    scores = [proposal.score for proposal in answered.proposals]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= MAX_PROPOSALS
    assert all(0 <= proposal.coverage <= 1 for proposal in answered.proposals)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(index: OfferIndex, vocabulary: Vocabulary, text: str) -> None:
    answered = match_need(NeedText(text, title=text[:20]), index, vocabulary)
    assert bool(answered.proposals) != bool(answered.nothing_fits)


@pytest.mark.programs
def test_european_calls_are_answered_without_noise(example_index: OfferIndex, vocabulary: Vocabulary) -> None:
    with gzip.open(shared_data("eu_open_calls", "calls.jsonl.gz"), "rt", encoding="utf-8") as stream:
        calls = [json.loads(line) for line in stream]
    answered = {
        call["title"]: match_need(
            NeedText(f"{call['description']}\n\n{call['keywords']}", call["title"]), example_index, vocabulary
        )
        for call in calls
    }
    fitting = {title for title, result in answered.items() if result.proposals}
    assert 0.02 * len(answered) < len(fitting) < 0.08 * len(answered)
    about_cancer = {title for title in answered if "cancer" in title.lower().split()}
    # The one left out is about polluted soils.
    assert len(about_cancer) > 8
    assert len(about_cancer - fitting) <= 1
    for title in answered:
        foreign = ("fisher", "railway", "hydrogen", "battery", "defence", "quantum", "heritage", "satellite")
        if any(word in title.lower() for word in foreign):
            assert title not in fitting, title
