"""Charters read with every fault, and how a holder stands: computed, told once, seen by both sides alone."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

import maillage
from maillage.charter.actions.charters import publish_charter
from maillage.charter.actions.evidence import add_certificate, attach_to_follow_up, give_proof
from maillage.charter.actions.findings import (
    PlannedStep,
    finish_step,
    judge_finding,
    make_finding,
    plan_finding,
)
from maillage.charter.actions.follow_ups import begin_follow_ups
from maillage.charter.actions.objectives import YearTarget, declare_reached, set_objective
from maillage.charter.actions.reminders import remind
from maillage.charter.actions.reviews import hold_review
from maillage.charter.compliance import expiry_state, review_statuses, target_results
from maillage.charter.due_items import list_due_items
from maillage.charter.models import Charter, FollowUp
from maillage.charter.parser import parse_charter
from maillage.charter.queries import current_follow_ups, follow_ups
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.periods import add_months
from maillage.documents.faults import InvalidDocumentError
from maillage.files.models import File
from maillage.files.uploads import receive_file
from maillage.labels.models import Award
from maillage.notifications.models import Notice
from maillage.workflow.models import Case
from tests.charter.sample_charter import AT, DAY, TEXT
from tests.files import sample_files

EXAMPLE = Path(maillage.__file__).parent / "charter" / "examples" / "carnot.yaml"
ISO = {"kind": "certification", "standard": "ISO 9001", "issuer": "A body", "valid_from": dt.date(2025, 1, 1)}


def test_the_example_is_a_charter_of_27_commitments(english):
    charter = parse_charter(EXAMPLE.read_text("utf-8"))
    keys = [one.key for one in charter.commitments()]
    assert sorted(keys) == [f"c{number:02}" for number in range(1, 28)]
    assert [one.months for one in charter.reviews] == [24, 48]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("figure: complaints-open", "figure: complaints"), "complaints-open"),
        (("{certificates: yes}", "{}"), "one piece of evidence"),
        (("{certificates: yes}", "{certificates: yes, least: 3}"), "belongs to a “figure:”"),
        (("months: 12", "months: often"), "whole number"),
        (("from: 2026-01-01", "from: January"), "no day"),
        (("      answers:", "      plan:"), "another section"),
        (("mark: uncertain", "mark: unsure"), "uncertain"),
        (("{fr: Qui, en: Who}", "Who"), "both languages"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(english, change, told):
    with pytest.raises(InvalidDocumentError) as caught:
        parse_charter(TEXT.replace(*change, 1))
    assert told in str(caught.value)
    assert TEXT[: TEXT.index(change[0])].count("\n") + 1 in [fault.line for fault in caught.value.faults]


def test_a_charter_is_published_by_who_runs_the_label_and_applies_from_its_day(world):
    later = TEXT.replace("2026-01-01", "2027-01-01").replace("warn_days: 90", "warn_days: 30")
    given = {"at": AT, "text": later, "reason": "From next year."}
    for stranger in (world.holder, world.neighbour, world.acting(world.wave.stranger, "label-officer")):
        with pytest.raises(ActionForbiddenError):
            publish_charter(actor=stranger, **given)
    assert publish_charter(actor=world.agency, base=1, **given).version == 2
    charter = Charter.objects.get()
    assert [charter.on(dt.date(year, 6, 1)).document.warn_days for year in (2025, 2026, 2027)] == [90, 90, 30]
    for text, base in ((later, None), (TEXT, 1), (TEXT.replace("charter: simulated", "charter: second"), None)):
        with pytest.raises(ActionError):
            publish_charter(actor=world.agency, at=AT, text=text, reason="Again.", base=base)


def test_holders_are_followed_once_and_read_their_own_alone(world):
    assert begin_follow_ups(actor=SYSTEM, at=AT) == 0
    assert FollowUp.objects.count() == 2
    readers = (world.holder, world.neighbour, world.agency, PUBLIC)
    seen = [set(follow_ups(actor=one).values_list("holder__key", flat=True)) for one in readers]
    assert seen == [{"institute"}, {"rival"}, {"institute", "rival"}, set()]
    with pytest.raises(ActionForbiddenError):
        world.done(give_proof, by=world.neighbour, commitment="legal", text="Us.")
    with pytest.raises(ActionForbiddenError):
        world.done(give_proof, by=world.agency, commitment="legal", text="Us.")


@pytest.mark.parametrize(
    ("until", "state"),
    [(None, "held"), (DAY + dt.timedelta(91), "held"), (DAY + dt.timedelta(90), "ending"), (DAY, "ending"),
     (DAY - dt.timedelta(1), "lacking")],
)  # fmt: skip
def test_the_last_day_counts(until, state):
    assert expiry_state(until, DAY, 90) == state


def test_months_keep_the_day_where_the_month_has_it():
    assert add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2024, 2, 29), -12) == dt.date(2023, 2, 28)


def test_states_follow_from_what_is_given(world, english, tmp_path, settings):
    settings.STORAGES = {**settings.STORAGES, "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}}  # fmt: skip
    settings.FILES_INCOMING = tmp_path
    assert {key: world.standing(key).state.value for key in ("plan", "certified", "legal", "answers", "aims")} == (
        dict.fromkeys(("plan", "certified", "legal", "answers", "aims"), "lacking")
    )
    assert world.standing("complaints").state == "held"
    assert world.standing("complaints").evidence[0].said == "0"

    world.done(give_proof, commitment="legal", text="The legal office.")
    assert world.standing("legal").evidence[0].said == "The legal office."
    for commitment, told in (("plan", "Attach the file"), ("certified", "does not ask"), ("none", "no commitment")):
        with pytest.raises(ActionError, match=told):
            world.done(give_proof, commitment=commitment, text="We have one.")
    with pytest.raises(ActionError, match="attach it first"):
        world.done(give_proof, commitment="plan", digest="0" * 64)
    with receive_file("plan.pdf", [sample_files.PDF]) as incoming:
        file = world.done(attach_to_follow_up, incoming=incoming)
    world.done(give_proof, commitment="plan", digest=file.content.digest)
    readers = File.objects.filter(record_kind=FollowUp.kind_name()).values_list("organisation_id", flat=True)
    assert set(readers) == {one.pk for one in (world.wave.institute, world.wave.agency, world.wave.ministry)}
    days = (DAY - dt.timedelta(1), DAY, dt.date(2026, 12, 31), dt.date(2027, 3, 16), dt.date(2027, 3, 17))
    states = [world.standing("plan", day).state for day in days]
    assert states == ["lacking", "held", "ending", "ending", "lacking"]


def test_a_certificate_about_to_end_is_told_once_until_another_outlasts_it(world, english):
    world.done(add_certificate, valid_until=DAY + dt.timedelta(30), **ISO)
    assert world.standing("certified").state == "ending"
    sides = {world.holder.user_id, world.agency.user_id}
    assert remind(actor=SYSTEM, at=AT, follow_up_id=world.follow_up.pk) == 2  # with the mid-term review
    assert remind(actor=SYSTEM, at=AT + dt.timedelta(1), follow_up_id=world.follow_up.pk) == 0
    told = Notice.objects.filter(kind="charter")
    assert sorted(told.values_list("person_id", flat=True)) == sorted(sides)
    assert "The certificate ISO 9001 ends on 15 April 2026." in told[0].body_en
    assert "Le certificat ISO 9001" in told[0].body_fr
    world.done(add_certificate, valid_until=DAY + dt.timedelta(400), **ISO)
    assert world.standing("certified").state == "held"
    assert world.standing("certified", DAY + dt.timedelta(401)).state == "lacking"
    with pytest.raises(ActionError, match="exchange"):
        world.done(add_certificate, valid_until=dt.date(2024, 1, 1), **ISO)


def test_a_finding_is_planned_mended_and_accepted(world, english):
    due = dt.date(2026, 6, 30)
    found = world.done(make_finding, by=world.agency, commitment="complaints", text="No log of complaints.",
                       severity="major", due_on=due)  # fmt: skip
    assert world.standing("complaints").state == "finding"
    steps = [PlannedStep("Keep a log", "The quality officer", dt.date(2026, 5, 1)), PlannedStep("Train", "HR", due)]

    def judged(accepted, reason=""):
        return judge_finding(actor=world.agency, at=AT, finding_id=found.pk, accepted=accepted, reason=reason).stage

    with pytest.raises(ActionError):
        judged(True)
    late = [PlannedStep("Keep a log", "The quality officer", dt.date(2026, 7, 1))]
    with pytest.raises(ActionError, match="by the day of the finding"):
        plan_finding(actor=world.holder, at=AT, finding_id=found.pk, steps=late)
    plan_finding(actor=world.holder, at=AT, finding_id=found.pk, steps=steps[:1])
    with pytest.raises(ActionError, match="what is missing"):
        judged(False)
    assert judged(False, "Who is trained?") == "open"
    plan_finding(actor=world.holder, at=AT, finding_id=found.pk, steps=steps)
    assert judged(True) == "running"
    for step in found.steps.order_by("pk"):
        with pytest.raises(ActionError, match="what was done"):
            finish_step(actor=world.holder, at=AT, step_id=step.pk)
        finish_step(actor=world.holder, at=AT, step_id=step.pk, reason="Done in May.")
    found.refresh_from_db()
    assert found.stage == "done"
    assert judged(True) == "closed"
    assert world.standing("complaints").state == "held"
    told = Notice.objects.filter(person=world.holder.user_id).order_by("pk").values_list("subject_en", flat=True)
    assert [one.rsplit(": ", 1)[1] for one in told] == [
        "a plan is awaited", "plan being carried out", "closed"
    ]  # fmt: skip


def test_a_plan_asked_again_past_the_day_of_the_finding_gets_another_day(world, english):
    found = world.done(make_finding, by=world.agency, commitment="plan", text="Old.", severity="minor", due_on=DAY)
    step, late = PlannedStep("Write it", "The director", DAY), AT + dt.timedelta(days=10)
    plan_finding(actor=world.holder, at=AT, finding_id=found.pk, steps=[step])
    remind(actor=SYSTEM, at=late, follow_up_id=world.follow_up.pk)
    given = {"actor": world.agency, "at": late, "finding_id": found.pk, "due_on": late.date() + dt.timedelta(days=30)}
    with pytest.raises(ActionError, match="leave it out to accept"):
        judge_finding(**given, accepted=True)
    with pytest.raises(ActionError, match="is past"):
        judge_finding(**given | {"due_on": DAY}, accepted=False, reason="Who checks it?")
    judge_finding(**given, accepted=False, reason="Who checks it?")
    again = PlannedStep("Write it", "The director", given["due_on"])
    assert plan_finding(actor=world.holder, at=late, finding_id=found.pk, steps=[again]).stage == "planned"
    assert remind(actor=SYSTEM, at=late, follow_up_id=world.follow_up.pk) == 0
    assert remind(actor=SYSTEM, at=late + dt.timedelta(days=31), follow_up_id=world.follow_up.pk) == 1


def test_what_is_overdue_is_told_to_both_sides(world, english):
    sides = {world.holder.user_id, world.agency.user_id}
    world.done(make_finding, by=world.agency, commitment="plan", text="It is old.", severity="minor", due_on=DAY)
    assert remind(actor=SYSTEM, at=AT, follow_up_id=world.follow_up.pk) == 1  # the mid-term review
    later = AT + dt.timedelta(days=40)
    assert remind(actor=SYSTEM, at=later, follow_up_id=world.follow_up.pk) == 1
    told = Notice.objects.filter(created_at=later)
    assert {one.person_id for one in told} == sides
    assert "It is old." in told[0].body_en


def test_objectives_are_told_by_figures_or_declared_with_evidence(world, english):
    aims = [YearTarget(2025, Decimal(10)), YearTarget(2026, Decimal("12.5"))]
    world.done(set_objective, by=world.agency, key="contracts", text="New contracts", aims=aims)
    counted = world.done(set_objective, by=world.agency, key="complaints", text="Complaints", figure="complaints-open",
                         aims=[YearTarget(2026, Decimal(0)), YearTarget(2027, Decimal(0))])  # fmt: skip
    assert world.standing("aims").evidence[0].said == "2 targets for 2026"
    with pytest.raises(ActionError, match="asks for no figure “needs-rated”"):
        world.done(set_objective, by=world.agency, key="rated", text="Rated", figure="needs-rated", aims=aims)
    with pytest.raises(ActionError, match="attach a file"):
        world.done(declare_reached, key="contracts", year=2025, reached=Decimal(8))
    with pytest.raises(ActionError, match="counts this itself"):
        world.done(declare_reached, key="complaints", year=2026, reached=Decimal(8), evidence="Ours")
    world.done(declare_reached, key="contracts", year=2025, reached=Decimal(8), evidence="The list of contracts")
    follow_up = world.read()
    found = {one.key: target_results(follow_up, one, DAY) for one in follow_up.objectives.all()}
    assert [(one.reached, one.short) for one in found["contracts"]] == [(Decimal(8), True), (None, False)]
    assert [one.reached for one in found["complaints"]] == [Decimal(0), None]
    assert Case.objects.count() == 0
    world.done(set_objective, by=world.agency, key="contracts", text="Contracts lost", aims=aims[1:], fewer=True)
    kept = target_results(world.read(), world.read().objectives.get(key="contracts"), DAY)
    assert [(one.target.year, one.short) for one in kept] == [(2025, False), (2026, False)]  # what was declared stays
    assert counted.targets.count() == 2


def test_reviews_are_due_by_the_charter_until_they_are_held(world, english):
    document = Charter.objects.get().on(DAY).document
    assert [(one.state.value, one.due_on) for one in review_statuses(world.read(), document, DAY)] == [
        ("due", dt.date(2026, 4, 1)), ("coming", dt.date(2028, 4, 1))
    ]  # fmt: skip
    assert review_statuses(world.read(), document, dt.date(2026, 5, 1))[0].state == "overdue"
    FollowUp.objects.filter(pk=world.follow_up.pk).update(begun_on=dt.date(2026, 4, 2))
    assert review_statuses(world.read(), document, dt.date(2026, 5, 1))[0].state == "before"
    given = {"review": "mid-term", "held_on": DAY, "conclusion": "Go on."}
    for wrong in ({"minutes": "We met."} | given | {"held_on": DAY + dt.timedelta(1)}, given):
        with pytest.raises(ActionError):
            world.done(hold_review, by=world.agency, **wrong)
    world.done(hold_review, by=world.agency, minutes="We met.", **given)
    assert review_statuses(world.read(), document, dt.date(2026, 5, 1))[0].meeting.conclusion == "Go on."


def test_a_review_due_the_day_after_the_term_is_told_overdue_and_nothing_else_is(world, english):
    later = TEXT.replace("months: 48", "months: 60").replace("2026-01-01", "2026-02-01")
    publish_charter(actor=world.agency, at=AT, text=later, reason="The final review is later.", base=1)
    world.done(add_certificate, valid_until=dt.date(2029, 4, 1), **ISO)
    after = dt.datetime(2029, 4, 2, 9, tzinfo=dt.UTC)
    dues = list_due_items(
        current_follow_ups(actor=SYSTEM, day=after.date()).get(pk=world.follow_up.pk),
        parse_charter(later),
        after.date(),
    )
    assert [(one.about, one.day, one.overdue) for one in dues] == [
        ("review-mid-term", dt.date(2026, 4, 1), True), ("review-final", dt.date(2029, 4, 1), True)
    ]  # fmt: skip
    assert remind(actor=SYSTEM, at=after, follow_up_id=world.follow_up.pk) == 2
    assert not current_follow_ups(actor=SYSTEM, day=dt.date(2030, 4, 2)).exists()


def test_a_follow_up_of_a_simulated_award_says_so(world, english):
    Award.objects.filter(follow_up=world.follow_up).update(simulated=True)
    assert str(world.read()) == "mark, Institute (simulated)"
