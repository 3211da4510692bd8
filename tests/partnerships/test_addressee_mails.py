"""A need for an organisation for which nobody acts: mailed to its contact, and answered by the link of that mail."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.notifications.models import Notice
from maillage.partnerships.actions.addressee_mails import answer_by_link, decline_by_link, mail_need, note_unreached
from maillage.partnerships.actions.messages import write_as_requester
from maillage.partnerships.actions.requester import reword_need, withdraw_need
from maillage.partnerships.addressee_mails import (
    ADDRESSEE_MAIL_TASK,
    AddresseeMail,
    address_of_token,
    addressee_mail,
    make_addressee_token,
)
from maillage.partnerships.addressees import propose_addressee
from maillage.partnerships.models import Answer, NeedAddress, NeedOutcome
from maillage.partnerships.requester_mails import requester_mail
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.register.models import Tie
from tests.partnerships.sample_needs import MONDAY, TEXT, SampleNetwork, state_sample_need, working_day
from tests.web.clients import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CONTACT = "contact@lab.example"


@pytest.fixture
def officer(db) -> User:
    return User.objects.create(email="officer@example.org", name="Officer", is_officer=True)


@pytest.fixture
def address(world: SampleNetwork, officer: User) -> NeedAddress:
    """A need before the laboratory, which has a contact and nobody who acts for it."""
    world.lab.contact_mail = CONTACT
    world.lab.save()
    need = state_sample_need(world, addressee_id=world.lab.pk)
    return need.addresses.get()


def notices_of(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("subject_en", flat=True))


def test_the_contact_gets_a_link_without_words_of_the_requester(address):
    assert (address.mailed_to, address.mailed_at) == (CONTACT, MONDAY)
    message = addressee_mail(address)
    assert message.to == [CONTACT]
    assert make_addressee_token(address) in message.body
    words = (message.subject + message.body + str(message.alternatives)).casefold()
    assert address.need.title.casefold() not in words
    assert "small company" not in words


def test_officers_are_told_at_once(address, officer):
    assert any("nobody acts for Lab" in subject for subject in notices_of(officer))


def test_the_link_answers_in_the_name_of_the_organisation(address):
    found = address_of_token(make_addressee_token(address))
    answer = answer_by_link(actor=PUBLIC, at=working_day(1), address_id=found.pk, letter="We can do this.")
    assert (answer.organisation, answer.kind) == (address.organisation, NeedOutcome.ANSWERED)
    address.refresh_from_db()
    assert address.outcome == NeedOutcome.ANSWERED
    assert address.case.steps.order_by("-pk").first().actor == CONTACT


def test_the_link_declines_with_a_reason(address):
    decline_by_link(actor=PUBLIC, at=working_day(1), address_id=address.pk, reason="We have no such platform.")
    assert Answer.objects.get().kind == NeedOutcome.DECLINED


@pytest.mark.parametrize("again", [answer_by_link, decline_by_link])
def test_the_link_ends_with_the_need(address, again):
    withdraw_need(actor=PUBLIC, at=working_day(1), need_id=address.need_id)
    words = {"letter": "Yes."} if again is answer_by_link else {"reason": "No."}
    with pytest.raises(ActionError, match="dealt with"):
        again(actor=PUBLIC, at=working_day(2), address_id=address.pk, **words)


def test_a_changed_contact_ends_the_earlier_link(address, officer):
    before = make_addressee_token(address)
    address.organisation.contact_mail = "other@lab.example"
    address.organisation.save()
    mail_need(
        actor=actor_of(officer, MONDAY), at=MONDAY, need_id=address.need_id, organisation_id=address.organisation_id
    )
    assert address_of_token(before) is None
    address.refresh_from_db()
    assert address_of_token(make_addressee_token(address)) == address


def test_the_link_ends_where_the_contact_is_another_or_somebody_acts(world, address):
    token = make_addressee_token(address)
    world.acting(world.lab)
    with pytest.raises(ActionError, match="Somebody acts for Lab"):
        answer_by_link(actor=PUBLIC, at=MONDAY, address_id=address.pk, letter="Yes.")
    world.lab.contact_mail = "new@lab.example"
    world.lab.save()
    assert address_of_token(token) is None


@pytest.mark.parametrize("token", ["", "forged", "WzEsICJhQGIuYyJd:1aaaaa:bbbbbbbbbbbb"])
def test_a_forged_link_opens_nothing(address, token):
    assert address_of_token(token) is None


def test_the_contact_learns_that_the_requester_has_written(world, address):
    def mails_of_messages():
        return ProcrastinateJob.objects.filter(task_name=ADDRESSEE_MAIL_TASK, args__kind="message").count()

    write_as_requester(actor=PUBLIC, at=working_day(1), need_id=address.need_id, text="Sixty samples at best.")
    assert mails_of_messages() == 1
    message = addressee_mail(address, AddresseeMail.MESSAGE)
    assert message.subject != addressee_mail(address).subject
    assert make_addressee_token(address) in message.body
    assert "Sixty" not in message.body
    world.acting(world.lab)
    write_as_requester(actor=PUBLIC, at=working_day(2), need_id=address.need_id, text="Fifty.")
    assert mails_of_messages() == 1


def test_the_contact_learns_that_the_need_was_changed_or_withdrawn(world, address):
    def mails(kind: str) -> int:
        return ProcrastinateJob.objects.filter(task_name=ADDRESSEE_MAIL_TASK, args__kind=kind).count()

    for title in ("A third", "Another"):
        text = f"We look for other samples of leukaemia: {title}."
        reword_need(actor=PUBLIC, at=working_day(1), need_id=address.need_id, text=text, title=title)
    assert (mails("reworded"), mails("withdrawn")) == (1, 0)
    withdraw_need(actor=PUBLIC, at=working_day(2), need_id=address.need_id)
    assert (mails("reworded"), mails("withdrawn")) == (1, 1)
    withdrawn = addressee_mail(address, AddresseeMail.WITHDRAWN)
    assert "Another" not in withdrawn.body
    assert "qu’à des collègues" not in withdrawn.body
    page = page_text(Client().get(f"/fr/needs/asked/{make_addressee_token(address)}"))
    assert "L’auteur de ce besoin l’a retiré" in page
    assert "Another" not in page


def test_a_day_that_has_passed_is_expected_no_more(address):
    address.promised_day = timezone.localdate()
    assert "Une réponse est attendue" in addressee_mail(address).body
    address.promised_day -= dt.timedelta(days=1)
    assert "Une réponse est attendue" not in addressee_mail(address).body


def test_officers_alone_mail_a_need(world, address):
    with pytest.raises(ActionForbiddenError):
        mail_need(
            actor=world.acting(world.neighbour),
            at=MONDAY,
            need_id=address.need_id,
            organisation_id=address.organisation_id,
        )


def test_without_a_contact_officers_are_told_what_to_do(world, officer):
    need = state_sample_need(world, addressee_id=world.lab.pk)
    assert need.addresses.get().mailed_to == ""
    assert any("nobody acts" in subject for subject in notices_of(officer))
    with pytest.raises(ActionError, match="record one first"):
        mail_need(actor=actor_of(officer, MONDAY), at=MONDAY, need_id=need.pk, organisation_id=world.lab.pk)


def test_where_somebody_acts_nothing_is_mailed(world, officer):
    world.institute.contact_mail = CONTACT
    world.institute.save()
    world.acting(world.institute)
    need = state_sample_need(world)
    assert need.addresses.get().mailed_to == ""
    assert not any("nobody acts" in subject for subject in notices_of(officer))


def test_the_first_mail_to_the_requester_carries_no_typed_words(world):
    need = state_sample_need(world, title="Buy cheap watches")
    message = requester_mail(need, "received")
    assert "watches" not in message.subject + message.body + str(message.alternatives)
    assert "scientific director" not in message.body


def test_officers_are_told_where_the_contact_refuses_mail(address, officer):
    note_unreached(actor=SYSTEM, at=MONDAY, address_id=address.pk)
    address.refresh_from_db()
    assert (address.mailed_to, address.mailed_at) == ("", None)
    assert any("mail to its contact fails" in notice.body_en for notice in Notice.objects.filter(person=officer))


def test_the_addressee_proposed_has_most_of_the_offers_that_answer(world):
    lab, platform = world.offers
    Tie.objects.create(subject=world.lab, object=world.neighbour, kind="member", period_start="2020")
    proposal = propose_addressee([lab, platform], [world.institute, world.neighbour], MONDAY.date())
    assert (proposal.organisation, proposal.offers, proposal.working_days) == (world.neighbour, 1, 5)
    assert propose_addressee([platform], [world.institute, world.neighbour], MONDAY.date()) is None


def test_new_words_change_what_is_asked_until_somebody_answers(world):
    need = state_sample_need(world, asked=[])
    manager = world.acting(world.institute)
    new = "We look for a mouse model of acute myeloid leukaemia."
    reword_need(actor=PUBLIC, at=working_day(1), need_id=need.pk, text=new, title="Mouse model")
    need.refresh_from_db()
    assert (need.title, need.text) == ("Mouse model", new)
    assert "Need changed: Mouse model" in notices_of(User.objects.get(pk=manager.user_id))
    withdraw_need(actor=PUBLIC, at=working_day(1), need_id=need.pk)
    with pytest.raises(ActionError, match="answered"):
        reword_need(actor=PUBLIC, at=working_day(2), need_id=need.pk, text=TEXT, title="")


def test_a_withdrawal_is_confirmed_by_mail(world):
    need = state_sample_need(world)
    assert "withdrawn" in requester_mail(need, "withdrawn").subject
