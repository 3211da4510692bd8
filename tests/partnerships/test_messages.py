"""Conversations about a need: who writes, who reads, by page, query and database."""

import pytest
from django.db import transaction

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC
from maillage.core.security.session_scope import actor_scope
from maillage.notifications.models import Notice
from maillage.partnerships.actions.answers import ask_teams, redirect_need
from maillage.partnerships.actions.messages import write_as_requester, write_message
from maillage.partnerships.actions.requester import agree_to_pass_on, withdraw_need
from maillage.partnerships.models import Message
from maillage.partnerships.queries import messages_of
from tests.partnerships.sample_needs import LETTER, state_sample_need, working_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(world):
    """A need for which both teams are asked, with a message in every conversation."""
    need, manager = state_sample_need(world), world.acting(world.institute)
    ask_teams(
        actor=manager, at=working_day(1), need_id=need.pk, offers=[offer.pk for offer in world.offers], message="Free?"
    )
    arguments = {"actor": manager, "at": working_day(1), "need_id": need.pk}
    write_message(**arguments, thread="requester", text="How many samples?")
    write_message(**arguments, thread="note", text="Ask the lawyer.")
    write_as_requester(actor=PUBLIC, at=working_day(2), need_id=need.pk, text="Sixty at best.")
    return need


def texts(messages) -> set[str]:
    return {message.text for message in messages}


def readers_of_the_database(actor) -> set[str]:
    """What an actor reads without any filter of the code: the policies of the database alone."""
    with transaction.atomic(), actor_scope(actor):
        return texts(Message.objects.all())


@pytest.mark.parametrize("read", ["query", "database"])
def test_each_side_reads_its_own_conversations_alone(world, need, read):
    def read_by(actor):
        return texts(messages_of(need, actor=actor)) if read == "query" else readers_of_the_database(actor)

    assert read_by(world.acting(world.institute)) == {"Free?", "How many samples?", "Ask the lawyer.", "Sixty at best."}
    assert read_by(world.acting(world.lab, "lead")) == {"Free?"}
    assert read_by(world.acting(world.neighbour)) == set()
    assert read_by(PUBLIC) == set()


def test_a_team_reads_no_other_team_and_writes_to_who_asked_alone(world, need):
    lead, other = world.acting(world.lab, "lead"), world.acting(world.platform, "lead")
    arguments = {"at": working_day(2), "need_id": need.pk}
    write_message(actor=lead, thread="team", team_id=world.lab.pk, text="Which lines?", **arguments)
    assert "Which lines?" not in texts(messages_of(need, actor=other))
    for thread, team in (("requester", None), ("note", None), ("team", world.platform.pk)):
        with pytest.raises(ActionError):
            write_message(actor=lead, thread=thread, team_id=team, text="Hello", **arguments)


def test_who_gets_the_need_reads_what_was_written_but_no_notes(world, need):
    redirect_need(
        actor=world.acting(world.institute), at=working_day(3), need_id=need.pk, letter=LETTER,
        organisation_id=world.neighbour.pk,
    )  # fmt: skip
    agree_to_pass_on(actor=PUBLIC, at=working_day(3), need_id=need.pk, agrees=True)
    read = texts(messages_of(need, actor=world.acting(world.neighbour)))
    assert read == {"Free?", "How many samples?", "Sixty at best."}


def test_each_message_is_told_to_the_other_side(world, need):
    manager = world.acting(world.institute)
    (told,) = Notice.objects.filter(person=manager.user_id, kind="messages")
    assert (told.subject_en, told.body_en) == (f"Message from the requester: {need.title}", "Sixty at best.")
    lead = world.acting(world.lab, "lead")
    write_message(
        actor=manager, at=working_day(3), need_id=need.pk, thread="team", team_id=world.lab.pk, text="By May?"
    )
    assert Notice.objects.get(person=lead.user_id, kind="messages").body_en == "By May?"


@pytest.mark.parametrize(("text", "said"), [("  ", "needs a text"), ("x" * 20_001, "Shorten the message")])
def test_a_message_beyond_its_limits_is_refused_not_cut(need, english, text, said):
    with pytest.raises(ActionError, match=said):
        write_as_requester(actor=PUBLIC, at=working_day(2), need_id=need.pk, text=text)


def test_a_conversation_ends_with_its_need(need, english):
    withdraw_need(actor=PUBLIC, at=working_day(3), need_id=need.pk)
    with pytest.raises(ActionError, match="has ended"):
        write_as_requester(actor=PUBLIC, at=working_day(4), need_id=need.pk, text="Still there?")
