"""The pages of calls and dossiers: from the model of a call to the receipt."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.calls.models import Call, Dossier
from maillage.kernel.files.models import File
from maillage.register.models import Tie
from tests.calls.wave import TEXT
from tests.kernel import documents as made
from tests.web.acting import acting, body, text

pytestmark = pytest.mark.usefixtures("own_storage")


def open_text() -> str:
    """The call of the tests, for a label of the example, open today."""
    today = timezone.localdate()
    names = {"label: mark-ahead": "label: carnot-tremplin", "label: mark\n": "label: carnot\n",
             "label: mark,": "label: carnot,", "decides: ministry": "decides: mesr", "runs: agency": "runs: anr",
             "holders: [institute]": "holders: [consortium]",
             "2026-03-02T09:00": f"{today - dt.timedelta(days=1)}T09:00",
             "2026-04-30T13:00": f"{today + dt.timedelta(days=30)}T13:00"}  # fmt: skip
    found = TEXT
    for old, new in names.items():
        found = found.replace(old, new)
    return found


@pytest.fixture(autouse=True)
def agency(example) -> Client:
    """The officer of the agency, who publishes the call through the page."""
    client = acting("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_text(), "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, text(sent)
    return client


@pytest.fixture
def institute() -> Client:
    return acting("opale")


@pytest.fixture
def dossier(institute: Client) -> Dossier:
    sent = institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    assert sent.status_code == 302, text(sent)
    return Dossier.objects.get()


def write(client: Client, dossier: Dossier, place: str, value: str, base: int = 0, **headers):
    section, question = place.split("/")
    address = f"/en/dossiers/{dossier.key}/write/{section}/1/{question}"
    return client.post(address, {"value": value, "base": base}, **headers)


def test_models_are_read_without_publishing(agency: Client):
    page = text(agency.get("/en/calls/new?model=clip2"))
    assert "call: clip2-example" in page
    sent = agency.post("/en/calls/new", {"text": open_text().replace("weight: 0.4", "weight: 0.3"), "do": "read"})
    assert sent.status_code == 422
    assert "sum to 0.9" in text(sent)
    assert Client().get("/en/calls/new").status_code == 403
    assert acting("opale").get("/en/calls/simulated/edit").status_code == 403


@pytest.mark.parametrize(("language", "title"), [("fr", "Appel simulé"), ("en", "Simulated call")])
def test_anybody_reads_a_call(client: Client, language, title):
    assert title in text(client.get(f"/{language}/calls/"))
    page = text(client.get(f"/{language}/calls/simulated"))
    assert title in page
    assert {"fr": "créé pour un essai", "en": "made to try something out"}[language] in page
    assert re.search(r"60\s?%", page)
    exported = client.get(f"/{language}/calls/simulated/1.yaml")
    assert exported.content.decode() == open_text()


def test_calls_open_now_are_listed_for_programs(client: Client):
    found = client.get("/api/v1/calls?state=open").json()
    assert [one["id"] for one in found["items"]] == ["simulated"]
    assert not client.get("/api/v1/calls?state=closed").json()["items"]


def test_calls_open_now_and_to_come_are_a_feed(client: Client):
    assert 'href="/en/calls.atom"' in text(client.get("/en/calls/"))
    atom = "{http://www.w3.org/2005/Atom}"
    answer = client.get("/en/calls.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    entry = ET.fromstring(answer.content).find(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "Simulated call"
    assert "open. Opens" in entry.findtext(f"{atom}summary")
    assert "(Europe/Paris)" in entry.findtext(f"{atom}summary")
    Call.objects.update(withdrawn_at=timezone.now(), withdrawn_why="No money.")
    assert b"<entry>" not in client.get("/en/calls.atom").content


def test_a_dossier_is_written_question_by_question(institute: Client, dossier: Dossier):
    page = text(institute.get(f"/en/dossiers/{dossier.key}/write/summary"))
    assert f'hx-post="/en/dossiers/{dossier.key}/write/summary/1/abstract"' in page
    kept = write(institute, dossier, "summary/abstract", "What we do.", HTTP_HX_REQUEST="true")
    assert "kept on" in text(kept)
    assert re.search(r'name="base" value="1"', text(kept))
    other = write(institute, dossier, "summary/abstract", "Something else.", HTTP_HX_REQUEST="true")
    assert "in the meantime" in text(other)
    assert "What we do." in text(other)
    assert re.search(r'name="base" value="1"', text(other))
    assert "What we do." in text(institute.get(f"/en/dossiers/{dossier.key}/write/summary"))


def test_without_script_it_is_kept_too(institute: Client, dossier: Dossier):
    assert write(institute, dossier, "summary/charter", "yes").status_code == 302
    assert write(institute, dossier, "summary/receipts", "much", base=0).status_code == 422
    stale = write(institute, dossier, "summary/charter", "no")
    assert stale.status_code == 409


def test_tables_and_repeated_sections(institute: Client, dossier: Dossier):
    address = f"/en/dossiers/{dossier.key}/write/sites/2/staff"
    rows = {"cell-who": ["Engineers", "", "<script>"], "cell-months": ["12", "", "3"]}
    assert institute.post(address, rows | {"base": 0}).status_code == 302
    page = text(institute.get(f"/en/dossiers/{dossier.key}/write/sites/2"))
    assert 'value="Engineers"' in page
    assert "<script>" not in page.split("<main")[1]
    assert institute.get(f"/en/dossiers/{dossier.key}/write/sites/4").status_code == 404


def test_a_file_is_attached_and_read_by_the_dossier_alone(institute: Client, dossier: Dossier):
    address = f"/en/dossiers/{dossier.key}/write/summary/1/annex/file"
    sent = institute.post(address, {"file": SimpleUploadedFile("budget.pdf", made.PDF)})
    assert sent.status_code == 302
    page = text(institute.get(f"/en/dossiers/{dossier.key}/write/summary"))
    link = re.search(rf'href="(/en/dossiers/{dossier.key}/files/\w+)"', page)[1]
    assert institute.get(link).status_code == 200
    assert acting("irsl").get(link).status_code == 404


def test_who_acts_for_two_bodies_signs_for_each(institute: Client, dossier: Dossier):
    Tie.objects.create(subject=body("aphp"), object=body("opale"), kind="part-of", period_start="2020",
                       managed_by="object")  # fmt: skip
    address = f"/en/dossiers/{dossier.key}"
    institute.post(f"{address}/parties", {"organisation": "aphp", "part": "host", "do": "add"})
    for key in ("opale", "aphp"):
        offered = r'name="organisation" value="(\d+)"><input type="hidden" name="digest" value="(\w+)"'
        signer, digest = re.search(offered, text(institute.get(address))).groups()
        assert int(signer) == body(key).pk
        institute.post(f"{address}/sign", {"organisation": signer, "digest": digest})
    assert "Sign it as it reads now" not in text(institute.get(address))


def test_from_signatures_to_the_receipt(institute: Client, agency: Client, dossier: Dossier):
    write(institute, dossier, "summary/abstract", "What we do.")
    write(institute, dossier, "summary/charter", "yes")
    page = text(institute.get(dossier.get_absolute_url()))
    assert "Waiting for the signature of" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    institute.post(f"/en/dossiers/{dossier.key}/sign", {"organisation": body("opale").pk, "digest": digest})
    assert agency.get(dossier.get_absolute_url()).status_code == 404
    institute.post(f"/en/dossiers/{dossier.key}/send")
    page = text(institute.get(f"/en/dossiers/{dossier.key}"))
    assert digest in page
    read = text(agency.get(f"/en/dossiers/{dossier.key}"))
    assert "Check and keep" in read
    agency.post(f"/en/dossiers/{dossier.key}/check")
    assert dossier.verdicts.get(rule="hosts").verdict == "not-met"
    verdict = dossier.verdicts.get(rule="hosts")
    agency.post(f"/en/dossiers/{dossier.key}/verdicts/{verdict.pk}", {"verdict": "met", "reason": "Its seat is one."})
    assert "Its seat is one." in text(institute.get(f"/en/dossiers/{dossier.key}"))
    paper = institute.get(f"/fr/dossiers/{dossier.key}/paper")
    assert paper.content.startswith(b"%PDF")
    assert "What we do." in text(institute.get(f"/en/dossiers/{dossier.key}/changes"))


def test_a_foreign_manager_sees_nothing_of_it(dossier: Dossier):
    stranger = acting("irsl")
    for path in ("", "/write/summary", "/parties", "/paper", "/changes"):
        assert stranger.get(f"/en/dossiers/{dossier.key}{path}").status_code in (403, 404)
    assert dossier.title not in text(stranger.get("/en/dossiers/"))
    assert dossier.title not in text(Client().get("/en/calls/simulated"))


def test_bodies_join_and_sections_are_shared_out(institute: Client, dossier: Dossier):
    page = f"/en/dossiers/{dossier.key}/parties"
    assert "no body" not in text(institute.get(page))
    assert institute.post(page, {"organisation": "nobody", "part": "host", "do": "add"}).status_code == 422
    assert institute.post(page, {"organisation": "alfa", "part": "partner", "do": "add"}).status_code == 302
    institute.post(f"/en/dossiers/{dossier.key}/duties/sites", {"body": [body("alfa").pk]})
    partner = acting("alfa", "lead")
    assert "You read this section" not in text(partner.get(f"/en/dossiers/{dossier.key}/write/sites"))
    assert Call.objects.count() == 1


def test_files_leave_with_the_body_that_leaves(institute: Client, dossier: Dossier):
    page = f"/en/dossiers/{dossier.key}/parties"
    institute.post(page, {"organisation": "alfa", "part": "partner", "do": "add"})
    institute.post(f"/en/dossiers/{dossier.key}/write/summary/1/annex/file",
                   {"file": SimpleUploadedFile("budget.pdf", made.PDF)})  # fmt: skip
    kept = File.objects.filter(record_kind=Dossier.kind_name(), record_id=dossier.pk)
    assert set(kept.values_list("organisation_id", flat=True)) == {body("opale").pk, body("alfa").pk}
    institute.post(f"{page}/{body('alfa').pk}/leave")
    assert [one.organisation_id for one in kept.all()] == [body("opale").pk]
