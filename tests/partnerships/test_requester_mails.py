"""What mails to a requester hold, before and after their address has answered."""

from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.partnerships.actions.answers import answer_need, decline_need, redirect_need
from maillage.partnerships.actions.messages import write_message
from maillage.partnerships.actions.questions import ask_requester
from maillage.partnerships.actions.requester import agree_to_pass_on, confirm_address, reword_need
from maillage.partnerships.forwarding import forward_need
from maillage.partnerships.queries import consent_day
from maillage.partnerships.requester_mails import MAIL_TASK, requester_mail
from maillage.partnerships.tasks import mail_requester
from maillage.people.models import User
from maillage.people.queries import actor_of
from tests.partnerships.sample_needs import ASKER, MONDAY, SampleNetwork, state_sample_need, working_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LETTER = "You look for watches."


def answer_somehow(world: SampleNetwork, need_id: int, outcome: str) -> None:
    arguments = {"actor": world.acting(world.institute), "at": working_day(1), "need_id": need_id}
    if outcome == "answered":
        answer_need(**arguments, letter=LETTER, team=[])
    elif outcome == "redirected":
        redirect_need(**arguments, letter=LETTER, organisation_id=world.neighbour.pk)
    else:
        decline_need(**arguments, reason=LETTER)


@pytest.mark.parametrize("outcome", ["answered", "redirected", "declined"])
def test_a_letter_is_mailed_to_an_address_that_has_answered_before(world, outcome):
    need = state_sample_need(world, title="Buy cheap watches")
    answer_somehow(world, need.pk, outcome)
    unknown = requester_mail(need, outcome)
    assert "watches" not in unknown.subject + unknown.body + str(unknown.alternatives)
    assert not unknown.attachments
    assert "attached" not in unknown.body
    assert "stands on the page below" in unknown.body
    confirm_address(actor=PUBLIC, at=MONDAY, need_id=need.pk)
    known = requester_mail(need, outcome)
    assert len(known.attachments) == (outcome == "answered")
    assert (LETTER in known.body) is (outcome != "answered")


def test_whoever_may_agree_is_reminded_until_they_have_said(world):
    need = state_sample_need(world, at=timezone.now())
    manager = world.acting(world.institute)
    answer = decline_need(actor=manager, at=timezone.now(), need_id=need.pk, reason="Not our field.")
    reminder = ProcrastinateJob.objects.get(task_name=MAIL_TASK, args__kind="consent")
    assert reminder.scheduled_at.date() < consent_day(answer)
    mail_requester(None, **reminder.args)
    (message,) = mail.outbox
    assert "Say yes or no on the page below" in message.body
    agree_to_pass_on(actor=PUBLIC, at=timezone.now(), need_id=need.pk, agrees=False)
    mail_requester(None, **reminder.args)
    assert len(mail.outbox) == 1


def test_what_another_organisation_writes_while_a_question_waits_is_no_question(world):
    need = state_sample_need(world)
    forward_need(need, world.neighbour.pk, actor=SYSTEM, at=MONDAY)
    words = {"at": working_day(1), "need_id": need.pk, "text": "Tell us more."}
    question = ask_requester(actor=world.acting(world.institute), **words)
    message = write_message(actor=world.acting(world.neighbour), thread="requester", **words)
    asked, written = (requester_mail(need, "message", message_id=one.pk) for one in (question, message))
    assert ("Question from" in asked.subject, "starts the clock again" in asked.body) == (True, True)
    assert ("Message from" in written.subject, "clock" in written.body) == (True, False)


@pytest.mark.parametrize(("verified", "typed", "known"), [
    (True, "Ada@example.org", True), (True, "else@example.org", False), (False, "ada@example.org", False),
])  # fmt: skip
def test_who_signs_in_by_the_address_of_a_need_is_not_asked_to_confirm_it_again(world, verified, typed, known):
    ada = User.objects.create(email="ada@example.org", name="Ada")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=verified, primary=True)
    asker = replace(ASKER, email=typed)
    need = state_sample_need(world, actor=actor_of(ada, MONDAY), title="Buy cheap watches", asker=asker)
    reword_need(actor=PUBLIC, at=MONDAY, need_id=need.pk, text="We look for ten watches.", title="Ten watches")
    need.refresh_from_db()
    assert ("Ten watches" in requester_mail(need, "received").subject) is known
