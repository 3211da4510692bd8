"""The rows of the desk: over all mandates, with their owners, put off and brought back."""

import datetime as dt

import pytest

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC
from maillage.desk.actions.rows import assign_rows, release_rows, snooze_rows, wake_rows
from maillage.desk.queries import DeskRow, count_waiting, desk_rows, waits_for
from maillage.partnerships.actions.answers import ask_teams, reply_to_request
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.proposals.models import Proposal, ProposalState
from tests.partnerships.sample_needs import MONDAY, state_sample_need, working_day

TUESDAY = working_day(1)


def person(name: str, *mandates, **more) -> User:
    made = User.objects.create(email=f"{name}@example.org", name=name, **more)
    for role, organisation in mandates:
        Mandate.objects.create(person=made, organisation=organisation, role=role, first_day=dt.date(2020, 1, 1))
    return made


def rows_of(user: User, at: dt.datetime = TUESDAY) -> list[DeskRow]:
    return desk_rows(user, at)


def kinds(user: User) -> list[str]:
    return [row.kind for row in rows_of(user)]


@pytest.fixture
def need(world):
    made = state_sample_need(world)
    ask_teams(
        actor=world.acting(world.institute), at=MONDAY, need_id=made.pk, offers=[offer.pk for offer in world.offers]
    )
    return made


def test_rows_of_all_mandates_stand_together_each_with_its_mandate_and_page(world, need):
    user = person("both", ("manager", world.institute), ("lead", world.lab))
    rows = {row.kind: row for row in rows_of(user)}
    assert set(rows) == {"need", "team-request"}
    assert rows["need"].mandate.organisation_id == world.institute.pk
    assert rows["need"].url.endswith(f"/needs/{need.key}")
    assert rows["need"].about.startswith("A small company")
    assert rows["team-request"].mandate.role == "lead"
    assert "/requests/" in rows["team-request"].url
    assert rows["team-request"].due == rows["need"].due == working_day(10).date()


def test_a_request_stays_until_the_team_replies(world, need):
    lead = person("lead", ("lead", world.lab))
    row = rows_of(lead)[0]
    reply_to_request(
        actor=actor_of(lead, TUESDAY, row.mandate.mandate_id), at=TUESDAY, request_id=row.number, takes_part=True
    )
    assert rows_of(lead) == []


def test_who_asks_is_not_told_to_a_team(world, need):
    assert "A small company" not in str(rows_of(person("lead", ("lead", world.lab))))


def test_what_a_colleague_takes_leaves_the_count_of_the_others(world, need):
    one, other = person("one", ("manager", world.institute)), person("other", ("manager", world.institute))
    actor, key = actor_of(one, TUESDAY), rows_of(one)[0].key
    assign_rows(actor=actor, at=TUESDAY, keys=[key], person_id=one.pk)
    assert [row.owner for row in rows_of(other)] == ["one"]
    assert waits_for(rows_of(other), other.pk) == []
    assert count_waiting(rows_of(one), one.pk, TUESDAY.date()).count == 1
    assign_rows(actor=actor, at=TUESDAY, keys=[key], person_id=other.pk)
    assert [row.owner for row in rows_of(one)] == ["other"]
    release_rows(actor=actor, at=TUESDAY, keys=[key])
    assert [row.owner_id for row in rows_of(one)] == [None]


def test_rows_are_given_only_to_who_may_act_and_only_by_those_they_wait_for(world, need):
    one = person("one", ("manager", world.institute))
    stranger = person("stranger", ("manager", world.neighbour))
    reader = person("reader", ("reviewer", world.institute))
    key = rows_of(one)[0].key
    for refused in (stranger, reader):
        with pytest.raises(ActionError):
            assign_rows(actor=actor_of(one, TUESDAY), at=TUESDAY, keys=[key], person_id=refused.pk)
        with pytest.raises(ActionError):
            assign_rows(actor=actor_of(refused, TUESDAY), at=TUESDAY, keys=[key], person_id=refused.pk)
    with pytest.raises(ActionForbiddenError):
        assign_rows(actor=PUBLIC, at=TUESDAY, keys=[key], person_id=one.pk)


def test_the_row_of_who_no_longer_acts_is_nobodys(world, need):
    one, other = person("one", ("manager", world.institute)), person("other", ("manager", world.institute))
    key = rows_of(one)[0].key
    assign_rows(actor=actor_of(one, TUESDAY), at=TUESDAY, keys=[key], person_id=one.pk)
    Mandate.objects.filter(person=one).update(last_day=dt.date(2020, 2, 1))
    assert [row.owner_id for row in rows_of(other)] == [None]


def test_a_row_put_off_comes_back_on_its_day(world, need):
    one, other = person("one", ("manager", world.institute)), person("other", ("manager", world.institute))
    actor, key = actor_of(one, TUESDAY), rows_of(one)[0].key
    for day in (TUESDAY.date(), TUESDAY.date() + dt.timedelta(days=400)):
        with pytest.raises(ActionError):
            snooze_rows(actor=actor, at=TUESDAY, keys=[key], until=day)
    snooze_rows(actor=actor, at=TUESDAY, keys=[key], until=working_day(3).date())
    assert rows_of(one) == []
    assert len(rows_of(other)) == 1
    assert len(rows_of(one, working_day(3))) == 1
    wake_rows(actor=actor, at=TUESDAY, keys=[key])
    assert len(rows_of(one)) == 1


def test_officers_see_at_once_what_nobody_can_act_on(world, need):
    officer = person("officer", is_officer=True)
    asked = [row for row in rows_of(officer) if row.kind == "team-request"]
    assert {row.organisation_id for row in asked} == {world.lab.pk, world.platform.pk}
    assert all(row.is_unattended for row in asked)
    person("lead", ("lead", world.lab))
    assert {row.organisation_id for row in rows_of(officer) if row.kind == "team-request"} == {world.platform.pk}


def test_an_open_proposal_waits_for_who_writes_the_fact_and_for_officers_where_nobody_does(world):
    officer, manager = person("officer", is_officer=True), person("manager", ("manager", world.lab))
    values = {"kind": "record", "list_name": "offers", "title": "A new offer", "proposed_at": MONDAY}
    made = Proposal.objects.create(**values, state=ProposalState.OPEN, readers=[world.lab.pk], due_on=TUESDAY.date())
    Proposal.objects.create(**values, state=ProposalState.UNCONFIRMED)
    assert [(row.number, row.title) for row in rows_of(manager)] == [(made.pk, "A new offer")]
    assert "proposal" not in kinds(officer)
    Mandate.objects.filter(person=manager).delete()
    assert "proposal" in kinds(officer)
    assert rows_of(manager) == []
