"""Reviewers kept from what is too near, asked for the rest, seeing only their own until the panel discusses."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.labels.models import Award
from maillage.notifications.models import Notice
from maillage.people.models import Mandate
from maillage.register.models import Organisation, Tie
from maillage.reviews.actions.assignments import assign_reviews, replace_reviewer
from maillage.reviews.actions.conflicts import declare_conflict, detect_conflicts
from maillage.reviews.actions.decisions import decide, propose_outcome
from maillage.reviews.actions.minutes import make_minutes
from maillage.reviews.actions.panels import open_next_phase
from maillage.reviews.actions.publication import publish_decisions
from maillage.reviews.actions.ranking import place_application
from maillage.reviews.actions.reminders import remind_reviewers
from maillage.reviews.actions.reviewers import name_reviewer
from maillage.reviews.actions.reviews import decline_review, write_review
from maillage.reviews.awards import last_day_of_term
from maillage.reviews.minutes import minutes_content, render_minutes_pdf
from maillage.reviews.models import Assignment, Conflict, Decision
from maillage.reviews.queries import competence_matches, other_reviews, own_assignments
from maillage.reviews.ranking import apply_moves, call_ranking, order_fingerprint
from maillage.reviews.replacement_reviewers import list_replacement_reviewers
from maillage.reviews.sensitivity import weight_sensitivity
from tests.calls.sample_call import DURING, send_sample_application
from tests.reviews.sample_panel import list_assignments, name_sample_reviewer, reviewer_actor, write_sample_review


@pytest.fixture
def both(wave):
    """Two dossiers sent: of the institute and of its rival."""
    return send_sample_application(wave), send_sample_application(wave, wave.rival)


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
    result = {name: name_sample_reviewer(wave, name, employer) for name, employer in employers.items()}
    detect_conflicts(**by(wave))
    values = {
        (conflict.reviewer.person.name, conflict.application_id): (conflict.reason, conflict.evidence)
        for conflict in Conflict.objects.all()
    }
    assert values == {
        ("inside", own.pk): ("applicant", "Institute"),
        ("near", rival.pk): ("supervision", "Rival"),
        ("partner", own.pk): ("together", "Trial 2025"),
    }
    assert result["far"].conflicts.count() == 0


def test_nobody_is_asked_against_a_conflict_and_each_application_gets_its_reviews(wave, both):
    inside = name_sample_reviewer(wave, "inside", wave.institute)
    for name in ("one", "two", "three"):
        name_sample_reviewer(wave, name)
    result = assign_reviews(**by(wave))
    assert result.proven
    assert not result.lacks
    asked = {(list_assignment.reviewer_id, list_assignment.application_id) for list_assignment in list_assignments()}
    assert len(asked) == 4
    assert (inside.pk, both[0].pk) not in asked
    assert assign_reviews(**by(wave)).pairs == result.pairs
    assert len(list_assignments()) == 4


def test_what_lacks_reviewers_is_named(wave, both):
    name_sample_reviewer(wave, "one")
    lacks = assign_reviews(**by(wave)).lacks
    assert sum(lack.missing for lack in lacks) == 2


def test_a_reviewer_sees_what_is_asked_of_them_and_nothing_else(wave, both):
    item, second = name_sample_reviewer(wave, "one"), name_sample_reviewer(wave, "two")
    assign_reviews(**by(wave))
    assert {held.reviewer_id for held in own_assignments(reviewer_actor(item))} == {item.pk}
    assert not own_assignments(PUBLIC)
    theirs = next(held for held in list_assignments() if held.reviewer_id == second.pk)
    arguments = {"assignment_id": theirs.pk, "marks": {"strategy": 3, "means": 3}}
    for actor in (reviewer_actor(item), PUBLIC, wave.acting(wave.institute), wave.acting(wave.agency, "label-officer")):
        with pytest.raises(ActionForbiddenError):
            write_review(actor=actor, at=DURING, **arguments)


def test_reviews_are_apart_until_the_panel_discusses(wave, both):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    first, second = list_assignments(both[0])
    write_sample_review(first, "5", "4")
    assert other_reviews(second) == []
    open_next_phase(**by(wave), phase="discussion")
    assert [other_review.to_panel for other_review in other_reviews(list_assignments(both[0])[1])] == ["Between us."]
    with pytest.raises(ActionError):
        open_next_phase(**by(wave), phase="independent")
    open_next_phase(**by(wave), phase="closed")
    with pytest.raises(ActionError):
        write_sample_review(second, "5", "4")


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
    item, _second = name_sample_reviewer(wave, "one"), name_sample_reviewer(wave, "two")
    assign_reviews(**by(wave))
    values = next(each for each in list_assignments() if each.reviewer_id == item.pk)
    with pytest.raises(ActionError, match=told):
        write_review(
            actor=reviewer_actor(item), at=DURING, assignment_id=values.pk, marks=marks, to_applicant="W", send=True
        )


def test_a_declared_conflict_drops_what_was_written_and_somebody_else_is_asked(wave, both):
    item, second, third = (name_sample_reviewer(wave, name) for name in ("one", "two", "three"))
    assign_reviews(**by(wave))
    values = next(each for each in list_assignments() if each.reviewer_id == item.pk)
    write_sample_review(values, "5", "5")
    declare_conflict(actor=reviewer_actor(item), at=DURING, assignment_id=values.pk, why="We wrote a book together.")
    assert not hasattr(Assignment.objects.get(pk=values.pk), "review")
    result = assign_reviews(**by(wave))
    assert (str(item.pk), str(values.application_id)) not in result.pairs
    running = Assignment.objects.filter(application=values.application, state__in=("asked", "done"))
    assert {each.reviewer_id for each in running} == {second.pk, third.pk}


def test_who_is_late_is_replaced_and_who_declines_is_not_asked_again(wave, both):
    item, second, third = (name_sample_reviewer(wave, name) for name in ("one", "two", "three"))
    assign_reviews(**by(wave))
    late = list_assignments(both[0])[0]
    replace_reviewer(actor=by(wave)["actor"], at=DURING, assignment_id=late.pk, reason="Three weeks late.")
    running = Assignment.objects.filter(application=both[0], state="asked")
    assert running.count() == 2
    assert late.reviewer_id not in {each.reviewer_id for each in running}
    decline_review(actor=reviewer_actor(running[0].reviewer), at=DURING, assignment_id=running[0].pk)
    assert assign_reviews(**by(wave)).lacks
    assert {item.pk, second.pk, third.pk} >= {each.reviewer_id for each in running}


def test_who_takes_over_is_the_most_competent_without_a_conflict(wave, both, english):
    words = {"knows": ["rival", "dossier"], "half": ["rival", "optics"], "inside": ["rival"]}
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    result = {name: name_sample_reviewer(wave, name, wave.rival if name == "inside" else None, competences=known)
             for name, known in words.items()}  # fmt: skip
    late = list_assignments(both[1])[0]
    detect_conflicts(**by(wave))
    able = list_replacement_reviewers(late)
    assert [(one.reviewer.person.name, one.competence) for one in able] == [("knows", 1.0), ("half", 0.5)]
    arguments = {"actor": by(wave)["actor"], "at": DURING, "assignment_id": late.pk, "reason": "Late."}
    with pytest.raises(ActionError, match="choose again"):
        replace_reviewer(**arguments, successor_id=result["inside"].pk)
    asked = replace_reviewer(**arguments, successor_id=able[0].reviewer.pk)
    assert (asked.reviewer, asked.application) == (result["knows"], both[1])
    notices = {notice.subject_en for notice in Notice.objects.filter(person=late.reviewer.person)}
    assert "A review is no longer asked of you: Simulated call" in notices


def test_reviewers_are_told_when_asked_and_reminded_once_before_and_once_after(wave, both):
    item, second = name_sample_reviewer(wave, "one"), name_sample_reviewer(wave, "two")
    assign_reviews(**by(wave))
    assert {held.due_on for held in list_assignments()} == {dt.date(2026, 4, 13)}
    asked = Notice.objects.get(person=item.person)
    assert asked.subject_en == "You are asked for 2 reviews: Simulated call"
    assert asked.subject_fr == "On vous demande 2 évaluations : Appel simulé"
    assert asked.body_en == "Dossier of institute, due by 13 April 2026\nDossier of rival, due by 13 April 2026"
    write_sample_review(next(held for held in list_assignments(both[0]) if held.reviewer == second), "3", "3")
    days = [dt.date(2026, 4, 5), dt.date(2026, 4, 6), dt.date(2026, 4, 7), dt.date(2026, 4, 13), dt.date(2026, 4, 14),
            dt.date(2026, 4, 20)]  # fmt: skip
    notices = [remind_reviewers(actor=SYSTEM, at=dt.datetime.combine(day, dt.time(6), dt.UTC)) for day in days]
    assert notices == [0, 3, 0, 0, 3, 0]
    last = Notice.objects.filter(person=second.person).latest("pk")
    assert (last.subject_en, last.subject_fr) == (
        "1 review is late: Simulated call", "1 évaluation est en retard : Appel simulé")  # fmt: skip
    assert {held.reminders for held in list_assignments() if held.state == "asked"} == {2}


def test_an_applicant_is_no_reviewer(wave, both, english):
    wave.acting(wave.institute, "lead")
    named = {**by(wave), "email": f"lead-{wave.institute.key}@example.org"}
    with pytest.raises(ActionError, match="acts for Institute, which takes part in an application of this call"):
        name_reviewer(**named)
    # Who comes to act for a body later is found, and asked no more.
    item, _second = name_sample_reviewer(wave, "one"), name_sample_reviewer(wave, "two")
    assign_reviews(**by(wave))
    write_sample_review(next(held for held in list_assignments(both[1]) if held.reviewer == item), "5", "5")
    Mandate.objects.create(person=item.person, organisation=wave.rival, role="lead", first_day="2026-03-01")
    assign_reviews(**by(wave))
    states = {held.application_id: (held.state, held.why) for held in list_assignments() if held.reviewer == item}
    assert states == {
        both[0].pk: ("asked", ""),
        both[1].pk: ("replaced", "works or acts for an organisation of the application (Rival)"),
    }
    assert {line.reviews for line in call_ranking(wave.call)} == {0}


def test_an_account_is_needed_to_review(wave, english):
    with pytest.raises(ActionError, match="has an account"):
        name_reviewer(**by(wave), email="nobody@example.org")


def test_the_panel_orders_with_reasons_over_what_marks_say(wave, both, english):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    for values in list_assignments():
        write_sample_review(values, "5" if values.application_id == both[0].pk else "2", "3")
    lines = call_ranking(wave.call)
    assert [line.application.pk for line in lines] == [both[0].pk, both[1].pk]
    assert (str(lines[0].raw), lines[0].rank, lines[1].rank) == ("4.2", 1, 2)
    read = order_fingerprint(lines)
    arguments = {"actor": by(wave)["actor"], "at": DURING, "application_id": both[1].pk, "place": 1}
    place_application(**arguments, reason="It fills a gap.", base=read)
    assert [line.application.pk for line in call_ranking(wave.call)] == [both[1].pk, both[0].pk]
    for more, result in (
        ({"reason": ""}, "Give a reason"),
        ({"reason": "r", "base": read}, "in the meantime"),
        ({"reason": "r"}, "already in this place"),
        ({"reason": "r", "place": 3}, "from 1 to 2"),
    ):
        with pytest.raises(ActionError, match=result):
            place_application(**arguments | more)


def test_a_tie_is_shown_until_the_panel_breaks_it(wave, both):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    for values in list_assignments():
        write_sample_review(values, "4", "3")
    assert [(line.position, line.tied) for line in call_ranking(wave.call)] == [(1, (1, 2)), (2, (1, 2))]
    place_application(actor=by(wave)["actor"], at=DURING, application_id=both[0].pk, place=1, reason="The first sent.")
    assert [(line.application.pk, line.tied) for line in call_ranking(wave.call)] == [
        (both[0].pk, None),
        (both[1].pk, None),
    ]


def test_moves_are_made_one_after_the_other():
    assert apply_moves([1, 2, 3], [(1, 3), (2, 2), (1, 1)]) == [1, 3, 2]


def test_which_change_of_a_weight_brings_whom_across_the_line(wave, both):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    for values in list_assignments():
        write_sample_review(values, *(("5", "1") if values.application_id == both[0].pk else ("2", "5")))
    result = weight_sensitivity(wave.call, 2)
    assert [(ranked.best, ranked.now, ranked.worst) for ranked in result.ranges] == [(1, 1, 1), (2, 2, 2)]
    result = weight_sensitivity(wave.call, 10)
    assert [(ranked.best, ranked.now, ranked.worst) for ranked in result.ranges] == [(1, 1, 2), (1, 2, 2)]
    # 5 w + 1 (1 - w) is 2 w + 5 (1 - w) where w is 4/7; the weights are 0.6 and 0.4.
    award = result.tipping_points[0]
    assert award.entering == (both[1].title,)
    assert award.leaving == (both[0].title,)
    assert round(abs(award.change), 4) == round(Decimal(100) * (Decimal("0.6") - Decimal(4) / 7), 4)


def test_the_minutes_tell_the_history_of_their_moment(wave, both, english):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    name_sample_reviewer(wave, "inside", wave.institute)
    assign_reviews(**by(wave))
    for values in list_assignments():
        write_sample_review(values, "5" if values.application_id == both[0].pk else "2", "3")
    place_application(actor=by(wave)["actor"], at=DURING, application_id=both[1].pk, place=1, reason="It fills a gap.")
    with pytest.raises(ActionError, match="one person a line"):
        make_minutes(**by(wave), present=[" "])
    minutes = make_minutes(**by(wave) | {"at": timezone.now()}, present=["A. Chair", "", "B. Member"])
    place_application(actor=by(wave)["actor"], at=DURING, application_id=both[1].pk, place=2, reason="After all not.")
    result = minutes_content(minutes)
    rows = {one["title"]: one["rows"] for one in [*result["lists"], *result["after"]]}
    assert rows["Present"] == ["A. Chair", "B. Member"]
    assert rows["Conflicts of interest: who left the session for which application"] == [
        "inside left for: Dossier of institute (works or acts for an organisation of the application, Institute)"
    ]
    assert rows["Moves by the panel"] == [
        "16 March 2026, 10:00, label-officer of agency: “Dossier of rival” from place 2 to 1. It fills a gap."
    ]
    assert [row[:2] for row in result["ranking"]["rows"]] == [
        ["1", "Dossier of rival"], ["“Award” ends here, after 1 place"],
        ["2", "Dossier of institute"], ["“Preparatory” ends here, after 2 places"],
    ]  # fmt: skip
    assert render_minutes_pdf(minutes).startswith(b"%PDF")


def proposed(wave, application, outcome, base="", who=None):
    actor = who or wave.acting(wave.agency, "label-officer")
    return propose_outcome(
        actor=actor, at=DURING, application_id=application.pk, outcome=outcome, base=base, reason="The panel says so."
    )


def test_the_quota_is_kept_and_two_officers_do_not_decide_at_once(wave, both, english):
    own, rival = both
    proposed(wave, own, "award")
    with pytest.raises(ActionError, match="at most 1"):
        proposed(wave, rival, "award")
    with pytest.raises(ActionError, match="in the meantime"):
        proposed(wave, own, "refusal")
    proposed(wave, own, "refusal", base="award")
    proposed(wave, rival, "award")
    with pytest.raises(ActionError, match="no outcome"):
        proposed(wave, rival, "honour", base="award")


def test_only_the_authority_decides_and_applicants_read_it_once_published(wave, both):
    own, rival = both
    proposed(wave, own, "award")
    with pytest.raises(ActionForbiddenError):
        decide(**by(wave))
    with pytest.raises(ActionError):
        decide(**by(wave, wave.ministry))
    proposed(wave, rival, "preparatory")
    assert decide(**by(wave, wave.ministry)) == 2
    with pytest.raises(ActionError):
        proposed(wave, own, "refusal", base="award")
    assert not Award.objects.exists()
    assert Decision.objects.get(application=own).readers == sorted({wave.ministry.pk, wave.agency.pk})
    result = publish_decisions(**by(wave, wave.ministry))
    assert dict(result) == {"award": 1, "preparatory": 1}
    values = {award.label.key: (award.holder_id, award.period_start, award.period_end) for award in Award.objects.all()}
    assert values == {
        "mark": (wave.institute.pk, "2026-03-16", "2031-03-15"),
        "mark-ahead": (wave.rival.pk, "2026-03-16", "2029-03-15"),
    }
    assert all(award.simulated for award in Award.objects.all())
    assert wave.institute.pk in Decision.objects.get(application=own).readers
    with pytest.raises(ActionError):
        publish_decisions(**by(wave, wave.ministry))


def test_what_reviewers_wrote_to_the_applicant_comes_without_their_names(wave, both):
    for name in ("one", "two"):
        name_sample_reviewer(wave, name)
    assign_reviews(**by(wave))
    for values in list_assignments():
        write_sample_review(values, "4", "4")
    for application, outcome in zip(both, ("award", "refusal"), strict=True):
        proposed(wave, application, outcome)
    decide(**by(wave, wave.ministry))
    feedback = Decision.objects.get(application=both[0]).feedback
    assert feedback.count(f"Of {both[0].title}.") == 2
    assert "Between us" not in feedback
    assert "one" not in feedback.split()


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [("2026-03-01", 60, "2031-02-28"), ("2026-01-31", 1, "2026-02-27"), ("2024-02-29", 12, "2025-02-27"),
     ("2026-12-15", 1, "2027-01-14")],
)  # fmt: skip
def test_a_term_ends_the_day_before_it_would_begin_again(first, months, last):
    assert last_day_of_term(dt.date.fromisoformat(first), months) == dt.date.fromisoformat(last)


def test_texts_are_read_once_however_many_reviewers(wave, both, django_assert_num_queries):
    known = [name_sample_reviewer(wave, f"r{number}", competences=["institute", "antibody"]) for number in range(5)]
    with django_assert_num_queries(1):
        result = competence_matches(known, list(both))
    own, rival = both
    # One word of two is in what the institute says, none in what its rival does.
    assert result[str(known[0].pk), str(own.pk)] == 0.5
    assert result[str(known[0].pk), str(rival.pk)] == 0.15
