"""The rows of the desk: over all mandates, with their owners, put off and brought back."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.utils.translation import override

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.models import Citation, Contradiction, LastingKey, Source
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope
from maillage.desk.actions.morning import announce_desk
from maillage.desk.actions.rows import assign_rows, release_rows, snooze_rows, wake_rows
from maillage.desk.models import RowOwner
from maillage.desk.providers import DESK_KINDS
from maillage.desk.queries import DeskRow, count_waiting, desk_rows, read_desk, waits_for
from maillage.partnerships.actions.answers import ask_teams, reply_to_request
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.proposals.models import Proposal, ProposalState
from maillage.register.models import Organisation, Tie
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
    # With the teams, what comes next is the answer.
    assert rows["need"].act in ("Answer", "Répondre")
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


def test_who_took_a_row_on_a_subject_does_not_keep_the_next_ones(db):
    officer = person("officer", is_officer=True)
    first = Contradiction.objects.create(topic_en="Seats", a_en="10", b_en="12")
    assign_rows(actor=actor_of(officer, TUESDAY), at=TUESDAY, keys=["contradictions:1"], person_id=officer.pk)
    announce_desk(actor=SYSTEM, at=TUESDAY, person_id=officer.pk)
    assert rows_of(officer)[0].owner_id == officer.pk
    first.delete()
    announce_desk(actor=SYSTEM, at=TUESDAY, person_id=officer.pk)
    Contradiction.objects.create(topic_en="Beds", a_en="10", b_en="12")
    assert rows_of(officer)[0].owner_id is None


@pytest.fixture
def proposals(world) -> list[Proposal]:
    values = {"kind": "record", "list_name": "offers", "proposed_at": MONDAY, "state": ProposalState.OPEN}
    return [
        Proposal.objects.create(**values, title=f"Offer {day}", due_on=dt.date(2026, 9, day), readers=[world.lab.pk])
        for day in range(1, 8)
    ]


def test_what_a_colleague_does_hides_nothing_else_where_more_waits_than_a_desk_holds(world, proposals, monkeypatch):
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    colleague, manager = (person(name, ("manager", world.lab)) for name in ("busy", "calm"))
    keys = [f"proposal:{proposal.pk}" for proposal in proposals]
    assign_rows(actor=actor_of(colleague, TUESDAY), at=TUESDAY, keys=keys[:2], person_id=colleague.pk)
    monkeypatch.undo()
    assign_rows(actor=actor_of(manager, TUESDAY), at=TUESDAY, keys=keys[-1:], person_id=manager.pk)
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    owners = {row.title: row.owner for row in rows_of(manager)}
    assert owners == {"Offer 1": "busy", "Offer 2": "busy", "Offer 3": "", "Offer 4": "", "Offer 7": "calm"}
    assert read_desk(manager, TUESDAY).cut == {"proposal"}
    announce_desk(actor=SYSTEM, at=TUESDAY, person_id=manager.pk)
    assert RowOwner.objects.filter(owner=manager).exists()


def test_what_waits_by_one_mandate_hides_nothing_of_another(world, proposals, monkeypatch):
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    values = {"kind": "record", "list_name": "offers", "proposed_at": MONDAY, "state": ProposalState.OPEN}
    Proposal.objects.create(**values, title="Of the platform", due_on=dt.date(2026, 9, 30), readers=[world.platform.pk])
    manager = person("manager", ("manager", world.lab), ("manager", world.platform))
    assert [row.title for row in rows_of(manager)] == ["Offer 1", "Offer 2", "Of the platform"]


def waiting_document(title: str, record: LastingKey, brought_by: Organisation) -> None:
    Citation.objects.create(
        source=Source.objects.create(kind="document", title=title), record_kind=record.kind_name(), record_id=record.pk,
        read_on=MONDAY.date(), accepted=False, brought_by=brought_by.pk,
    )  # fmt: skip


def test_documents_that_others_accept_hide_none_of_an_officer(world, monkeypatch):
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    tie = Tie.objects.create(subject=world.lab, object=world.platform, kind="member", period_start="2020")
    alone = Tie.objects.create(subject=world.lab, object=world.neighbour, kind="member", period_start="2020")
    for number in range(3):
        waiting_document(f"For the platform {number}", tie, world.lab)
    waiting_document("For nobody", alone, world.lab)
    waiting_document("For officers", world.lab, world.lab)
    person("manager", ("manager", world.platform))
    officer, mandated = person("officer", is_officer=True), person("both", ("manager", world.lab), is_officer=True)
    for reader in (officer, mandated):
        documents = {row.title: row.is_unattended for row in rows_of(reader) if row.kind == "document"}
        assert documents == {"For nobody": True, "For officers": False}
        assert read_desk(reader, TUESDAY).cut == frozenset()


def test_who_cites_a_document_is_never_asked_to_accept_it_for_another(world, monkeypatch):
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 1)
    tie = Tie.objects.create(subject=world.lab, object=world.platform, kind="member", period_start="2020")
    waiting_document("Their own", tie, world.lab)
    other = Tie.objects.create(subject=world.institute, object=world.platform, kind="member", period_start="2020")
    for number in range(2):
        waiting_document(f"Of the institute {number}", other, world.institute)
    both = person("both", ("manager", world.lab), ("manager", world.platform))
    assert [row.title for row in rows_of(both)] == ["Of the institute 0"]
    assert read_desk(both, TUESDAY).cut == {"document"}


def test_a_fact_withdrawn_while_the_desk_is_read_leaves_it_without_its_document(world):
    tie = Tie.objects.create(subject=world.lab, object=world.platform, kind="member", period_start="2020")
    other = Tie.objects.create(subject=world.institute, object=world.platform, kind="member", period_start="2020")
    waiting_document("Of a fact withdrawn", tie, world.lab)
    waiting_document("Of another", other, world.institute)
    manager = person("manager", ("manager", world.platform))

    def withdraw_after_citations(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if 'INNER JOIN "core_source"' in sql and Tie.objects.filter(pk=tie.pk).exists():
            with use_scope(ACTION_SCOPE, local=True):
                Tie.objects.filter(pk=tie.pk).delete()
        return result

    with connection.execute_wrapper(withdraw_after_citations):
        titles = [row.title for row in rows_of(manager) if row.kind == "document"]
    assert titles == ["Of another"]
    assert not Tie.objects.filter(pk=tie.pk).exists()


def test_a_row_stands_under_the_organisation_for_which_its_reader_takes_care_of_it(world, proposals):
    Proposal.objects.exclude(pk=proposals[0].pk).delete()
    Proposal.objects.update(readers=[world.lab.pk, world.platform.pk])
    both = person("both", ("manager", world.lab), ("manager", world.platform))
    colleague = person("colleague", ("manager", world.platform))
    RowOwner.objects.create(
        kind="proposal", number=proposals[0].pk, organisation=world.platform, owner=both, since=MONDAY
    )
    [row] = rows_of(both)
    assert (row.organisation_id, row.mandate.organisation_id) == (world.platform.pk, world.platform.pk)
    assert row.owner == "both"
    RowOwner.objects.update(owner=colleague, organisation=world.lab)
    # Who no longer acts for the laboratory leaves the row to it.
    assert [(row.organisation_id, row.owner) for row in rows_of(both)] == [(world.lab.pk, "")]


def test_what_a_colleague_does_for_one_organisation_waits_for_the_other_that_the_reader_acts_for(world, proposals):
    Proposal.objects.exclude(pk=proposals[0].pk).delete()
    Proposal.objects.update(readers=[world.lab.pk, world.platform.pk])
    both, of_lab = (
        person("both", ("manager", world.lab), ("manager", world.platform)),
        person("lab", ("lead", world.lab)),
    )
    twin = person("twin", ("manager", world.lab), ("manager", world.platform))
    owner = RowOwner.objects.create(
        kind="proposal", number=proposals[0].pk, organisation=world.lab, owner=of_lab, since=MONDAY
    )
    assert [(row.organisation_id, row.owner) for row in rows_of(both)] == [(world.platform.pk, "")]
    RowOwner.objects.filter(pk=owner.pk).update(owner=twin)
    # Who acts for both does it for both.
    assert [(row.organisation_id, row.owner) for row in rows_of(both)] == [(world.lab.pk, "twin")]


def test_what_is_taken_care_of_for_one_organisation_hides_nothing_of_another(world, proposals, monkeypatch):
    Proposal.objects.update(readers=[world.lab.pk, world.platform.pk])
    both, twin = (person(name, ("manager", world.lab), ("manager", world.platform)) for name in ("both", "twin"))
    of_lab = person("lab", ("lead", world.lab))
    for proposal, organisation, owner in (
        *((proposal, organisation, twin) for proposal in proposals[:2] for organisation in (world.lab, world.platform)),
        *((proposal, world.lab, of_lab) for proposal in proposals[2:4]),
    ):
        about = {"kind": "proposal", "number": proposal.pk, "since": MONDAY}
        RowOwner.objects.create(**about, organisation=organisation, owner=owner)
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    assert [row.title for row in rows_of(both) if not row.owner] == ["Offer 3", "Offer 4", "Offer 5", "Offer 6"]


def test_what_nobody_can_act_on_stands_once_where_more_waits_than_a_desk_holds(world, proposals, monkeypatch):
    monkeypatch.setattr("maillage.desk.providers.MAX_ROWS_OF_KIND", 2)
    officer = person("officer", is_officer=True)
    assert [row.title for row in rows_of(officer) if row.kind == "proposal"] == ["Offer 1", "Offer 2"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_kind_of_row_has_a_title_of_its_own(language):
    with override(language):
        assert [title for title, number in Counter(str(kind.title) for kind in DESK_KINDS.values()).items()
                if number > 1] == []  # fmt: skip


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


@pytest.mark.parametrize("managed_by", ["object", "subject"])
def test_managers_by_a_tie_are_waited_for_and_can_be_given_the_row(world, need, managed_by):
    ends = {"object": (world.platform, world.neighbour), "subject": (world.neighbour, world.platform)}
    subject, other = ends[managed_by]
    Tie.objects.create(subject=subject, object=other, kind="part-of", period_start="2020", managed_by=managed_by)
    above, officer = person("above", ("manager", world.neighbour)), person("officer", is_officer=True)
    own = person("own", ("lead", world.platform))
    [row] = rows_of(above)
    assert (row.kind, row.organisation_id) == ("team-request", world.platform.pk)
    assign_rows(actor=actor_of(own, TUESDAY), at=TUESDAY, keys=[row.key], person_id=above.pk)
    assert [row.owner for row in rows_of(own)] == ["above"]
    Mandate.objects.filter(person=own).delete()
    assert world.platform.pk not in [row.organisation_id for row in rows_of(officer) if row.is_unattended]


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
