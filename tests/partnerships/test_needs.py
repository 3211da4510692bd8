"""From a need to its answer: who reads it, which clock runs, what is refused, and what becomes of it."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.labels.models import Award, Label
from maillage.notifications.models import Notice
from maillage.offers.models import Offer
from maillage.partnerships.actions.answer_delays import promise_delay
from maillage.partnerships.actions.answers import (
    answer_need,
    ask_teams,
    decline_need,
    redirect_need,
    reply_to_request,
)
from maillage.partnerships.actions.needs import specify_need, state_need
from maillage.partnerships.actions.requester import complain, escalate_complaint, rate_need, withdraw_need
from maillage.partnerships.models import Answer, Need, NeedAddress, Requester
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH, NeedTerms, ProposedOfferInput, RequestedCapabilityInput
from maillage.partnerships.queries import answer_punctuality, needs, open_team_requests, requester_of
from maillage.people.actions.own_account import erase_account
from maillage.people.models import User
from maillage.people.personal_data_export import get_personal_data
from maillage.people.queries import actor_of
from maillage.register.models import Tie
from maillage.workflow import engine as processes
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.actions.reminders import remind
from maillage.workflow.models import Case
from maillage.workflow.queries import case_ids_to_remind, waiting_cases
from tests.partnerships.sample_needs import (
    ASKER,
    MONDAY,
    TEXT,
    state_sample_need,
    working_day,
)

LETTER = "Dear colleague,\n\nwe propose the team below."


def case_of(need: Need) -> Case:
    return Case.objects.get(address__need=need)


def team(world) -> list[ProposedOfferInput]:
    return [ProposedOfferInput(offer.pk, ["aml"]) for offer in world.offers]


def test_a_need_is_before_the_institute_with_the_delay_it_promised(world):
    need = state_sample_need(
        world, asked=[RequestedCapabilityInput("aml"), RequestedCapabilityInput("mrd", essential=False)]
    )
    address = NeedAddress.objects.get()
    assert (address.organisation, address.promised_day) == (world.institute, dt.date(2026, 3, 16))
    assert timezone.localdate(case_of(need).due_at) == address.promised_day
    assert need.title == "We develop a bispecific antibody for acute myeloid leukaemia and look for a phase I trial"
    assert need.language == "en"
    assert dict(need.asked.values_list("concept", "essential")) == {"aml": True, "mrd": False}
    assert Requester.objects.get().size == "pme"
    assert [waiting_case.pk for waiting_case in waiting_cases(actor=world.acting(world.institute), at=MONDAY)] == [
        case_of(need).pk
    ]


def test_only_those_it_is_before_read_it(world):
    need = state_sample_need(world)
    assert need in needs(actor=world.acting(world.institute))
    for other in (
        PUBLIC,
        world.acting(world.neighbour),
        world.acting(world.lab, "lead"),
        world.acting(world.network, "pilot"),
    ):
        assert need not in needs(actor=other)
        assert requester_of(need, actor=other) is None


def test_the_person_who_stated_it_reads_it_and_is_forgotten_with_the_account(world):
    person = User.objects.create(email="company@example.org", name="The scientific director")
    need = state_sample_need(world, actor=actor_of(person, MONDAY))
    assert need in needs(actor=actor_of(person, MONDAY))
    assert get_personal_data(person)["needs"][0]["need_title"] == need.title
    erase_account(actor=actor_of(person, MONDAY), at=MONDAY)
    assert not Requester.objects.exists()
    assert Need.objects.exists()


@pytest.mark.parametrize("text", ["", "   \n ", "?!", "AML", "12 34 56"])
def test_an_empty_need_is_refused(world, english, text):
    with pytest.raises(ActionError, match="Say in a sentence or two"):
        state_sample_need(world, text=text)
    assert not Need.objects.exists()
    assert not Case.objects.exists()


def test_a_very_long_need_is_taken_and_an_endless_one_refused(world, english):
    long = state_sample_need(world, text="An antibody against acute myeloid leukaemia. " * 2_500)
    assert len(long.text) > 100_000
    assert len(long.title) <= 120
    with pytest.raises(ActionError, match="shorten it"):
        state_sample_need(world, text="x" * (MAX_TEXT_LENGTH + 1))


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (NeedTerms(countries=["DE"], regions=["FR-IDF"]), "FR-IDF lie outside the countries asked for .DE."),
        (NeedTerms(regions=["FR-XYZ"]), "FR-XYZ"),
        (NeedTerms(countries=["France"]), "France"),
        (NeedTerms(label_on=dt.date(2026, 4, 1)), "Say which label"),
        (NeedTerms(label_key="no-such-label"), "no label"),
        (NeedTerms(start_on=dt.date(2026, 3, 1)), "in the past"),
        (NeedTerms(budget=Decimal(-1)), "need_budget_is_something|budget"),
        (NeedTerms(trl_low=6, trl_high=3), "need_trl|TRL"),
        (NeedTerms(seat_kind="castle"), "no such kind"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_their_place(world, english, terms, message):
    with pytest.raises(ActionError, match=message):
        state_sample_need(world, terms=terms)
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    "change", [{"email": "nobody"}, {"organisation": " "}, {"staff": Decimal(-3)}], ids=["mail", "name", "staff"]
)
def test_who_asks_must_be_somebody(world, change):
    with pytest.raises(ActionError):
        state_sample_need(world, asker=dataclasses.replace(ASKER, **change))
    assert not Need.objects.exists()


def test_a_body_that_promises_nothing_takes_no_needs(world):
    with pytest.raises(ActionError):
        state_sample_need(world, addressee_id=world.lab.pk)


def test_a_new_promise_changes_no_case_that_runs(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    promise_delay(actor=manager, at=working_day(1), organisation_id=world.institute.pk, working_days=3)
    assert case_of(need).delay == 10
    assert case_of(state_sample_need(world, at=working_day(2))).delay == 3
    with pytest.raises(ActionForbiddenError):
        promise_delay(actor=manager, at=working_day(1), organisation_id=world.neighbour.pk, working_days=3)


def test_teams_read_the_need_not_who_asks_and_reply(world):
    need = state_sample_need(world)
    manager, lead = world.acting(world.institute), world.acting(world.lab, "lead")
    ask_teams(
        actor=manager,
        at=working_day(1),
        need_id=need.pk,
        offers=[offer.pk for offer in world.offers],
        message="Are you free?",
    )
    assert case_of(need).state == "routed"
    assert need in needs(actor=lead)
    assert requester_of(need, actor=lead) is None
    [request] = open_team_requests(lead)
    reply_to_request(
        actor=lead, at=working_day(2), request_id=request.pk, takes_part=True, free_from=dt.date(2026, 6, 1)
    )
    assert list(open_team_requests(lead)) == []
    request.refresh_from_db()
    assert (request.reply, request.free_from) == ("yes", dt.date(2026, 6, 1))
    with pytest.raises(ActionForbiddenError):
        reply_to_request(
            actor=world.acting(world.platform, "lead"), at=working_day(2), request_id=request.pk, takes_part=False
        )


def test_an_answer_is_sent_once_and_stops_the_clock(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    answer = answer_need(actor=manager, at=working_day(3), need_id=need.pk, letter=LETTER, team=team(world))
    assert answer.sent_at == working_day(3)
    assert [one.offer for one in answer.team.order_by("pk")] == world.offers
    address = NeedAddress.objects.get(organisation=world.institute)
    assert (address.dealt_at, address.outcome) == (working_day(3), "answered")
    assert case_of(need).state == "answered"
    with pytest.raises(ActionError):
        answer_need(actor=manager, at=working_day(4), need_id=need.pk, letter=LETTER, team=team(world))


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
            actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, letter=letter, team=team(world)
        )
    assert not Answer.objects.exists()


def test_an_offer_that_ended_meanwhile_is_named(world, english):
    need = state_sample_need(world)
    offer = world.offers[0]
    offer.period_end = "2026-03-03"
    offer.save()
    with pytest.raises(ActionError, match="Ended by now: Offer lab"):
        answer_need(
            actor=world.acting(world.institute), at=working_day(3), need_id=need.pk, letter=LETTER, team=team(world)
        )


def test_a_label_that_lapsed_meanwhile_is_named(world, english):
    label = Label.objects.create(key="good", name_fr="Bon", name_en="Good", authority=world.network)
    award = Award.objects.create(label=label, holder=world.lab, period_start="2020", period_end="2026-03-31")
    # The platform is under the label by what it belongs to.
    Tie.objects.create(subject=world.platform, object=world.network, kind="part-of", period_start="2020")
    Award.objects.create(label=label, holder=world.network, period_start="2020")
    need = state_sample_need(world, terms=NeedTerms(label_key="good", label_on=dt.date(2026, 3, 20)))
    answer = {"need_id": need.pk, "letter": LETTER, "team": team(world)}
    award.period_end = "2026-03-04"
    award.save()
    with pytest.raises(ActionError, match="Not under the label “Good” on 20 March 2026: Lab"):
        answer_need(actor=world.acting(world.institute), at=working_day(3), **answer)
    award.period_end = "2026-12"
    award.save()
    assert answer_need(actor=world.acting(world.institute), at=working_day(3), **answer).sent_at


def test_a_redirected_need_begins_a_delay_elsewhere(world):
    need = state_sample_need(world)
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
    answer_need(actor=neighbour, at=working_day(4), need_id=need.pk, letter=LETTER, team=team(world))
    with pytest.raises(ActionError):
        redirect_need(
            actor=neighbour, at=working_day(5), need_id=need.pk, organisation_id=world.institute.pk, letter="Back."
        )


def test_a_need_does_not_go_back_and_forth(world):
    need = state_sample_need(world)
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
        (answer_need, {"letter": LETTER, "team": team(world)}),
        (redirect_need, {"organisation_id": world.neighbour.pk, "letter": "Mine."}),
        (decline_need, {"reason": "No."}),
        (ask_teams, {"offers": [world.offers[0].pk]}),
        (specify_need, {"terms": {}, "asked": []}),
    ):
        with pytest.raises(ActionForbiddenError):
            act(**arguments, **more)
    assert case_of(need).state == "received"


def test_what_waits_too_long_escalates_to_the_network_which_may_answer(world):
    need = state_sample_need(world)
    pilot = world.acting(world.network, "pilot")
    for number in range(13):
        for pk in case_ids_to_remind(working_day(number)):
            remind(actor=SYSTEM, at=working_day(number), case_id=pk)
        assert (case_of(need).state == "escalated") == (number == 13)
    for pk in case_ids_to_remind(working_day(13)):
        remind(actor=SYSTEM, at=working_day(13), case_id=pk)
    assert case_of(need).state == "escalated"
    assert [waiting_case.pk for waiting_case in waiting_cases(actor=pilot, at=working_day(13))] == [case_of(need).pk]
    assert need in needs(actor=pilot)
    assert requester_of(need, actor=pilot)
    assert set(Notice.objects.filter(person=pilot.user_id).values_list("kind", flat=True)) == {"cases"}
    answer_need(actor=pilot, at=working_day(14), need_id=need.pk, letter=LETTER, team=team(world))
    address = NeedAddress.objects.get(organisation=world.institute)
    assert address.dealt_at == working_day(14)
    figures = answer_punctuality(world.institute.pk, MONDAY.date(), working_day(20).date(), on=working_day(20).date())
    assert (figures.received, figures.in_time, figures.late, figures.share) == (1, 0, 1, 0.0)


def test_the_share_of_promises_kept(world):
    manager = world.acting(world.institute)
    answered, declined, _waiting, withdrawn = (state_sample_need(world) for _number in range(4))
    answer_need(actor=manager, at=working_day(10), need_id=answered.pk, letter=LETTER, team=team(world))
    decline_need(actor=manager, at=working_day(11), need_id=declined.pk, reason="Not our field.")
    withdraw_need(actor=PUBLIC, at=working_day(2), need_id=withdrawn.pk)
    before = answer_punctuality(world.institute.pk, MONDAY.date(), MONDAY.date(), on=working_day(10).date())
    assert (before.received, before.in_time, before.late, before.share) == (3, 1, 1, 0.5)
    after = answer_punctuality(world.institute.pk, MONDAY.date(), MONDAY.date(), on=working_day(11).date())
    assert (after.late, after.answered, after.declined) == (2, 1, 1)
    assert answer_punctuality(world.neighbour.pk, MONDAY.date(), MONDAY.date(), on=working_day(11).date()).share is None


def test_a_requester_withdraws_rates_and_complains(world):
    need = state_sample_need(world)
    manager = world.acting(world.institute)
    with pytest.raises(ActionError):
        rate_need(actor=PUBLIC, at=working_day(1), need_id=need.pk, score=5)
    answer_need(actor=manager, at=working_day(1), need_id=need.pk, letter=LETTER, team=team(world))
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


def test_a_complaint_left_alone_reaches_the_network(world):
    need = state_sample_need(world)
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


def test_what_is_asked_can_be_said_anew(world):
    need = state_sample_need(world, asked=[RequestedCapabilityInput("aml")])
    manager = world.acting(world.institute)
    specify_need(
        actor=manager,
        at=working_day(1),
        need_id=need.pk,
        terms={"countries": ["FR"]},
        asked=[RequestedCapabilityInput("mrd", False)],
    )
    need.refresh_from_db()
    assert need.countries == ["FR"]
    assert need.text == TEXT
    assert list(need.asked.values_list("concept", "essential")) == [("mrd", False)]


def test_many_needs_from_nowhere_are_stopped(world, monkeypatch):
    monkeypatch.setattr(processes, "HOURLY_WITHOUT_ACCOUNT", 4)
    for _number in range(4):
        state_sample_need(world)
    with pytest.raises(ActionError):
        state_need(actor=PUBLIC, at=MONDAY, text=TEXT, asker=ASKER, addressee_id=world.institute.pk)


def test_a_team_that_is_asked_is_told_and_so_is_who_asked(world):
    need = state_sample_need(world)
    lead, manager = world.acting(world.lab, "lead"), world.acting(world.institute)
    asking = {"need_id": need.pk, "offers": [world.offers[0].pk], "message": "In spring?"}
    (request,) = ask_teams(actor=manager, at=working_day(1), **asking)
    notices = Notice.objects.get(person=lead.user_id, kind="teams")
    assert need.title in notices.subject_en
    assert notices.body_en == "In spring?"
    reply_to_request(actor=lead, at=working_day(2), request_id=request.pk, takes_part=False, note="Full.")
    back = Notice.objects.get(person=manager.user_id, kind="teams")
    assert "no" in back.subject_en
    assert back.body_en == "Full."


def test_an_open_need_lets_the_teams_know_who_asks(world):
    need = state_sample_need(world, confidential=False)
    ask_teams(actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    assert requester_of(need, actor=world.acting(world.lab, "lead")) is not None


def test_an_offer_hidden_from_the_manager_is_neither_asked_nor_proposed(world):
    need, manager = state_sample_need(world), world.acting(world.institute)
    Offer.objects.filter(pk=world.offers[0].pk).update(visibility="organisation")
    with pytest.raises(ActionError):
        ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    with pytest.raises(ActionError):
        answer_need(
            actor=manager,
            at=working_day(1),
            need_id=need.pk,
            letter="L",
            team=[ProposedOfferInput(world.offers[0].pk, [])],
        )


def test_a_declined_need_goes_to_the_network_that_takes_needs(world):
    need = state_sample_need(world)
    decline_need(actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, reason="Not our field.")
    waiting = need.addresses.get(organisation=world.network)
    assert (waiting.role, waiting.dealt_at) == ("addressee", None)
    pilot = world.acting(world.network, "pilot")
    assert needs(actor=pilot).filter(pk=need.pk).exists()
    answer = decline_need(actor=pilot, at=working_day(3), need_id=need.pk, reason="Nobody in the network either.")
    assert answer.organisation == world.network
    assert not need.addresses.filter(dealt_at=None).exists()


def test_a_pilot_who_was_drawn_in_signs_for_the_network(world):
    need = state_sample_need(world)
    for number in range(14):
        for pk in case_ids_to_remind(working_day(number)):
            remind(actor=SYSTEM, at=working_day(number), case_id=pk)
    pilot = world.acting(world.network, "pilot", at=working_day(16))
    answer = answer_need(actor=pilot, at=working_day(16), need_id=need.pk, letter="We do.",
                         team=[ProposedOfferInput(world.offers[0].pk, [])])  # fmt: skip
    assert answer.organisation == world.network
    assert answer.sent_at


def test_lines_of_a_browser_leave_no_trace(world):
    need = state_sample_need(world, text="Bispecific antibody wanted\r\nfor a phase I trial in leukaemia.")
    assert need.title == "Bispecific antibody wanted"
    assert "\r" not in need.text
    answer = answer_need(
        actor=world.acting(world.institute),
        at=working_day(1),
        need_id=need.pk,
        letter="Dear all,\r\n\r\nwe do.",
        team=[ProposedOfferInput(world.offers[0].pk, [])],
    )
    assert answer.letter.split("\n\n") == ["Dear all,", "we do."]


def test_what_is_no_capability_is_refused(world, english):
    need = state_sample_need(world)
    with pytest.raises(ActionError, match="no capability"):
        specify_need(actor=world.acting(world.institute), at=working_day(1), need_id=need.pk, terms={},
                     asked=[RequestedCapabilityInput("x" * 300)])  # fmt: skip


def test_an_institute_that_passed_a_need_on_changes_it_no_more(world):
    need, manager = state_sample_need(world), world.acting(world.institute)
    redirect_need(
        actor=manager, at=working_day(1), need_id=need.pk, organisation_id=world.neighbour.pk, letter="They know."
    )
    with pytest.raises(ActionError):
        specify_need(actor=manager, at=working_day(2), need_id=need.pk, terms={}, asked=[])


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


def test_a_need_in_another_script_is_taken(world):
    assert state_sample_need(world, text="我们正在寻找白血病单克隆抗体临床试验的合作伙伴").language == ""


def test_a_budget_of_nothing_is_told(world, english):
    with pytest.raises(ActionError, match="above 0"):
        state_sample_need(world, terms=NeedTerms(budget=Decimal(0)))


def test_who_said_no_is_not_proposed(world, english):
    need, manager = state_sample_need(world), world.acting(world.institute)
    (request,) = ask_teams(actor=manager, at=working_day(1), need_id=need.pk, offers=[world.offers[0].pk])
    reply_to_request(actor=world.acting(world.lab, "lead"), at=working_day(2), request_id=request.pk, takes_part=False)
    with pytest.raises(ActionError, match="Does not take part, as it replied: Lab"):
        answer_need(actor=manager, at=working_day(3), need_id=need.pk, letter=LETTER, team=team(world))
