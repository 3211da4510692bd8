"""Partners ranked from past projects: what is learned, from when, and that it is the same each time."""

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pytest

from maillage.matching.partners.evaluation import (
    COMPLETION_GROUP,
    LEARNED_SYSTEM,
    EvaluationRow,
    evaluate_rankings,
)
from maillage.matching.partners.evidence import KnownParty, PartnerEvidence
from maillage.matching.partners.features import top_positions
from maillage.matching.partners.index import PastProjectIndex, call_family
from maillage.matching.partners.masked_texts import TEXT_FORMS, MaskedTexts, name_masker
from maillage.matching.partners.need_files import IdentifiedNeed, InvalidNeedsFileError, read_needs, write_run
from maillage.matching.partners.ranker import (
    SINGLE_EVERY,
    PartnerRanker,
    learn_ranker,
    load_or_learn_ranker,
    with_single_projects,
)
from maillage.matching.partners.training import answerable_projects, encode_evidence
from tests.matching.partners.sample_evidence import PARTIES, project, small_evidence

# To learn a ranking takes seconds, and to load the library of it.
pytestmark = pytest.mark.programs

NEEDS = ["How do leukaemia cells answer stress?", "Energy from the tides of the ocean"]


@pytest.fixture(scope="module")
def learned() -> PartnerRanker:
    return learn_ranker(small_evidence())


def test_those_who_know_the_subject_come_first(learned):
    cells, sea = ([key for key, _score in ranked] for ranked in learned.rank(NEEDS))
    assert {key.split("-")[0] for key in cells[:3]} == {"cell"}
    assert {key.split("-")[0] for key in sea[:3]} == {"sea"}


def test_scores_fall_and_the_limit_is_kept(learned):
    ranked = next(learned.rank(NEEDS[:1], limit=4))
    scores = [score for _key, score in ranked]
    assert len(ranked) == 4
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("text", ["", "zzz", "的", "stress " * 5_000])
def test_any_text_is_ranked(learned, text):
    assert len(next(learned.rank([text]))) == len(PARTIES)


def test_what_is_learned_is_the_same_each_time(learned):
    assert list(learn_ranker(small_evidence()).rank(NEEDS)) == list(learned.rank(NEEDS))


def test_what_was_saved_ranks_as_what_was_learned(tmp_path, learned):
    evidence = small_evidence()
    again = [list(load_or_learn_ranker(evidence, tmp_path, lambda *_told: None).rank(NEEDS)) for _time in range(2)]
    assert again == [list(learned.rank(NEEDS))] * 2
    assert len(list(tmp_path.iterdir())) == 1


def test_other_evidence_is_learned_anew_and_what_was_saved_before_is_removed(tmp_path):
    first, second = small_evidence(20), small_evidence(30)
    for evidence in (first, second):
        load_or_learn_ranker(evidence, tmp_path, lambda *_told: None)
    assert [second.fingerprint[:32] in file.name for file in tmp_path.iterdir()] == [True]


def test_features_of_a_need_do_not_change_when_later_projects_are_removed():
    whole, day = small_evidence(), dt.date(2022, 12, 31)
    cut = PartnerEvidence(whole.parties, tuple(one for one in whole.projects if one.signed_on <= day))
    before, after = (
        list(encode_evidence(evidence.until(day), MaskedTexts(evidence)).candidates(NEEDS)) for evidence in (whole, cut)
    )
    for one, other in zip(before, after, strict=True):
        assert (one.columns == other.columns).all()
        assert (one.values == other.values).all()


def test_what_is_learned_until_a_day_does_not_change_with_what_comes_after():
    whole, day = small_evidence(), dt.date(2023, 3, 31)
    more = PartnerEvidence.of(
        PARTIES, [*whole.projects, *(project(100 + n, "sea", dt.date(2024, 1, n + 1)) for n in range(9))]
    )
    one, other = (list(learn_ranker(evidence.until(day)).rank(NEEDS)) for evidence in (whole, more))
    assert one == other


def test_lessons_are_read_with_an_index_of_the_time():
    evidence = small_evidence()
    day = evidence.projects[40].signed_on
    assert max(one.signed_on for one in evidence.until(day).projects) == day
    assert min(one.signed_on for one in evidence.between(day, dt.date.max)) > day


def test_a_need_is_answered_by_several_partners_of_which_one_was_known():
    known = small_evidence(4)
    alone, strangers, several = (
        project(9, "sea", dt.date(2023, 1, 1), parties)
        for parties in (("sea-lab",), ("a", "b", "c"), ("sea-lab", "b", "c"))
    )
    assert answerable_projects([alone, strangers, several], known) == [several]


def test_names_and_towns_are_masked_where_they_stand_as_words():
    blank = name_masker(PARTIES)
    assert blank("With the Institut des Cellules in LYON and Cellula GmbH").split() == ["With", "the", "in", "and"]
    assert "Lyonnaise" in blank("the Lyonnaise tradition")


def test_short_names_are_masked_as_written_alone():
    assert name_masker(PARTIES)("ICE studies ice at Brest").split() == ["studies", "ice", "at"]


def test_each_form_of_a_need_is_masked_with_the_names_of_its_own_parties():
    evidence = small_evidence(1)
    one = evidence.projects[0]
    named = project(0, "cell", one.signed_on, ("cell-lab",))
    statements = MaskedTexts(PartnerEvidence(evidence.parties, (named,)))
    assert set(TEXT_FORMS) == {"topic", "keywords", "objective"}
    assert statements.text(named, "topic", masked=False) == named.topic_title
    assert statements.text(named, "objective") == f"{named.title} {named.objective}"


@pytest.fixture(scope="module")
def measured() -> list[EvaluationRow]:
    return list(evaluate_rankings(small_evidence(), dt.date(2023, 3, 31), plain=True))


def test_evaluation_measures_each_form_masked_and_plain_beside_the_baselines(measured):
    everything = [row for row in measured if row.group == "all"]
    assert {(row.form, row.masked) for row in measured} == {
        (form, masked) for form in TEXT_FORMS for masked in (True, False)
    }
    assert {row.system for row in everything} == {
        LEARNED_SYSTEM, "popularity", "BM25 on profiles", "BM25 on projects, vote (s⁴)",
        "BM25 on enriched projects, vote (s³)",
    }  # fmt: skip
    assert {row.needs for row in everything} == {14}
    assert all(row.estimates[0].mean == 1 for row in everything if row.system == LEARNED_SYSTEM)


def test_gains_are_over_the_baseline_that_is_best(measured):
    for learned in (row for row in measured if row.system == LEARNED_SYSTEM):
        rivals = [
            row.estimates[0].mean
            for row in measured
            if (row.form, row.masked, row.group) == (learned.form, learned.masked, learned.group) and row is not learned
        ]
        assert learned.gains[0].mean == pytest.approx(learned.estimates[0].mean - max(rivals))


def test_evaluation_measures_how_a_coordinator_is_completed(measured):
    completing = [row for row in measured if row.group == COMPLETION_GROUP and row.form == "topic" and row.masked]
    assert {row.needs for row in completing} == {14}
    assert "learned, without the members" in {row.system for row in completing}


def test_what_is_learned_is_kept_for_the_next_evaluation(tmp_path):
    first, second = (
        list(evaluate_rankings(small_evidence(), dt.date(2023, 3, 31), kept=tmp_path)) for _time in range(2)
    )
    assert first == second
    assert len(list(tmp_path.iterdir())) == 1


def test_members_are_no_candidates_and_draw_those_who_worked_with_them(learned):
    (ranked,) = learned.rank(["A question without a subject"], members=[["sea-lab"]])
    keys = [key for key, _score in ranked]
    assert "sea-lab" not in keys
    assert {key.split("-")[0] for key in keys[:2]} == {"sea"}


def test_a_party_of_a_single_project_can_be_found():
    evidence = small_evidence()
    once = project(500, "sea", evidence.projects[-1].signed_on, ("newcomer", "sea-lab"))
    more = PartnerEvidence.of(
        [*evidence.parties.values(), KnownParty("newcomer", "Newcomer")], [*evidence.projects, once]
    )
    (candidates,) = encode_evidence(more, MaskedTexts(more)).candidates([f"{once.title} {once.objective}"])
    index = PastProjectIndex.of(more)
    assert index.columns_of(["newcomer"])[0] in candidates.columns


def test_parties_of_a_single_project_have_places_after_the_first_ten():
    order, single = np.arange(60), np.arange(60) >= 50
    placed = with_single_projects(order, single)
    assert sorted(placed) == list(order)
    assert placed[:10].tolist() == list(range(10))
    assert np.flatnonzero(single[placed])[:4].tolist() == [10 + SINGLE_EVERY * number - 1 for number in range(1, 5)]
    assert placed[single[placed]].tolist() == list(range(50, 60))


def test_parties_of_a_single_project_that_are_likely_are_not_put_down():
    single = np.arange(60) < 30
    assert with_single_projects(np.arange(60), single).tolist() == list(range(60))


def test_a_text_of_a_length_not_learned_from_is_ranked_by_the_model_of_the_nearest_length(learned):
    page = " ".join(learned.reader.index.terms.numbers)
    lengths = [candidates.length for candidates in learned.reader.candidates([NEEDS[0], page])]
    assert lengths == [0, 2]
    assert set(learned.models) == {0}
    assert len(next(learned.rank([page]))) == len(PARTIES)


def test_features_of_a_party_do_not_grow_with_the_index():
    """What is learned with the few projects of early years must hold for the many of later ones."""
    few, many = (small_evidence(number) for number in (60, 240))
    values = []
    for evidence in (few, many):
        (candidates,) = encode_evidence(evidence, MaskedTexts(evidence)).candidates(NEEDS[:1])
        first = candidates.values[0]
        values.append([first[candidates.names.index(name)] for name in ("popularity", "usual size")])
    assert values[0] == pytest.approx(values[1], rel=0.01)


def test_there_is_nothing_to_evaluate_without_a_before_and_an_after():
    for day in (dt.date(2021, 1, 1), dt.date(2030, 1, 1)):
        with pytest.raises(ValueError, match="There must be projects"):
            list(evaluate_rankings(small_evidence(), day))


def test_a_line_of_calls_is_one_across_the_years():
    assert call_family("HORIZON-CL5-2022-D2-01-03") == call_family("HORIZON-CL5-2024-D2-01-07") == "HORIZON-CL5-D2"


def test_of_equal_scores_the_first_comes_first():
    assert top_positions(np.array([1, 3, 3, 2, 3], np.float32), 3).tolist() == [1, 2, 4]


def test_the_index_counts_each_party_of_a_project_once():
    twice = project(1, "sea", dt.date(2022, 1, 1), ("sea-lab", "sea-lab", "sea-firm"))
    index = PastProjectIndex.of(PartnerEvidence.of(PARTIES, [twice]))
    assert (index.sizes.tolist(), index.popularity.tolist()) == ([2], [1, 1])


def test_needs_are_read_from_a_csv(tmp_path):
    file = _csv(tmp_path, 'identifier,note,text\nq1,x,"cells, stressed"\nq2,y,waves\n')
    assert read_needs(file) == [IdentifiedNeed("q1", "cells, stressed"), IdentifiedNeed("q2", "waves")]


def test_members_of_a_need_are_read_from_their_column(tmp_path):
    file = _csv(tmp_path, "identifier,text,members\nq1,cells,999; 888\nq2,waves,\n")
    assert [need.members for need in read_needs(file)] == [("999", "888"), ()]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("identifier,body\nq1,x\n", "line 1: the column “text” is missing"),
        ("", "line 1: the column “identifier” is missing"),
        ("identifier,text\nq1,x\nq1,y\n", "line 3: the identifier “q1” was given before"),
        ("identifier,text\nq1\n", "line 2: the text is empty"),
        ("identifier,text\n,x\n", "line 2: the identifier is empty or holds a space"),
        ("identifier,text\na b,x\n", "line 2: the identifier is empty or holds a space"),
        ('identifier,text\nq1,"x\n', "it cannot be read"),
    ],
)
def test_needs_that_cannot_be_ranked_are_refused_with_their_line(tmp_path, written, said):
    with pytest.raises(InvalidNeedsFileError, match=said):
        read_needs(_csv(tmp_path, written))


def test_a_file_of_needs_that_is_not_there_or_not_utf8_is_told(tmp_path):
    with pytest.raises(InvalidNeedsFileError, match="cannot be read"):
        read_needs(tmp_path / "none.csv")
    (tmp_path / "needs.csv").write_bytes("identifier,text\nq,é".encode("latin-1"))
    with pytest.raises(InvalidNeedsFileError, match="UTF-8"):
        read_needs(tmp_path / "needs.csv")


def test_a_run_has_the_form_of_trec():
    out = io.StringIO()
    write_run(out, [IdentifiedNeed("q1", "x")], [[("999", 1.5), ("7", 0.25)]])
    assert out.getvalue() == "q1 Q0 999 1 1.500000 maillage\nq1 Q0 7 2 0.250000 maillage\n"


def _csv(folder: Path, written: str) -> Path:
    file = folder / "needs.csv"
    file.write_text(written, "utf-8")
    return file
