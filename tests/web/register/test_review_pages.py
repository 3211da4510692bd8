"""What an officer reviews: records that look alike, merges to undo."""

import pytest
from django.test import Client

from maillage.people.models import User
from maillage.register.models import Lookalike, Merge, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(example, client: Client) -> Client:
    client.force_login(User.objects.create(email="officer@example.org", name="An officer", is_officer=True))
    return client


@pytest.fixture
def pair(example) -> Lookalike:
    twin = Organisation.objects.create(key="alfa-twin", kind="other", name_fr="Acute Leukemia French Assoc.")
    here = Organisation.objects.get(key="alfa")
    return Lookalike.objects.create(organisation=here, incoming=twin, reasons=[{"reason": "town"}])


def test_the_review_list_is_for_officers(pair, client: Client):
    assert client.get("/en/review/").headers["Location"] == "/en/sign-in?next=/en/review/"
    client.force_login(User.objects.create(email="reader@example.org", name="A reader"))
    assert client.get("/en/review/").status_code == 403
    assert client.post(f"/en/review/{pair.pk}", {"decision": "same", "reason": "x"}).status_code == 403
    pair.refresh_from_db()
    assert not pair.decision


def test_two_records_become_one_and_two_again(pair, officer: Client):
    page = officer.get("/en/review/").content.decode()
    assert "Acute Leukemia French Assoc." in page
    assert "Both are in the same town." in page
    officer.post(f"/en/review/{pair.pk}", {"decision": "same", "reason": "Same seat, same statutes."})
    moved = officer.get("/en/organisations/alfa-twin")
    assert (moved.status_code, moved["Location"]) == (302, "/en/organisations/alfa")
    merge = Merge.objects.get()
    officer.post(f"/en/review/merges/{merge.pk}/undo", {"reason": "Two bodies after all."})
    assert officer.get("/en/organisations/alfa-twin").status_code == 200


def test_a_decision_without_a_reason_is_told(pair, officer: Client):
    response = officer.post(f"/en/review/{pair.pk}", {"decision": "same", "reason": ""}, follow=True)
    assert "Give a reason" in response.content.decode()
    assert not Merge.objects.exists()


def test_what_is_gone_from_the_list_is_told(officer: Client):
    assert officer.post("/en/review/999999", {"decision": "same", "reason": "x"}).status_code == 404
