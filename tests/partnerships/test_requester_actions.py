"""What the requester does: rate the answer, complain, withdraw."""

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.partnerships.actions.answers import answer_need, decline_need, redirect_need
from maillage.partnerships.actions.requester import complain, escalate_complaint, rate_need, withdraw_need
from maillage.partnerships.actions.undelivered import correct_requester_address, note_undelivered
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.models import Case
from maillage.workflow.queries import case_ids_to_remind
from tests.partnerships.sample_needs import (
    LETTER,
    proposed_team,
    state_sample_need,
    working_day,
)
from tests.workflow.sample_cases import waiting_cases

pytestmark = pytest.mark.django_db


def test_a_requester_withdraws_rates_and_complains(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    with pytest.raises(ActionError):
        rate_need(actor=PUBLIC, at=working_day(1), need_id=need.pk, score=5)
    answer_need(actor=manager, at=working_day(1), need_id=need.pk, letter=LETTER, team=proposed_team(world))
    rate_need(actor=PUBLIC, at=working_day(2), need_id=need.pk, score=2, comment="Too general.")
    assert rate_need(actor=PUBLIC, at=working_day(2), need_id=need.pk, score=3).score == 3
    with pytest.raises(ActionError):
        rate_need(actor=PUBLIC, at=working_day(2), need_id=need.pk, score=6)
    case = complain(actor=PUBLIC, at=working_day(3), need_id=need.pk, text="The team proposed does not treat adults.")
    with pytest.raises(ActionError):
        complain(actor=PUBLIC, at=working_day(3), need_id=need.pk, text="And it is late, too.")
    assert case in waiting_cases(actor=manager, at=working_day(3))
    apply_transition(
        actor=manager, at=working_day(4), case_id=case.pk, transition="answer", reason="It does: see its protocol."
    )
    withdraw_need(actor=PUBLIC, at=working_day(5), need_id=need.pk, reason="Settled elsewhere.")
    assert Case.objects.get(address__need=need).state == "withdrawn"
    with pytest.raises(ActionError):
        withdraw_need(actor=PUBLIC, at=working_day(5), need_id=need.pk)


def test_a_complaint_about_a_confidential_need_left_alone_goes_to_officers(world):
    need = state_sample_need(world)
    case = complain(actor=PUBLIC, at=working_day(0), need_id=need.pk, text="Nobody answers the telephone.")
    for pk in case_ids_to_remind(working_day(9)):
        remind(actor=SYSTEM, at=working_day(9), case_id=pk)
    case.refresh_from_db()
    assert (case.state, case.also_for) == ("referred", [])
    assert case not in waiting_cases(actor=world.acting(world.network, "pilot"), at=working_day(9))


def test_a_complaint_left_alone_reaches_the_network(world):
    need = state_sample_need(world, confidential=False)
    case = complain(actor=PUBLIC, at=working_day(0), need_id=need.pk, text="Nobody answers the telephone.")
    for pk in case_ids_to_remind(working_day(9)):
        remind(actor=SYSTEM, at=working_day(9), case_id=pk)
    case.refresh_from_db()
    assert case.state == "escalated"
    pilot = world.acting(world.network, "pilot")
    assert case in waiting_cases(actor=pilot, at=working_day(9))
    apply_transition(
        actor=pilot,
        at=working_day(10),
        case_id=case.pk,
        transition="decide",
        reason="The institute will call tomorrow.",
    )


def test_a_requester_takes_a_complaint_to_the_network_and_the_manager_does_not_close_it(world):
    need = state_sample_need(world)
    case = complain(actor=PUBLIC, at=working_day(1), need_id=need.pk, text="Nobody has called us back.")
    with pytest.raises(ActionError):
        escalate_complaint(actor=PUBLIC, at=working_day(1), need_id=need.pk)
    manager = world.acting(world.institute)
    apply_transition(actor=manager, at=working_day(2), case_id=case.pk, transition="answer", reason="We will.")
    with pytest.raises(ActionForbiddenError):
        apply_transition(actor=manager, at=working_day(2), case_id=case.pk, transition="settle")
    escalate_complaint(actor=PUBLIC, at=working_day(3), need_id=need.pk, reason="They did not.")
    case.refresh_from_db()
    assert case.state == "escalated"
    assert world.network.pk in case.organisation_ids


def test_who_passed_a_need_on_does_not_correct_where_its_link_is_mailed(world):
    need, manager = state_sample_need(world, confidential=False), world.acting(world.institute)
    arguments = {"at": working_day(2), "need_id": need.pk, "email": "new@example.org"}
    redirect_need(
        actor=manager, at=working_day(1), need_id=need.pk, organisation_id=world.neighbour.pk, letter="Look there."
    )
    note_undelivered(actor=SYSTEM, at=working_day(2), need_id=need.pk, why="no such user")
    with pytest.raises(ActionForbiddenError):
        correct_requester_address(actor=manager, **arguments)
    assert correct_requester_address(actor=world.acting(world.neighbour), **arguments).email == "new@example.org"


def test_who_declined_for_all_still_corrects_the_address(world):
    need, manager = state_sample_need(world), world.acting(world.institute)
    decline_need(actor=manager, at=working_day(1), need_id=need.pk, reason="Not our field.", pass_on_to=[])
    note_undelivered(actor=SYSTEM, at=working_day(2), need_id=need.pk, why="no such user")
    correct_requester_address(actor=manager, at=working_day(2), need_id=need.pk, email="new@example.org")
