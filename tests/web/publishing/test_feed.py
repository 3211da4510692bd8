"""The feed of what changed."""

import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actors import OFFICER, Actor
from maillage.core.models import Contradiction
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SOMEONE = Actor(name="A label officer", roles=frozenset({OFFICER}))


def entries(client: Client, language: str = "en") -> list[ET.Element]:
    response = client.get(f"/{language}/changes.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def settled() -> Contradiction:
    one = Contradiction.objects.filter(settled_side="").first()
    return settle_contradiction(
        actor=SOMEONE, at=timezone.now(), contradiction_id=one.pk, side="a", reason="The decree gives it."
    )


def test_a_settled_contradiction_says_both_sides_who_and_why(example, client: Client):
    one = settled()
    first = entries(client)[0]
    words = first.findtext(f"{ATOM}title") + first.findtext(f"{ATOM}summary")
    for expected in (one.topic_en, "Contradiction settled", "The decree gives it.", "A label officer"):
        assert expected in words
    assert "held for true" in words
    assert "not held" in words


def test_identities_never_change(example, client: Client):
    before = {entry.findtext(f"{ATOM}id") for entry in entries(client)}
    settled()
    after = {entry.findtext(f"{ATOM}id") for entry in entries(client)}
    assert before <= after
    french = {entry.findtext(f"{ATOM}id") for entry in entries(client, "fr")}
    assert french == after


def test_a_load_is_one_entry_per_list_and_not_hundreds(example, client: Client):
    found = entries(client)
    assert 5 < len(found) <= 50


def test_confidential_records_are_absent(example, client: Client):
    organisation = Organisation.objects.get(key="opale")
    organisation.visibility = "named"
    organisation.acronym = "SECRET"
    organisation.save()
    assert b"SECRET" not in client.get("/en/changes.atom").content
