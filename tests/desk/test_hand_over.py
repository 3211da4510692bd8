"""Colleagues: handed over to, standing in, given rows and reminded of them."""

import datetime as dt

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.desk.actions.hand_over import hand_over_desk, hand_over_mandate
from maillage.desk.actions.rows import assign_rows, remind_of_rows, snooze_rows
from maillage.desk.queries import desk_rows, waits_for
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answers import ask_teams
from maillage.people.actions.mandates import delegate
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from tests.partnerships.sample_needs import MONDAY, state_sample_need, working_day

pytestmark = pytest.mark.django_db

TUESDAY = working_day(1)


def person(name: str, *mandates) -> User:
    made = User.objects.create(email=f"{name}@example.org", name=name)
    for role, organisation in mandates:
        Mandate.objects.create(person=made, organisation=organisation, role=role, first_day=dt.date(2020, 1, 1))
    return made


def owners(user: User) -> dict[str, str]:
    return {row.kind: row.owner for row in desk_rows(user, TUESDAY)}


def take_all(user: User) -> list[str]:
    keys = [row.key for row in desk_rows(user, TUESDAY)]
    assign_rows(actor=actor_of(user, TUESDAY), at=TUESDAY, keys=keys, person_id=user.pk)
    return keys


@pytest.fixture
def need(world):
    made = state_sample_need(world)
    ask_teams(actor=world.acting(world.institute), at=MONDAY, need_id=made.pk, offers=[world.offers[0].pk])
    return made


@pytest.fixture
def leaving(world, need) -> User:
    """Somebody with two mandates, who takes care of a row of each."""
    made = person("leaving", ("manager", world.institute), ("lead", world.lab))
    take_all(made)
    return made


def test_all_that_one_takes_care_of_is_handed_over_in_one_act_also_what_was_put_off(world, leaving):
    colleague = person("colleague", ("manager", world.institute))
    actor = actor_of(leaving, TUESDAY)
    for_need = next(row.key for row in desk_rows(leaving, TUESDAY) if row.kind == "need")
    snooze_rows(actor=actor, at=TUESDAY, keys=[for_need], until=working_day(3).date())
    with pytest.raises(ActionError):
        hand_over_desk(actor=actor, at=TUESDAY, person_id=colleague.pk, reason=" ")
    done = hand_over_desk(actor=actor, at=TUESDAY, person_id=colleague.pk, reason="I leave on Friday.")
    assert (done.number, len(done.left)) == (1, 1)
    assert owners(colleague) == {"need": "colleague"}
    assert owners(leaving)["team-request"] == "leaving"
    told = Notice.objects.get(person=colleague, kind="desk-given")
    assert "I leave on Friday." in told.body_en
    with pytest.raises(ActionError):
        hand_over_desk(actor=actor, at=TUESDAY, person_id=person("stranger").pk, reason="I leave.")


def test_a_manager_hands_over_what_somebody_takes_care_of_when_the_mandate_ends(world, leaving):
    colleague, reader = person("colleague", ("lead", world.lab)), person("reader", ("reviewer", world.lab))
    mandate = Mandate.objects.get(person=leaving, role="lead")
    above = world.acting(world.lab)
    values = {"at": TUESDAY, "mandate_id": mandate.pk, "reason": "The contract ends."}
    with pytest.raises(ActionError):
        hand_over_mandate(actor=above, person_id=reader.pk, **values)
    with pytest.raises(ActionForbiddenError):
        hand_over_mandate(actor=world.acting(world.neighbour), person_id=colleague.pk, **values)
    assert hand_over_mandate(actor=above, person_id=colleague.pk, **values).number == 1
    assert owners(colleague) == {"team-request": "colleague"}
    assert owners(leaving)["need"] == "leaving"


def test_a_delegate_is_waited_for_in_place_of_the_owner_and_the_desk_says_for_whom(world, leaving):
    stand_in, other = person("delegate"), person("other", ("manager", world.institute))
    absent = Mandate.objects.get(person=leaving, role="manager")
    Mandate.objects.create(
        person=stand_in,
        organisation=world.institute,
        role="manager",
        first_day=TUESDAY.date(),
        last_day=working_day(4).date(),
        delegated_from=absent,
    )
    [row] = waits_for(desk_rows(stand_in, TUESDAY), stand_in.pk)
    assert (row.owner, row.mandate.stands_in_for) == ("leaving", "leaving")
    assert waits_for(desk_rows(other, TUESDAY), other.pk) == []
    assert desk_rows(stand_in, working_day(5)) == []


def test_a_delegate_with_a_mandate_of_their_own_there_is_waited_for_too(world, leaving):
    stand_in = person("delegate", ("manager", world.lab))
    absent = Mandate.objects.get(person=leaving, role="lead")
    assert waits_for(desk_rows(stand_in, TUESDAY), stand_in.pk) == []
    days = {"first_day": TUESDAY.date(), "last_day": working_day(4).date()}
    delegate_mandate(actor_of(leaving, TUESDAY, absent.pk), absent, stand_in, **days)
    [row] = waits_for(desk_rows(stand_in, TUESDAY), stand_in.pk)
    assert (row.owner, row.mandate.stands_in_for) == ("leaving", "leaving")
    assert waits_for(desk_rows(stand_in, working_day(5)), stand_in.pk) == []


def delegate_mandate(actor, mandate: Mandate, colleague: User, **days) -> Mandate:
    return delegate(actor=actor, at=TUESDAY, mandate_id=mandate.pk, email=colleague.email, **days)


def test_who_holds_the_same_mandate_is_no_delegate_and_the_refusal_says_what_to_do(world, leaving):
    colleague = person("colleague", ("manager", world.institute))
    own = Mandate.objects.get(person=leaving, role="manager")
    days = {"first_day": TUESDAY.date(), "last_day": working_day(4).date()}
    with pytest.raises(ActionError, match=r"colleague .*(desk|bureau)"):
        delegate_mandate(actor_of(leaving, TUESDAY, own.pk), own, colleague, **days)


def test_what_is_taken_care_of_by_another_mandate_stays_with_its_owner(world, need):
    owner = person("owner", ("manager", world.institute), ("lead", world.institute))
    colleague = person("colleague", ("lead", world.institute))
    take_all(owner)
    mandate = Mandate.objects.get(person=owner, role="lead")
    values = {"at": TUESDAY, "mandate_id": mandate.pk, "person_id": colleague.pk, "reason": "The contract ends."}
    assert hand_over_mandate(actor=world.acting(world.institute), **values).number == 0
    assert owners(owner)["need"] == "owner"


def test_who_is_given_a_row_is_told_at_once_and_who_takes_one_is_not(world, need):
    one, other = person("one", ("manager", world.institute)), person("other", ("manager", world.institute))
    [key] = take_all(one)
    assert not Notice.objects.filter(kind="desk-given").exists()
    assign_rows(actor=actor_of(one, TUESDAY), at=TUESDAY, keys=[key], person_id=other.pk)
    told = Notice.objects.get(kind="desk-given")
    assert (told.person, told.pace) == (other, "immediate")


def test_colleagues_are_reminded_of_several_rows_at_once(world, need):
    one, other = person("one", ("manager", world.institute)), person("other", ("manager", world.institute))
    state_sample_need(world)
    keys = [row.key for row in desk_rows(one, TUESDAY)]
    assert remind_of_rows(actor=actor_of(one, TUESDAY), at=TUESDAY, keys=keys) == ["manager of institute", "other"]
    told = Notice.objects.get(person=other, kind="desk-given")
    assert told.subject_en.endswith("and 1 more")
    take_all(one)
    with pytest.raises(ActionError):
        remind_of_rows(actor=actor_of(one, TUESDAY), at=TUESDAY, keys=keys)
