"""The pages of a charter and of its follow-up: published by the agency, kept by the holder, seen by both alone."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.charter.models import Finding, FollowUp
from maillage.labels.models import Award
from tests.charter.sample_charter import TEXT
from tests.files import sample_files as made
from tests.web.clients import client_for, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
CHARTER = TEXT.replace("label: mark\n", "label: carnot\n")


@pytest.fixture
def agency(example) -> Client:
    """The officer of the agency, who publishes the charter through the page."""
    client = client_for("anr", "label-officer")
    page = page_text(client.get("/en/charters/new?model=carnot"))
    assert "c27:" in page
    wrong = client.post("/en/charters/new", {"text": CHARTER.replace("warn_days: 90", "warn_days: soon"), "do": "read"})
    assert wrong.status_code == 422
    assert re.search(r"Line 6: .*whole number", page_text(wrong))
    sent = client.post("/en/charters/new", {"text": CHARTER, "reason": "The charter of the label.", "do": "publish"})
    assert sent.status_code == 302, page_text(sent)
    return client


@pytest.fixture
def page(agency: Client) -> str:
    """The follow-up of the institute, without its language."""
    return f"/follow-ups/{FollowUp.objects.get(holder__key='opale').pk}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Charte simulée", "Se faire certifier.", "tous les 12 mois")),
        ("en", ("Simulated charter", "Be certified.", "every 12 months")),
    ],
)
def test_anybody_reads_the_charter_and_nobody_else_how_it_is_kept(agency: Client, page: str, language, words):
    public = Client()
    shown = page_text(public.get(f"/{language}/charters/simulated"))
    assert all(word in shown for word in words)
    assert "OPALE" not in shown.split("<main")[1]
    assert public.get(f"/{language}/charters/simulated/1.yaml").content.decode() == CHARTER
    award = Award.objects.get(holder__key="opale", label__key="carnot")
    assert page not in page_text(public.get(f"/{language}/awards/{award.pk}"))
    neighbour = client_for("irsl")
    for path in ("", "/prove/legal", "/certificates/new", "/findings/new", "/objectives/new", "/reviews/mid-term"):
        address = f"/{language}{page}{path}"
        assert neighbour.get(address).status_code == 404
        assert public.get(address).headers["Location"] == f"/{language}/sign-in?next={address}"
    assert page in page_text(agency.get(f"/{language}/awards/{award.pk}"))
    assert "OPALE" in page_text(agency.get(f"/{language}/charters/simulated"))


def test_the_holder_gives_what_is_asked(agency: Client, page: str):
    holder = client_for("opale")
    assert "lacking" in page_text(holder.get(f"/en{page}"))
    assert holder.post(f"/en{page}/prove/plan", {"text": "Words alone"}).status_code == 422
    file = SimpleUploadedFile("plan.pdf", made.PDF)
    assert holder.post(f"/en{page}/prove/plan", {"text": "The plan of the year", "file": file}).status_code == 302
    today = timezone.localdate()
    given = {"kind": "certification", "standard": "ISO 9001", "issuer": "A body", "valid_from": "2025-01-01",
             "valid_until": (today + dt.timedelta(days=30)).isoformat()}  # fmt: skip
    assert holder.post(f"/en{page}/certificates/new", given).status_code == 302
    shown = page_text(agency.get(f"/en{page}"))
    assert "The plan of the year" in shown
    assert "The certificate ISO 9001 ends on" in shown
    link = re.search(r'href="(/en/files/\d+/plan.pdf)"', shown)[1]
    assert agency.get(link).status_code == holder.get(link).status_code == 200
    assert client_for("irsl").get(link).status_code == 404
    assert "sur le point de se terminer" in page_text(holder.get(f"/fr{page}"))


def test_a_finding_goes_to_and_fro(agency: Client, page: str):
    holder = client_for("opale")
    due = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    found = {"commitment": "legal", "text": "Nobody is named.", "severity": "major", "due_on": due}
    assert holder.get(f"/en{page}/findings/new").status_code == 403
    assert agency.post(f"/en{page}/findings/new", found).status_code == 302
    finding = f"{page}/findings/{Finding.objects.get().pk}"
    plan = {"text": ["Name somebody", ""], "who": ["The director", ""], "due_on": ["soon", ""]}
    assert holder.post(f"/en{finding}", plan).status_code == 422
    assert holder.post(f"/en{finding}", plan | {"due_on": [due, ""]}).status_code == 302
    assert agency.post(f"/en{finding}/judge", {"do": "accept"}).status_code == 302
    step = re.search(r"/steps/(\d+)", page_text(holder.get(f"/en{finding}")))[1]
    assert "/steps/" not in page_text(agency.get(f"/en{finding}"))
    holder.post(f"/en{finding}/steps/{step}", {"reason": "The legal office."})
    assert "toutes les étapes faites" in page_text(agency.get(f"/fr{finding}"))
    agency.post(f"/en{finding}/judge", {"do": "accept"})
    assert Finding.objects.get().stage == "closed"


def test_objectives_and_reviews_stand_on_the_page(agency: Client, page: str):
    holder = client_for("opale")
    given = {"key": "contracts", "text": "New contracts", "unit": "contracts", "aims": "2025: 10\n2026: 12,5"}
    assert agency.post(f"/en{page}/objectives/new", given | {"aims": "2025 = 10"}).status_code == 422
    assert agency.post(f"/en{page}/objectives/new", given).status_code == 302
    assert "2026: 12.5" in page_text(agency.get(f"/en{page}/objectives/contracts"))
    reached = {"reached": "8", "evidence": "The list of contracts"}
    assert holder.post(f"/en{page}/objectives/contracts/2025", reached).status_code == 302
    held = {"held_on": "2022-03-01", "conclusion": "Go on.", "minutes": "We met."}
    assert agency.post(f"/en{page}/reviews/mid-term", held).status_code == 302
    shown = page_text(holder.get(f"/fr{page}"))
    assert 'role="img"' in shown
    assert "8 / 10" in shown
    assert "The list of contracts" in shown
    assert "Go on." in shown
