"""The pages of a review: a reviewer reads and marks, the agency ranks and proposes, the ministry decides."""

import re

import pytest
from django.test import Client

from maillage.calls.models import Dossier
from maillage.labels.models import Award
from maillage.people.models import User
from maillage.reviews.models import Assignment
from tests.web.acting import acting, body, text
from tests.web.test_calls import open_text, write

pytestmark = pytest.mark.usefixtures("own_storage")


@pytest.fixture
def agency(example) -> Client:
    client = acting("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_text(), "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, text(sent)
    return client


@pytest.fixture
def dossier(agency: Client) -> Dossier:
    """A dossier of the institute, sent."""
    institute = acting("opale")
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    dossier = Dossier.objects.get()
    write(institute, dossier, "summary/abstract", "Trials in acute leukaemia.")
    write(institute, dossier, "summary/charter", "yes")
    page = text(institute.get(dossier.get_absolute_url()))
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    institute.post(f"/en/dossiers/{dossier.key}/sign", {"organisation": body("opale").pk, "digest": digest})
    institute.post(f"/en/dossiers/{dossier.key}/send")
    dossier.refresh_from_db()
    assert dossier.sent_at
    return dossier


def reviewer(agency: Client, name: str, employer: str = "") -> Client:
    """Somebody with an account, named through the page."""
    person = User.objects.create(email=f"{name}@example.org", name=name)
    given = {"email": person.email, "employer": employer, "competences": "leukaemia, trials", "most": 3, "do": "name"}
    assert agency.post("/en/calls/simulated/panel", given).status_code == 302
    client = Client()
    client.force_login(person)
    return client


def test_from_the_panel_to_the_decision(agency: Client, dossier: Dossier):
    one, two, inside = reviewer(agency, "one"), reviewer(agency, "two"), reviewer(agency, "inside", "opale")
    page = text(agency.post("/en/calls/simulated/panel/assign", follow=True))
    assert "The best assignment, proven." in page
    assert "works for a body of the dossier" in page
    assert "You are not asked" in text(inside.get("/en/reviews/"))

    # Each reads the dossier beside the form, and nothing of the other's.
    asked = {held.reviewer.person.name: held for held in Assignment.objects.select_related("reviewer__person")}
    address = f"/en/reviews/{asked['one'].pk}"
    assert "Leukaemia, together" in text(one.get("/en/reviews/"))
    assert "Trials in acute leukaemia." in text(one.get(address))
    assert two.get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert one.get(dossier.get_absolute_url()).status_code == 404
    marks = {"mark-strategy": "4", "mark-means": "9", "to_applicant": "Clear.", "to_panel": "Between us.", "do": "send"}
    assert one.post(address, marks).status_code == 422
    assert one.post(address, marks | {"mark-means": "3,5"}).status_code == 302
    second = f"/en/reviews/{asked['two'].pk}"
    assert "Between us." not in text(two.get(second))
    agency.post("/en/calls/simulated/panel/advance", {"phase": "discussion"})
    assert "Between us." in text(two.get(second))
    assert two.post(second, {"mark-strategy": "2", "do": "keep"}).status_code == 302

    # The agency proposes, and may not decide; the ministry does, and publishes.
    ranking = "/en/calls/simulated/ranking"
    assert "3.80" in text(agency.get(ranking))
    agency.post(f"{ranking}/{dossier.pk}", {"outcome": "award", "base": ""})
    assert agency.post(f"{ranking}/conclude").status_code == 403
    assert "What was decided" not in text(acting("opale", "pilot").get(dossier.get_absolute_url()))
    ministry = acting("mesr", "label-officer")
    ministry.post(f"{ranking}/conclude", {"do": "decide"})
    ministry.post(f"{ranking}/conclude", {"do": "publish"})
    award = Award.objects.get(label__key="carnot", holder=body("opale"), evidence_en__startswith="Decision of")
    told = text(acting("opale", "lead").get(f"/en/dossiers/{dossier.key}"))
    assert "What was decided" in told
    assert "Clear." in told
    assert "Between us." not in told
    assert award.get_absolute_url() in told


def test_a_conflict_is_declared_and_the_dossier_closed_to_the_reviewer(agency: Client, dossier: Dossier):
    one = reviewer(agency, "one")
    agency.post("/en/calls/simulated/panel/assign")
    held = Assignment.objects.get()
    one.post(f"/en/reviews/{held.pk}/conflict", {"why": "We share a patent."})
    assert one.get(f"/en/reviews/{held.pk}").status_code == 404
    assert "We share a patent." in text(agency.get("/en/calls/simulated/panel"))


@pytest.mark.parametrize("path", ["panel", "ranking"])
def test_only_who_runs_the_call_sees_its_review(agency: Client, dossier: Dossier, path):
    for client in (Client(), acting("opale", "pilot"), acting("inca", "label-officer")):
        assert client.get(f"/en/calls/simulated/{path}").status_code == 403
    assert agency.get(f"/fr/calls/simulated/{path}").status_code == 200
