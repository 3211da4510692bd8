"""The pages of a review: a reviewer reads and marks, the agency ranks and proposes, the ministry decides."""

import datetime as dt
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.calls.actions import publish_call
from maillage.calls.blind import veil_of
from maillage.calls.models import Dossier
from maillage.calls.paper import content_of
from maillage.kernel.actors import SYSTEM
from maillage.kernel.notices.models import Notice
from maillage.labels.models import Award
from maillage.people.models import User
from maillage.reviews.models import Assignment
from tests.kernel import documents as made
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
    """A dossier of the institute, sent, that names it in a text and in the name of a file."""
    institute = acting("opale")
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    dossier = Dossier.objects.get()
    write(institute, dossier, "summary/abstract", "Trials in acute leukaemia, by Opale.")
    institute.post(f"/en/dossiers/{dossier.key}/write/summary/1/annex/file",
                   {"file": SimpleUploadedFile("opale-budget.pdf", made.PDF)})  # fmt: skip
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
    assert "works or acts for a body of the dossier" in page
    assert "You are not asked" in text(inside.get("/en/reviews/"))

    # Each reads the dossier beside the form, and nothing of the other's.
    asked = {held.reviewer.person.name: held for held in Assignment.objects.select_related("reviewer__person")}
    address = f"/en/reviews/{asked['one'].pk}"
    assert "Leukaemia, together" in text(one.get("/en/reviews/"))
    assert "Trials in acute leukaemia, by Opale." in text(one.get(address))
    assert "opale-budget.pdf" in one.get(f"{address}/files/summary/1/annex").headers["Content-Disposition"]
    for path in ("", "/paper", "/files/summary/1/annex"):
        assert two.get(f"{address}{path}").status_code == 404
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


def test_a_blind_review_names_no_body(agency: Client, dossier: Dossier):
    blind = open_text().replace("{reviews: 2, ", "{reviews: 2, blind: yes, ")
    publish_call(actor=SYSTEM, at=timezone.now(), text=blind, reason="It is reviewed blind.")
    Dossier.objects.update(title="OPALE’s leukaemia, together")
    one = reviewer(agency, "one")
    agency.post("/en/calls/simulated/panel/assign")
    address = f"/en/reviews/{Assignment.objects.get().pk}"
    page = text(one.get(address))
    assert "Trials in acute leukaemia, by [name withheld]." in page
    assert "[name withheld]’s leukaemia, together" in text(one.get("/en/reviews/"))
    name = one.get(f"{address}/files/summary/1/annex").headers["Content-Disposition"]
    assert "annex.pdf" in name
    assert one.get(f"{address}/paper").content.startswith(b"%PDF")
    dossier.refresh_from_db()
    paper = json.dumps(content_of(dossier, veil_of(dossier)), ensure_ascii=False)
    told = Notice.objects.filter(kind="reviews").values_list("subject_en", "body_en", "body_fr")
    for read in (page, paper, name, str(list(told))):
        assert "opale" not in read.lower()
    assert "opale" in text(agency.get(dossier.get_absolute_url())).lower()


def test_the_panel_replaces_moves_weighs_and_keeps_minutes(agency: Client, dossier: Dossier):
    for name in ("one", "two", "three"):
        reviewer(agency, name)
    agency.post("/en/calls/simulated/panel/assign")
    late = Assignment.objects.select_related("reviewer__person").earliest("pk")
    Assignment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - dt.timedelta(days=3))
    other = Assignment.objects.exclude(pk=late.pk).get()
    page = text(agency.get("/en/calls/simulated/panel"))
    assert "3 days late" in page
    third = ({"one", "two", "three"} - {late.reviewer.person.name, other.reviewer.person.name}).pop()
    confirm = f"/en/calls/simulated/panel/{late.pk}/replace"
    page = text(agency.get(confirm))
    assert f"{third} suits best" in page
    chosen = re.search(r'<option value="(\d+)"', page)[1]
    assert agency.post(confirm, {"successor": chosen}).status_code == 422
    assert agency.post(confirm, {"successor": chosen, "reason": "Three days late."}).status_code == 302
    assert Assignment.objects.get(state="asked", dossier=dossier, reviewer=chosen).due_on > timezone.localdate()

    # Who watches gets the list where it has changed, and nothing where it has not.
    ranking = "/en/calls/simulated/ranking"
    page = text(agency.get(ranking))
    seen = re.search(r"\?seen=([\d-]+)", page)[1]
    assert agency.get(f"{ranking}/order?seen={seen}").status_code == 204
    base = re.search(r'name="base" value="(\w{16})"', page)[1]
    moved = agency.post(f"{ranking}/move", {"to": f"{dossier.pk}:2", "reason": "r", "base": base}, follow=True)
    assert "Give a place from 1 to 1." in text(moved)
    agency.post(f"{ranking}/{dossier.pk}", {"outcome": "award", "base": ""})
    assert "“Award” ends here, after 1 place" in text(agency.get(f"{ranking}/order?seen={seen}"))
    assert "no weight can move" in text(agency.get(f"{ranking}/weights"))
    made_now = agency.post(f"{ranking}/minutes", {"present": "A. Chair"}, follow=True)
    assert made_now.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "path", ["panel", "ranking", "ranking/order", "ranking/weights", "ranking/minutes", "ranking/minutes/1"]
)
def test_only_who_runs_the_call_sees_its_review(agency: Client, dossier: Dossier, path):
    for client in (Client(), acting("opale", "pilot"), acting("inca", "label-officer")):
        assert client.get(f"/en/calls/simulated/{path}").status_code == 403
    assert agency.get(f"/fr/calls/simulated/{path}").status_code == (404 if path.endswith("1") else 200)
