"""To whom a need goes: proposed with the reason, any organisation by name, and answered by the link of a mail."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.offers.models import Offer
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.addressee_mails import make_addressee_token
from maillage.partnerships.models import Answer, Need, NeedOutcome
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.files import sample_files as made
from tests.web.clients import client_for, get_organisation, page_text

TEXT = "A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples at relapse."
FORM = {"text": TEXT, "organisation": "A small company", "email": "company@example.org", "confidential": "on"}
CONTACT = "contact@unit.example"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(timezone.now())


@pytest.fixture
def unit() -> Organisation:
    """A unit for which nobody acts, and which promises nothing."""
    return Organisation.objects.create(
        key="quiet-unit", kind="research-unit", name_fr="Unité tranquille", city="Tours", contact_mail=CONTACT
    )


def test_an_addressee_is_proposed_with_the_reason(client: Client):
    page = page_text(client.post("/en/needs/matches", {"text": TEXT}))
    assert re.search(r"We propose OPALE: \d+ of the offers that answer are its own or its members", page)
    assert f'value="{get_organisation("opale").pk}" selected' in page


def test_what_its_person_chose_is_kept_while_they_type(client: Client):
    page = page_text(client.post("/en/needs/matches", {"text": TEXT, "addressee": "999999", "suggested": ""}))
    assert f'value="{get_organisation("opale").pk}" selected' not in page


def test_any_organisation_is_picked_by_name_after_a_warning(client: Client, unit: Organisation):
    form = FORM | {"other": "Unité tranquille"}
    first = client.post("/en/needs/new", form)
    assert first.status_code == 422
    assert CONTACT in page_text(first)
    assert "Send it all the same" in page_text(first)
    assert not Need.objects.exists()
    sent = client.post("/en/needs/new", form | {"send_anyway": "on"})
    assert sent.status_code == 302
    assert Need.objects.get().addresses.get().mailed_to == CONTACT
    followed = page_text(client.get(sent.headers["Location"]))
    assert "No day is promised" in followed
    assert CONTACT in followed


def test_without_an_addressee_the_form_asks_for_one_and_keeps_the_text(client: Client):
    sent = client.post("/en/needs/new", FORM)
    assert sent.status_code == 422
    assert "Choose to whom the need goes" in page_text(sent)
    assert TEXT in page_text(sent)


def test_a_name_that_nobody_bears_is_told(client: Client):
    sent = client.post("/en/needs/new", FORM | {"other": "Zorglaxq"})
    assert sent.status_code == 422
    assert "Nothing in the register answers to “Zorglaxq”" in page_text(sent)


def test_a_need_may_be_about_one_offer(client: Client):
    offer = Offer.objects.order_by("pk").first()
    page = page_text(client.get(f"/en/needs/new?offer={offer.key}"))
    assert "About the offer" in page
    assert f'name="offer" value="{offer.key}"' in page
    client.post("/en/needs/new", FORM | {"offer": offer.key, "addressee": get_organisation("opale").pk})
    assert Need.objects.get().about_offer == offer
    assert "Ask about this offer" in page_text(client.get(f"/en/offers/{offer.key}"))


@pytest.fixture
def mailed(client: Client, unit: Organisation) -> Need:
    client.post("/en/needs/new", FORM | {"other": "quiet-unit", "send_anyway": "on"})
    return Need.objects.get()


def test_the_mailed_link_shows_and_answers_one_need(client: Client, mailed: Need):
    link = f"/en/needs/asked/{make_addressee_token(mailed.addresses.get())}"
    page = client.get(link)
    assert TEXT in page_text(page)
    assert "A small company" in page_text(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert client.post(link, {"letter": "", "do": "answer"}).status_code == 422
    sent = client.post(link, {"letter": "We can take this on.", "do": "answer"}, follow=True)
    assert "Your answer of" in page_text(sent)
    assert Answer.objects.get().kind == NeedOutcome.ANSWERED
    assert "We can take this on." in page_text(client.get(f"/en/needs/follow/{make_need_token(mailed)}"))


def test_the_mailed_link_declines_with_the_words_written(client: Client, mailed: Need):
    link = f"/en/needs/asked/{make_addressee_token(mailed.addresses.get())}"
    client.post(link, {"letter": "We have no such platform.", "do": "decline"})
    assert Answer.objects.get().kind == NeedOutcome.DECLINED


def test_the_mailed_link_shows_what_the_requester_writes_and_sends_later(client: Client, mailed: Need):
    follow = f"/en/needs/follow/{make_need_token(mailed)}"
    file = SimpleUploadedFile("protocol.pdf", made.PDF)
    client.post(f"{follow}/write", {"text": "Sixty samples at best.", "file": file})
    page = page_text(client.get(f"/en/needs/asked/{make_addressee_token(mailed.addresses.get())}"))
    assert "Sixty samples at best." in page
    (address,) = re.findall(r'href="([^"]+)">protocol.pdf<', page)
    assert b"".join(client.get(address).streaming_content) == made.PDF


def test_the_requester_reads_that_nobody_acts_until_somebody_does(client: Client, mailed: Need, unit: Organisation):
    follow = f"/en/needs/follow/{make_need_token(mailed)}"
    assert "Nobody acts for it here yet" in page_text(client.get(follow))
    client_for(unit.key)
    assert "Nobody acts for it here yet" not in page_text(client.get(follow))


def test_a_wrong_link_is_told(client: Client):
    assert client.get("/en/needs/asked/forged").status_code == 404


def test_officers_mail_the_need_once_there_is_a_contact(client: Client, unit: Organisation):
    Organisation.objects.filter(pk=unit.pk).update(contact_mail="")
    client.post("/en/needs/new", FORM | {"other": "quiet-unit", "send_anyway": "on"})
    need = Need.objects.get()
    officer = Client()
    officer.force_login(User.objects.create(email="officer@example.org", name="Officer", is_officer=True))
    assert "Mail it to" not in page_text(officer.get(f"/en/needs/{need.key}"))
    Organisation.objects.filter(pk=unit.pk).update(contact_mail=CONTACT)
    assert f"Mail it to {CONTACT}" in page_text(officer.get(f"/en/needs/{need.key}"))
    officer.post(f"/en/needs/{need.key}/mail/{unit.pk}")
    assert need.addresses.get().mailed_to == CONTACT


def test_the_requester_changes_the_words_while_nobody_has_answered(client: Client, mailed: Need):
    follow = f"/en/needs/follow/{make_need_token(mailed)}"
    assert "Change the words" in page_text(client.get(follow))
    client.post(f"{follow}/words", {"title": "A mouse model", "text": "We look for a mouse model of leukaemia."})
    mailed.refresh_from_db()
    assert mailed.title == "A mouse model"
    client.post(f"{follow}/withdraw", {})
    assert "Change the words" not in page_text(client.get(follow))


def test_no_page_writes_a_need_into_an_address(client: Client):
    for page in (client.get("/en/answer"), client.post("/en/answer", {"need": TEXT})):
        assert "need=" not in page_text(page)


def test_an_old_link_with_a_need_answers_and_is_stored_nowhere(client: Client):
    page = client.get("/en/answer", {"need": TEXT})
    assert "Offers that answer" in page_text(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Nothing is kept" not in page_text(page)
