"""From the draft of an application to its agreement and its charter: who is waited for at each step."""

import datetime as dt

import pytest

from maillage.calls.actions.eligibility import check_application
from maillage.calls.models import PartyRole
from maillage.charter.actions.evidence import give_proof
from maillage.charter.actions.findings import PlannedStep, finish_step, judge_finding, make_finding, plan_finding
from maillage.core.actors import Actor
from maillage.desk.queries import desk_rows
from maillage.label_agreements.actions.clauses import write_clause
from maillage.people.models import User
from maillage.reviews.actions.assignments import assign_reviews
from maillage.reviews.actions.decisions import decide, propose_outcome
from maillage.reviews.actions.publication import publish_decisions
from tests.calls.sample_call import (
    CLOSES,
    DURING,
    begin_sample_application,
    complete_sample_application,
    send_sample_application,
    sign_sample_application,
    write_sample_reply,
)
from tests.charter.sample_charter import AT
from tests.label_agreements.sample_agreements import (
    holder_arguments,
    open_agreements,
    sign_by_all,
    write_sample_entity,
)
from tests.reviews.sample_panel import list_assignments, name_sample_reviewer, write_sample_review

pytestmark = pytest.mark.django_db

AFTER = CLOSES + dt.timedelta(days=1)


def kinds(actor: Actor, at: dt.datetime = DURING) -> list[str]:
    return sorted(row.kind for row in desk_rows(User.objects.get(pk=actor.user_id), at) if not row.is_unattended)


def acts(actor: Actor, at: dt.datetime = DURING) -> dict[str, str]:
    return {row.kind: row.url for row in desk_rows(User.objects.get(pk=actor.user_id), at)}


@pytest.fixture(autouse=True)
def _english(english) -> None:
    """Addresses are read in English."""


def test_a_draft_waits_for_its_lead_and_once_complete_for_those_who_sign(wave):
    lead, host = wave.acting(wave.institute), wave.acting(wave.host)
    application = begin_sample_application(wave)
    assert (kinds(lead), kinds(host)) == (["application"], [])
    write_sample_reply(wave, application, "summary/abstract", "What it does.")
    write_sample_reply(wave, application, "summary/charter", "yes")
    assert (kinds(lead), kinds(host)) == (["application-signature"], ["application-signature"])
    sign_sample_application(wave, application, wave.host)
    assert (kinds(lead), kinds(host)) == (["application-signature"], [])
    sign_sample_application(wave, application, wave.institute)
    assert (kinds(lead), kinds(host)) == (["application"], [])
    # What changes after a signature is to be signed again.
    write_sample_reply(wave, application, "summary/abstract", "What it does now.", base=1)
    assert kinds(host) == ["application-signature"]
    assert kinds(host, AFTER) == []
    assert kinds(wave.acting(wave.stranger)) == []


def test_a_call_waits_for_its_offices_step_by_step(wave):
    agency, ministry = wave.acting(wave.agency, "label-officer"), wave.acting(wave.ministry, "label-officer")
    application = send_sample_application(wave)
    assert kinds(agency) == ["check"]
    assert application.parties.filter(part=PartyRole.OFFICE).exists()
    check_application(actor=agency, at=DURING, application_id=application.pk)
    assert kinds(agency) == []
    assert acts(agency, AFTER) == {"call": "/en/calls/simulated/panel"}
    reviewers = [name_sample_reviewer(wave, name) for name in ("one", "two")]
    assign_reviews(actor=agency, at=DURING, call_id=wave.call.pk)
    assert kinds(agency, AFTER) == []
    for assignment in list_assignments():
        person = assignment.reviewer.person
        rows = desk_rows(person, DURING)
        assert [(row.kind, row.url) for row in rows] == [("review", f"/en/reviews/{assignment.pk}")]
        write_sample_review(assignment, "3", "4")
        assert desk_rows(person, DURING) == []
    assert len(reviewers) == 2
    assert acts(agency, AFTER) == {"call": "/en/calls/simulated/ranking"}
    propose_outcome(actor=agency, at=DURING, application_id=application.pk, outcome="award")
    assert kinds(agency, AFTER) == []
    assert acts(ministry, AFTER) == {"call": "/en/calls/simulated/decisions"}
    decide(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert kinds(ministry, AFTER) == ["call"]
    publish_decisions(actor=ministry, at=DURING, call_id=wave.call.pk)
    assert kinds(ministry, AFTER) == []


def test_an_agreement_waits_for_who_writes_it_then_for_who_has_not_signed(wave):
    lead, host, agency = (
        wave.acting(wave.institute), wave.acting(wave.host), wave.acting(wave.agency, "label-officer")
    )  # fmt: skip
    agreement = open_agreements(wave, wave.institute)[0]
    assert kinds(lead) == kinds(agency) == ["agreement"]
    write_sample_entity(wave, agreement, "60")
    write_clause(**holder_arguments(wave, agreement), heading="governance", value="A board of five.", base=0)
    assert (kinds(lead), kinds(host), kinds(agency)) == ([], ["agreement-signature"], ["agreement-signature"])
    sign_by_all(wave, agreement)
    assert (kinds(host), kinds(agency)) == ([], [])


def test_a_finding_waits_for_the_holder_or_for_who_runs_the_label(followed):
    holder, agency = followed.holder, followed.agency
    due = AT.date() + dt.timedelta(days=60)
    found = followed.done(
        make_finding, by=agency, commitment="complaints", text="No log.", severity="major", due_on=due
    )

    def desks(kind: str) -> tuple[bool, bool]:
        return kind in kinds(holder, AT), kind in kinds(agency, AT)

    assert desks("finding") == (True, False)
    plan_finding(actor=holder, at=AT, finding_id=found.pk, steps=[PlannedStep("Keep a log", "HR", due)])
    assert desks("finding") == (False, True)
    judge_finding(actor=agency, at=AT, finding_id=found.pk, accepted=True)
    assert desks("finding") == (False, False)
    assert desks("plan-step") == (True, False)
    finish_step(actor=holder, at=AT, step_id=found.steps.get().pk, reason="Done.")
    assert desks("plan-step") == (False, False)
    assert desks("finding") == (False, True)
    judge_finding(actor=agency, at=AT, finding_id=found.pk, accepted=True)
    assert desks("finding") == (False, False)
    assert "finding" not in kinds(followed.neighbour, AT)


def test_evidence_that_ends_waits_for_the_holder_and_a_review_for_who_runs_the_label(followed):
    followed.done(give_proof, commitment="legal", text="A lawyer.")
    late = AT + dt.timedelta(days=400)
    assert "charter-review" in kinds(followed.agency, late)
    assert "charter-review" not in kinds(followed.holder, late)


def test_nothing_of_another_lead_is_on_the_desk(wave):
    complete_sample_application(wave, wave.rival)
    assert kinds(wave.acting(wave.institute)) == []
