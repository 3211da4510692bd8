"""Reviewers kept from what is too near, asked for the rest, seeing only their own until the panel discusses."""

import datetime as dt

import pytest

from maillage.clinical.models import Trial, TrialGroup
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import PUBLIC
from maillage.labels.models import Award
from maillage.register.models import Organisation, Tie
from maillage.reviews.actions import assign_reviews, find_conflicts, name_reviewer, next_phase, replace_reviewer
from maillage.reviews.deciding import decide, place_dossier, propose_outcome
from maillage.reviews.models import Assignment, Conflict, Decision
from maillage.reviews.publication import last_day, publish_decisions
from maillage.reviews.queries import competences_of, others_on, own_assignments, standings
from maillage.reviews.reviewing import declare_conflict, decline_review, write_review
from tests.calls.wave import DURING, sent
from tests.reviews.panel import assignments, marked, reviewer, themselves


@pytest.fixture
def both(wave):
    """Two dossiers sent: of the institute and of its rival."""
    return sent(wave), sent(wave, wave.rival)


def by(wave, role_of=None) -> dict:
    return {"actor": wave.acting(role_of or wave.agency, "label-officer"), "at": DURING, "call_id": wave.call.pk}


def outside(key: str) -> Organisation:
    return Organisation.objects.create(key=key, kind="university", name_fr=key.title())


def test_what_the_register_shows_keeps_reviewers_away(wave, both):
    own, rival = both
    near, partner, far, past = (outside(key) for key in ("near", "partner", "far", "past"))
    Tie.objects.create(subject=near, object=wave.rival, kind="tutelle", period_start="2010")
    for body, year in ((partner, "2025"), (past, "2001")):
        trial = Trial.objects.create(registry="NCT", number=year, short_title_en=f"Trial {year}", sponsor=body,
                                     period_start=year, period_end=year)  # fmt: skip
        TrialGroup.objects.create(trial=trial, group=wave.institute)
    employers = {"inside": wave.institute, "near": near, "partner": partner, "far": far, "past": past}
    found = {name: reviewer(wave, name, employer) for name, employer in employers.items()}
    find_conflicts(**by(wave))
    held = {(one.reviewer.person.name, one.dossier_id): (one.reason, one.evidence) for one in Conflict.objects.all()}
    assert held == {
        ("inside", own.pk): ("applicant", "Institute"),
        ("near", rival.pk): ("supervision", "Rival"),
        ("partner", own.pk): ("together", "Trial 2025"),
    }
    assert found["far"].conflicts.count() == 0


def test_nobody_is_asked_against_a_conflict_and_each_dossier_gets_its_reviews(wave, both):
    inside = reviewer(wave, "inside", wave.institute)
    for name in ("one", "two", "three"):
        reviewer(wave, name)
    found = assign_reviews(**by(wave))
    assert found.proven
    assert not found.lacks
    asked = {(one.reviewer_id, one.dossier_id) for one in assignments()}
    assert len(asked) == 4
    assert (inside.pk, both[0].pk) not in asked
    assert assign_reviews(**by(wave)).pairs == found.pairs
    assert len(assignments()) == 4


def test_what_lacks_reviewers_is_named(wave, both):
    reviewer(wave, "one")
    lacks = assign_reviews(**by(wave)).lacks
    assert sum(one.missing for one in lacks) == 2


def test_a_reviewer_sees_what_is_asked_of_them_and_nothing_else(wave, both):
    one, two = reviewer(wave, "one"), reviewer(wave, "two")
    assign_reviews(**by(wave))
    assert {held.reviewer_id for held in own_assignments(themselves(one))} == {one.pk}
    assert not own_assignments(PUBLIC)
    theirs = next(held for held in assignments() if held.reviewer_id == two.pk)
    given = {"assignment_id": theirs.pk, "marks": {"strategy": 3, "means": 3}}
    for actor in (themselves(one), PUBLIC, wave.acting(wave.institute), wave.acting(wave.agency, "label-officer")):
        with pytest.raises(Forbidden):
            write_review(actor=actor, at=DURING, **given)


def test_reviews_are_apart_until_the_panel_discusses(wave, both):
    for name in ("one", "two"):
        reviewer(wave, name)
    assign_reviews(**by(wave))
    first, second = assignments(both[0])
    marked(first, "5", "4")
    assert others_on(second) == []
    next_phase(**by(wave), phase="discussion")
    assert [one.to_panel for one in others_on(assignments(both[0])[1])] == ["Between us."]
    with pytest.raises(Impossible):
        next_phase(**by(wave), phase="independent")
    next_phase(**by(wave), phase="closed")
    with pytest.raises(Impossible):
        marked(second, "5", "4")


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ({"strategy": "6", "means": "3"}, "from 0 to 5"),
        ({"strategy": "NaN", "means": "3"}, "from 0 to 5"),
        ({"strategy": "good", "means": "3"}, "a number"),
        ({"strategy": "3"}, "no mark yet"),
        ({"strategy": "3", "means": "3", "charm": "5"}, "no criterion"),
    ],
)
def test_what_is_no_mark_is_told(wave, both, english, marks, told):
    one, _two = reviewer(wave, "one"), reviewer(wave, "two")
    assign_reviews(**by(wave))
    held = next(each for each in assignments() if each.reviewer_id == one.pk)
    with pytest.raises(Impossible, match=told):
        write_review(actor=themselves(one), at=DURING, assignment_id=held.pk, marks=marks, to_applicant="W", send=True)


def test_a_declared_conflict_drops_what_was_written_and_somebody_else_is_asked(wave, both):
    one, two, three = (reviewer(wave, name) for name in ("one", "two", "three"))
    assign_reviews(**by(wave))
    held = next(each for each in assignments() if each.reviewer_id == one.pk)
    marked(held, "5", "5")
    declare_conflict(actor=themselves(one), at=DURING, assignment_id=held.pk, why="We wrote a book together.")
    assert not hasattr(Assignment.objects.get(pk=held.pk), "review")
    found = assign_reviews(**by(wave))
    assert (str(one.pk), str(held.dossier_id)) not in found.pairs
    running = Assignment.objects.filter(dossier=held.dossier, state__in=("asked", "done"))
    assert {each.reviewer_id for each in running} == {two.pk, three.pk}


def test_who_is_late_is_replaced_and_who_declines_is_not_asked_again(wave, both):
    one, two, three = (reviewer(wave, name) for name in ("one", "two", "three"))
    assign_reviews(**by(wave))
    late = assignments(both[0])[0]
    replace_reviewer(actor=by(wave)["actor"], at=DURING, assignment_id=late.pk, reason="Three weeks late.")
    running = Assignment.objects.filter(dossier=both[0], state="asked")
    assert running.count() == 2
    assert late.reviewer_id not in {each.reviewer_id for each in running}
    decline_review(actor=themselves(running[0].reviewer), at=DURING, assignment_id=running[0].pk)
    assert assign_reviews(**by(wave)).lacks
    assert {one.pk, two.pk, three.pk} >= {each.reviewer_id for each in running}


def test_an_account_is_needed_to_review(wave, english):
    with pytest.raises(Impossible, match="has an account"):
        name_reviewer(**by(wave), email="nobody@example.org")


def test_the_panel_orders_with_reasons_over_what_marks_say(wave, both):
    for name in ("one", "two"):
        reviewer(wave, name)
    assign_reviews(**by(wave))
    for held in assignments():
        marked(held, "5" if held.dossier_id == both[0].pk else "2", "3")
    lines = standings(wave.call)
    assert [line.dossier.pk for line in lines] == [both[0].pk, both[1].pk]
    assert (str(lines[0].raw), lines[0].rank, lines[1].rank) == ("4.2", 1, 2)
    place_dossier(actor=by(wave)["actor"], at=DURING, dossier_id=both[1].pk, place=1, reason="It fills a gap.")
    assert [line.dossier.pk for line in standings(wave.call)] == [both[1].pk, both[0].pk]
    with pytest.raises(Impossible):
        place_dossier(actor=by(wave)["actor"], at=DURING, dossier_id=both[1].pk, place=1, reason="")


def proposed(wave, dossier, outcome, base="", who=None):
    actor = who or wave.acting(wave.agency, "label-officer")
    return propose_outcome(
        actor=actor, at=DURING, dossier_id=dossier.pk, outcome=outcome, base=base, reason="The panel says so."
    )


def test_the_quota_is_kept_and_two_officers_do_not_decide_at_once(wave, both, english):
    own, rival = both
    proposed(wave, own, "award")
    with pytest.raises(Impossible, match="at most 1"):
        proposed(wave, rival, "award")
    with pytest.raises(Impossible, match="in the meantime"):
        proposed(wave, own, "refusal")
    proposed(wave, own, "refusal", base="award")
    proposed(wave, rival, "award")
    with pytest.raises(Impossible, match="no outcome"):
        proposed(wave, rival, "honour", base="award")


def test_only_the_authority_decides_and_applicants_read_it_once_published(wave, both):
    own, rival = both
    proposed(wave, own, "award")
    with pytest.raises(Forbidden):
        decide(**by(wave))
    with pytest.raises(Impossible):
        decide(**by(wave, wave.ministry))
    proposed(wave, rival, "preparatory")
    assert decide(**by(wave, wave.ministry)) == 2
    with pytest.raises(Impossible):
        proposed(wave, own, "refusal", base="award")
    assert not Award.objects.exists()
    assert Decision.objects.get(dossier=own).readers == sorted({wave.ministry.pk, wave.agency.pk})
    told = publish_decisions(**by(wave, wave.ministry))
    assert dict(told) == {"award": 1, "preparatory": 1}
    held = {one.label.key: (one.holder_id, one.period_start, one.period_end) for one in Award.objects.all()}
    assert held == {
        "mark": (wave.institute.pk, "2026-03-16", "2031-03-15"),
        "mark-ahead": (wave.rival.pk, "2026-03-16", "2029-03-15"),
    }
    assert all(one.simulated for one in Award.objects.all())
    assert wave.institute.pk in Decision.objects.get(dossier=own).readers
    with pytest.raises(Impossible):
        publish_decisions(**by(wave, wave.ministry))


def test_what_reviewers_wrote_to_the_applicant_comes_without_their_names(wave, both):
    for name in ("one", "two"):
        reviewer(wave, name)
    assign_reviews(**by(wave))
    for held in assignments():
        marked(held, "4", "4")
    feedback = proposed(wave, both[0], "award").feedback
    assert feedback.count(f"Of {both[0].title}.") == 2
    assert "Between us" not in feedback
    assert "one" not in feedback.split()


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [("2026-03-01", 60, "2031-02-28"), ("2026-01-31", 1, "2026-02-27"), ("2024-02-29", 12, "2025-02-27"),
     ("2026-12-15", 1, "2027-01-14")],
)  # fmt: skip
def test_a_term_ends_the_day_before_it_would_begin_again(first, months, last):
    assert last_day(dt.date.fromisoformat(first), months) == dt.date.fromisoformat(last)


def test_texts_are_read_once_however_many_reviewers(wave, both, django_assert_num_queries):
    known = [reviewer(wave, f"r{number}", competences=["institute", "antibody"]) for number in range(5)]
    with django_assert_num_queries(1):
        found = competences_of(known, list(both))
    own, rival = both
    # One word of two is in what the institute says, none in what its rival does.
    assert found[str(known[0].pk), str(own.pk)] == 0.5
    assert found[str(known[0].pk), str(rival.pk)] == 0.15
