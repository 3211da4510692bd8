"""The first steps of an officer on an empty site."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.people.models import Mandate
from maillage.register.actions.shown_organisations import choose_shown_organisations
from maillage.register.models import Organisation, Tie
from maillage.site.actions.site_settings import write_site_text
from tests.hidden_records import create_person
from tests.web.clients import page_text, page_words

pytestmark = pytest.mark.django_db
NEEDED = ("Name of the network", "Languages", "Contact", "Organisations in the register", "Organisations shown",
          "Members", "Who acts for them", "Notice and statements")  # fmt: skip


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(create_person("Officer", is_officer=True))
    return client


def steps_done(client: Client) -> list[str]:
    """The titles of the steps that are said to be done."""
    page = page_text(client.get("/en/site/first-steps"))
    steps = re.findall(r"<li>\s*<h2>(.*?)</h2>.*?part-state (done|to-do)", page, re.DOTALL)
    return [title for title, state in steps if state == "done" and title in NEEDED]


def test_the_home_page_leads_an_officer_there_until_an_organisation_is_shown(officer: Client) -> None:
    assert "Take the first steps" not in page_words(Client(), "/en/")
    assert "Take the first steps" in page_words(officer, "/en/")
    reef = Organisation.objects.create(key="reef", kind="institute", name_en="Reef observatory")
    choose_shown_organisations(actor=SYSTEM, at=timezone.now(), organisation_ids=[reef.pk])
    assert "Take the first steps" not in page_words(officer, "/en/")


def test_each_step_says_whether_it_is_done_and_leads_back(officer: Client) -> None:
    assert steps_done(officer) == []
    for part, data in (
        ("name", {"name_fr": "Récif", "name_en": "Reef"}),
        ("languages", {"languages": "fr,en"}),
        ("contact", {"contact_mail": "reef@reef.example", "contact": ""}),
    ):
        answer = officer.post(f"/en/site/settings/{part}?first=1", data)
        assert answer.url == "/en/site/first-steps"
    assert steps_done(officer) == list(NEEDED[:3])
    reef, lagoon = (
        Organisation.objects.create(key=key, kind="institute", name_en=f"{key} observatory")
        for key in ("reef", "lagoon")
    )
    choose_shown_organisations(actor=SYSTEM, at=timezone.now(), organisation_ids=[reef.pk])
    page = page_text(officer.get("/en/site/first-steps"))
    assert "/en/facts/memberships/new?of=reef&amp;role=member" in page
    assert "/en/mandates/of/reef" in page
    Tie.objects.create(subject=lagoon, object=reef, kind="member")
    Mandate.objects.create(person=create_person(), organisation=reef, role="manager", first_day="2020-01-01")
    for kind in ("legal", "privacy", "accessibility"):
        write_site_text(actor=SYSTEM, at=timezone.now(), kind=kind, text_en="Text", text_fr="Texte")
    assert steps_done(officer) == list(NEEDED)
    assert "8 of 8 steps are done" in page_words(officer, "/en/site/first-steps")


def test_the_first_steps_are_for_officers() -> None:
    assert Client().get("/en/site/first-steps").status_code == 403
