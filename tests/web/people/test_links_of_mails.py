"""Each address that a mail can contain, opened by somebody who is signed out: it leads to sign-in, and then there."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import maillage
from maillage.core.actors import SYSTEM
from maillage.partnerships.actions.answers import ask_teams
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation
from tests.partnerships.sample_needs import create_sample_network, state_sample_need

PASSWORD = "a sentence to remember"
# What stands behind each address: nothing public, a page that all may read, or a page that its signed link opens.
MEMBERS = {
    "answer-delays:list": None,
    "application": "/en/dossiers/x", "agreement": "/en/conventions/1", "call-decisions": ["x"],
    "case": [1], "charter-finding": [1, 1], "desk": [], "follow_up": "/en/follow-ups/1", "hold-review": [1, "x"],
    "lookalikes": [], "mandates": [], "mandates-of": ["x"], "need": "/en/needs/x", "needs": "/en/needs/x",
    "new-certificate": [1], "notices:choices": [], "own-reviews": [], "programs": [], "proposal": [1],
    "prove": [1, "x"], "reply-to-request": [1], "requester-address": ["x"], "value": None, "write-review": [1],
}  # fmt: skip
PUBLIC = {"award", "call", "contradictions", "contradictions:list", "organisation", "organisations", "record"}
SIGNED = {"answer-by-link", "confirm-proposal", "follow-need", "follow-proposal", "invitation", "notices:stop"}
_MAKES_MAILS = re.compile(r"NoticeText\(|urljoin\(settings\.SITE_URL|DeskRow\(|CasePage\(|MailRow\(")
_ADDRESS = re.compile(r'reverse\(\s*"([\w:-]+)"|record_address\("([\w-]+)"|(\w+)\.get_absolute_url\(\)')
# Modules of pages and files: what they link to is in no mail.
_OF_PAGES = ("web", "presentation")


def mailed_addresses() -> set[str]:
    """The names of all addresses in the modules that make notices, mails and rows of the desk."""
    root = Path(maillage.__file__).parent
    texts = [file.read_text("utf-8") for file in root.rglob("*.py") if file.relative_to(root).parts[0] not in _OF_PAGES]
    return {
        next(name for name in found if name)
        for text in texts
        if _MAKES_MAILS.search(text)
        for found in _ADDRESS.findall(text)
    }


def test_no_mail_has_an_address_that_is_not_listed_here():
    assert mailed_addresses() - {*MEMBERS, *PUBLIC, *SIGNED} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, of in MEMBERS.items() if of is not None))
def test_a_page_for_members_leads_to_sign_in_whether_or_not_something_stands_there(name: str):
    place = MEMBERS[name]
    address = place if isinstance(place, str) else reverse(name, args=place).replace("/fr/", "/en/", 1)
    refused = Client().get(f"{address}?by=7")
    assert refused.status_code == 302
    assert refused["Location"].startswith("/en/sign-in?next=/en/")
    assert refused["Location"].endswith("%3Fby%3D7")


@pytest.fixture
def addresses(db) -> list[str]:
    world, now = create_sample_network(), timezone.now()
    need = state_sample_need(world, at=now, text="A phase I trial in acute myeloid leukaemia. With samples.")
    ask_teams(actor=SYSTEM, at=now, need_id=need.pk, offers=[world.offers[0].pk])
    pages = [need.get_absolute_url()]
    pages += [reverse("reply-to-request", args=[need.requests.get().pk])]
    pages += [need.addresses.get(role="addressee").case.get_absolute_url()]
    pages += [reverse("mandates-of", args=[world.institute.key]), reverse("desk"), reverse("notices:choices")]
    return [re.sub(r"^/fr/", "/en/", page) for page in pages]


def test_whoever_signs_in_arrives_at_the_page_of_the_mail(addresses):
    reader = User.objects.create(email="ada@example.org", name="Ada")
    reader.set_password(PASSWORD)
    reader.save()
    for key, role in (("institute", "manager"), ("lab", "lead")):
        Mandate.objects.create(
            person=reader, organisation=Organisation.objects.get(key=key), role=role, first_day="2020-01-01"
        )
    for address in addresses:
        visitor = Client()
        asked = visitor.get(address, follow=True)
        page = asked.content.decode()
        assert "Once signed in, you arrive at the page that you asked for." in page
        there = re.search(r'name="next"[^>]*value="([^"]+)"', page)
        assert there
        data = {"username": reader.email, "password": PASSWORD, "next": there[1].replace("&amp;", "&")}
        signed_in = visitor.post(asked.redirect_chain[-1][0], data)
        assert signed_in["Location"] == address
        # The first time, the mandate that opens the page is put in use on the way.
        statuses = [visitor.get(address).status_code for _attempt in range(2)]
        assert statuses[-1] == 200
