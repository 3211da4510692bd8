"""Conversations about a need on the pages of the institute, of the requester and of a team."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC
from maillage.offers.models import Offer
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.models import Answer, Message, Need, TeamRequest
from maillage.partnerships.need_inputs import RequestedCapabilityInput, RequesterInput
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.files import sample_files as made
from tests.web.clients import client_for, get_organisation, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture
def need(example) -> Need:
    publish_shipped_definitions(timezone.now())
    asked = [RequestedCapabilityInput(key) for key in ("phase-1", "aml", "proteomics")]
    asker = RequesterInput("A small company", "company@example.org", "The scientific director")
    text = "A phase I trial in adult AML with proteomics of the samples."
    stated = state_need(
        actor=PUBLIC, at=timezone.now(), text=text, asker=asker, addressee_id=get_organisation("opale").pk, asked=asked
    )
    return stated.need


@pytest.fixture
def manager(need) -> Client:
    return client_for("opale")


def ask_alfa(need: Need, manager: Client) -> TeamRequest:
    offer = Offer.objects.filter(provider__key="alfa").order_by("pk").first()
    manager.post(f"/en/needs/{need.key}/ask", {"offers": [offer.pk], "message": "Free in spring?"})
    return TeamRequest.objects.get()


def test_a_question_is_put_answered_and_read_with_its_file(client: Client, manager: Client, need):
    link = f"/en/needs/follow/{make_need_token(need)}"
    manager.post(f"/en/needs/{need.key}/question", {"text": "How many samples?"})
    followed = page_text(client.get(link))
    assert "How many samples?" in followed
    assert "stands still until you answer" in followed
    assert "clock stopped since" in page_text(manager.get(f"/en/needs/{need.key}"))
    note = SimpleUploadedFile("note.pdf", made.PDF)
    client.post(f"{link}/write", {"text": "Sixty at best.", "file": note})
    page = page_text(manager.get(f"/en/needs/{need.key}"))
    assert "Sixty at best." in page
    assert "clock stopped" not in page
    file = Message.objects.get(text="Sixty at best.")
    address = page[page.index(f"/en/needs/{need.key}/messages/") :].split('"')[0]
    assert b"".join(manager.get(address)) == made.PDF
    assert client_for("alfa", "lead").get(address).status_code == 404
    assert f"message-{file.pk}" in page


def test_what_was_typed_stays_on_an_error(client: Client, manager: Client, need):
    wrong = {"text": "Words of an hour", "file": SimpleUploadedFile("run.sh", b"#!/bin/sh")}
    refused = client.post(f"/en/needs/follow/{make_need_token(need)}/write", dict(wrong))
    assert (refused.status_code, "Words of an hour" in page_text(refused)) == (422, True)
    wrong["file"] = SimpleUploadedFile("run.sh", b"#!/bin/sh")
    refused = manager.post(f"/en/needs/{need.key}/write", wrong | {"to": "note"})
    assert (refused.status_code, "Words of an hour" in page_text(refused)) == (422, True)
    assert not Message.objects.exists()


def test_a_team_asks_back_before_it_replies(manager: Client, need):
    request, lead = ask_alfa(need, manager), client_for("alfa", "lead")
    lead.post(f"/en/requests/{request.pk}/write", {"text": "How many centres?"})
    assert "How many centres?" in page_text(lead.get(f"/en/requests/{request.pk}"))
    assert "How many centres?" in page_text(manager.get(f"/en/needs/{need.key}"))
    manager.post(f"/en/needs/{need.key}/write", {"to": f"team:{request.offer.provider_id}", "text": "Three will do."})
    assert "Three will do." in page_text(lead.get(f"/en/requests/{request.pk}"))
    assert request.reply == ""


def test_the_answer_begins_with_who_said_yes_and_says_line_by_line_what_is_open(client: Client, manager: Client, need):
    request = ask_alfa(need, manager)
    lead = client_for("alfa", "lead")
    lead.post(f"/en/requests/{request.pk}", {"takes_part": "yes"})
    page = manager.get(f"/en/needs/{need.key}/answer", follow=True)
    assert page.redirect_chain[-1][0].endswith(f"?offer={request.offer_id}")
    assert "nobody in this team" in page_text(page)
    signature = {"signer_name": "Claire", "signer_function": "Partnerships", "signer_contact": "+33 1 00 00 00 00"}
    manager.post(page.redirect_chain[-1][0], signature | {"letter": "Dear colleague, here is our team."})
    answer = Answer.objects.get()
    assert dict(answer.lines.values_list("concept", "coverage"))["proteomics"] == "none"
    followed = page_text(client.get(f"/en/needs/follow/{make_need_token(need)}"))
    assert all(part in followed for part in ("Partnerships", "+33 1 00 00 00 00", "not covered"))
