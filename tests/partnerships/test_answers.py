"""An answer, a redirection or a refusal: when each is taken, and what it does to the need."""

import datetime as dt
from pathlib import Path

import pytest

import maillage
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.labels.models import Award, Label
from maillage.partnerships.actions.answers import (
    answer_need,
    ask_teams,
    decline_need,
    redirect_need,
)
from maillage.partnerships.actions.needs import specify_need
from maillage.partnerships.actions.requester import agree_to_pass_on
from maillage.partnerships.models import Answer, NeedAddress
from maillage.partnerships.need_inputs import NeedTerms, ProposedOfferInput
from maillage.partnerships.queries import CONSENT_DAYS, answers_waiting_for_consent, needs, requester_of
from maillage.register.models import Tie
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.queries import case_ids_to_remind
from tests.partnerships.sample_needs import (
    LETTER,
    MONDAY,
    case_of,
    proposed_team,
    state_sample_need,
    working_day,
)

pytestmark = pytest.mark.django_db


def test_an_answer_is_sent_once_and_stops_the_clock(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    answer = answer_need(actor=manager, at=working_day(3), need_id=need.pk, letter=LETTER, team=proposed_team(world))
    assert answer.sent_at == working_day(3)
    assert [one.offer for one in answer.team.order_by("pk")] == world.offers
    address = NeedAddress.objects.get(organisation=world.institute)
    assert (address.dealt_at, address.outcome) == (working_day(3), "answered")
    assert case_of(need).state == "answered"
    with pytest.raises(ActionError):
        answer_need(actor=manager, at=working_day(4), need_id=need.pk, letter=LETTER, team=proposed_team(world))


def test_the_case_alone_cannot_be_said_answered(world, english):
    need = state_sample_need(world)
    with pytest.raises(ActionError, match="Write the answer"):
        apply_transition(
            actor=world.acting(world.institute), at=working_day(1), case_id=case_of(need).pk, transition="answer"
        )


@pytest.mark.parametrize("letter", ["", "  \n"])
def test_a_silent_answer_is_none(world, letter):
    need = state_sample_need(world)
    with pytest.raises(ActionError):
        answer_need(
            actor=world.acting(world.institute),
            at=working_day(1),
            need_id=need.pk,
            letter=letter,
            team=proposed_team(world),
        )
    assert not Answer.objects.exists()


def test_an_offer_that_ended_meanwhile_is_named(world, english):
    need = state_sample_need(world)
    offer = world.offers[0]
    offer.period_end = "2026-03-03"
    offer.save()
    with pytest.raises(ActionError, match="Ended by now: Offer lab"):
        answer_need(
            actor=world.acting(world.institute),
            at=working_day(3),
            need_id=need.pk,
            letter=LETTER,
            team=proposed_team(world),
        )


def test_a_label_that_lapsed_meanwhile_is_named(world, english):
    label = Label.objects.create(key="good", name_fr="Bon", name_en="Good", authority=world.network)
    award = Award.objects.create(label=label, holder=world.lab, period_start="2020", period_end="2026-03-31")
    # The platform is under the label by what it belongs to.
    Tie.objects.create(subject=world.platform, object=world.network, kind="part-of", period_start="2020")
    Award.objects.create(label=label, holder=world.network, period_start="2020")
    need = state_sample_need(world, terms=NeedTerms(label_key="good", label_on=dt.date(2026, 3, 20)))
    answer = {"need_id": need.pk, "letter": LETTER, "team": proposed_team(world)}
    award.period_end = "2026-03-04"
    award.save()
    with pytest.raises(ActionError, match="Not under the label “Good” on 20 March 2026: Lab"):
        answer_need(actor=world.acting(world.institute), at=working_day(3), **answer)
    award.period_end = "2026-12"
    award.save()
    assert answer_need(actor=world.acting(world.institute), at=working_day(3), **answer).sent_at


def test_a_redirected_need_begins_a_delay_elsewhere(world):
    need = state_sample_need(world, confidential=False)
    manager, neighbour = world.acting(world.institute), world.acting(world.neighbour)
    redirect_need(
        actor=manager,
        at=working_day(2),
        need_id=need.pk,
        organisation_id=world.neighbour.pk,
        letter="They know better.",
    )
    assert NeedAddress.objects.get(organisation=world.institute).outcome == "redirected"
    there = NeedAddress.objects.get(organisation=world.neighbour)
    assert (there.promised_day, there.case.delay) == (dt.date(2026, 3, 11), 5)
    assert need in needs(actor=neighbour)
    assert requester_of(need, actor=neighbour)
    answer_need(actor=neighbour, at=working_day(4), need_id=need.pk, letter=LETTER, team=proposed_team(world))
    with pytest.raises(ActionError):
        redirect_need(
            actor=neighbour, at=working_day(5), need_id=need.pk, organisation_id=world.institute.pk, letter="Back."
        )


def test_a_need_does_not_go_back_and_forth(world):
    need = state_sample_need(world, confidential=False)
    redirect_need(
        actor=world.acting(world.institute),
        at=working_day(1),
        need_id=need.pk,
        organisation_id=world.neighbour.pk,
        letter="They know better.",
    )
    with pytest.raises(ActionError):
        redirect_need(actor=world.acting(world.neighbour), at=working_day(1), need_id=need.pk,
                      organisation_id=world.institute.pk, letter="No, you.")  # fmt: skip


def test_declining_needs_a_reason(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    with pytest.raises(ActionError):
        decline_need(actor=manager, at=working_day(1), need_id=need.pk, reason=" ")
    decline_need(actor=manager, at=working_day(1), need_id=need.pk, reason="Nobody in the network works on this.")
    assert need.addresses.get(organisation=world.institute).case.state == "declined"


def test_a_neighbour_deals_with_nothing(world):
    need = state_sample_need(world)
    neighbour = world.acting(world.neighbour)
    arguments = {"actor": neighbour, "at": working_day(1), "need_id": need.pk}
    for act, more in (
        (answer_need, {"letter": LETTER, "team": proposed_team(world)}),
        (redirect_need, {"organisation_id": world.neighbour.pk, "letter": "Mine."}),
        (decline_need, {"reason": "No."}),
        (ask_teams, {"offers": [world.offers[0].pk]}),
        (specify_need, {"terms": {}, "asked": []}),
    ):
        with pytest.raises(ActionForbiddenError):
            act(**arguments, **more)
    assert case_of(need).state == "received"


@pytest.mark.parametrize("outcome", ["declined", "redirected"])
def test_a_confidential_need_goes_on_only_with_the_yes_of_its_requester(world, outcome):
    agreed, refused = state_sample_need(world), state_sample_need(world)
    other = world.network if outcome == "declined" else world.neighbour
    for need, agrees in ((agreed, True), (refused, False)):
        arguments = {"actor": world.acting(world.institute), "at": working_day(1), "need_id": need.pk}
        if outcome == "declined":
            decline_need(**arguments, reason="Not our field.")
        else:
            redirect_need(**arguments, letter="They know better.", organisation_id=other.pk)
        assert not need.addresses.filter(organisation=other).exists()
        agree_to_pass_on(actor=PUBLIC, at=working_day(2), need_id=need.pk, agrees=agrees)
        assert need.addresses.filter(organisation=other).exists() is agrees


def test_without_a_yes_a_confidential_need_goes_to_nobody_else(world, english):
    need = state_sample_need(world)
    decline_need(actor=world.acting(world.institute), at=MONDAY, need_id=need.pk, reason="Not our field.")
    days = dt.timedelta(days=CONSENT_DAYS)
    assert answers_waiting_for_consent(MONDAY + days).filter(need=need).exists()
    with pytest.raises(ActionError, match="Nothing waits"):
        agree_to_pass_on(actor=PUBLIC, at=MONDAY + days + dt.timedelta(days=1), need_id=need.pk, agrees=True)


def test_who_declines_chooses_whether_the_need_goes_on(world):
    need = state_sample_need(world, confidential=False)
    arguments = {"actor": world.acting(world.institute), "at": working_day(1), "need_id": need.pk, "reason": "No."}
    with pytest.raises(ActionError):
        decline_need(**arguments, pass_on_to=[world.neighbour.pk])
    decline_need(**arguments, pass_on_to=[])
    assert not need.addresses.filter(organisation=world.network).exists()


def test_a_declined_need_goes_to_the_network_that_takes_needs(world):
    need = state_sample_need(world, confidential=False)
    decline_need(actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, reason="Not our field.")
    waiting = need.addresses.get(organisation=world.network)
    assert (waiting.role, waiting.dealt_at) == ("addressee", None)
    pilot = world.acting(world.network, "pilot")
    assert needs(actor=pilot).filter(pk=need.pk).exists()
    answer = decline_need(actor=pilot, at=working_day(3), need_id=need.pk, reason="Nobody in the network either.")
    assert answer.organisation == world.network
    assert not need.addresses.filter(dealt_at=None).exists()


def test_a_pilot_who_was_drawn_in_signs_for_the_network(world):
    need = state_sample_need(world, confidential=False)
    for number in range(14):
        for pk in case_ids_to_remind(working_day(number)):
            remind(actor=SYSTEM, at=working_day(number), case_id=pk)
    pilot = world.acting(world.network, "pilot", at=working_day(16))
    answer = answer_need(actor=pilot, at=working_day(16), need_id=need.pk, letter="We do.",
                         team=[ProposedOfferInput(world.offers[0].pk, [])])  # fmt: skip
    assert answer.organisation == world.network
    assert answer.sent_at


def test_an_institute_that_passed_a_need_on_changes_it_no_more(world):
    need, manager = state_sample_need(world), world.acting(world.institute)
    redirect_need(
        actor=manager, at=working_day(1), need_id=need.pk, organisation_id=world.neighbour.pk, letter="They know."
    )
    with pytest.raises(ActionError):
        specify_need(actor=manager, at=working_day(2), need_id=need.pk, terms={}, asked=[])


def test_a_process_of_the_site_without_the_guard_gives_no_network_a_confidential_need(world, english):
    text = (Path(maillage.__file__).parent / "partnerships/processes/need.yaml").read_text("utf-8")
    edited = text.replace("    guards: [open-to-networks]\n", "")
    publish_definition(actor=SYSTEM, at=MONDAY - dt.timedelta(days=1), text=edited, reason="Ours.")
    case = state_sample_need(world).addresses.get().case
    arguments = {"actor": world.acting(world.institute), "at": working_day(1), "transition": "escalate"}
    with pytest.raises(ActionError, match="only with the requester’s yes"):
        apply_transition(case_id=case.pk, **arguments)
    open_case = state_sample_need(world, confidential=False).addresses.get().case
    assert apply_transition(case_id=open_case.pk, **arguments).state == "escalated"
