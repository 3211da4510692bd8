"""A need is stated and specified: what is refused, and who reads it."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actors import MANDATED_ROLES, PUBLIC
from maillage.core.security.session_scope import actor_scope
from maillage.partnerships.actions.answers import (
    answer_need,
)
from maillage.partnerships.actions.needs import specify_need, state_need
from maillage.partnerships.models import DEALING_ROLES, Need, NeedAddress, Requester
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH, NeedTerms, ProposedOfferInput, RequestedCapabilityInput
from maillage.partnerships.queries import needs, requester_of, requesters_of
from maillage.people.actions.own_account import erase_account
from maillage.people.models import User
from maillage.people.personal_data_export import get_personal_data
from maillage.people.queries import actor_of
from maillage.workflow import engine as processes
from maillage.workflow.models import Case
from tests.partnerships.sample_needs import (
    ASKER,
    MONDAY,
    TEXT,
    case_of,
    state_sample_need,
    working_day,
)
from tests.workflow.sample_cases import waiting_cases

pytestmark = pytest.mark.django_db


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
    requester = Requester.objects.get()
    assert (requester.email, requester.organisation, requester.person) == ("", "", None)
    assert Need.objects.get().is_erased


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


def test_an_organisation_that_has_ended_takes_no_needs(world):
    world.lab.period_end = "2020"
    world.lab.save()
    with pytest.raises(ActionError, match=r"cannot receive a need|ne peut pas recevoir"):
        state_sample_need(world, addressee_id=world.lab.pk)


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


def test_a_need_in_another_script_is_taken(world):
    assert state_sample_need(world, text="我们正在寻找白血病单克隆抗体临床试验的合作伙伴").language == ""


def test_a_budget_of_nothing_is_told(world, english):
    with pytest.raises(ActionError, match="above 0"):
        state_sample_need(world, terms=NeedTerms(budget=Decimal(0)))


@pytest.mark.parametrize("role", MANDATED_ROLES)
def test_only_those_who_deal_with_needs_read_who_asks(world, role):
    need = state_sample_need(world)
    actor = world.acting(world.institute, role)
    may_read = role in DEALING_ROLES
    assert bool(requester_of(need, actor=actor)) == may_read
    assert requesters_of([need.pk], actor=actor).exists() == may_read
    with actor_scope(actor):
        assert Requester.objects.filter(need=need).exists() == may_read
