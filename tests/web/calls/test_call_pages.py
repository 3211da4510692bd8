"""The pages of calls and dossiers: from the model of a call to the receipt."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.calls.models import Application, Call
from maillage.files.models import File
from maillage.register.models import Tie
from tests.files import sample_files as made
from tests.web.calls.call_pages import open_call_text, write_reply
from tests.web.clients import client_for, get_organisation, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


@pytest.fixture(autouse=True)
def agency(example) -> Client:
    """The officer of the agency, who publishes the call through the page."""
    client = client_for("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_call_text(), "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, page_text(sent)
    return client


@pytest.fixture
def institute() -> Client:
    return client_for("opale")


@pytest.fixture
def application(institute: Client) -> Application:
    sent = institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    assert sent.status_code == 302, page_text(sent)
    return Application.objects.get()


def test_models_are_read_without_publishing(agency: Client):
    page = page_text(agency.get("/en/calls/new?model=clip2"))
    assert "call: clip2-example" in page
    sent = agency.post("/en/calls/new", {"text": open_call_text().replace("weight: 0.4", "weight: 0.3"), "do": "read"})
    assert sent.status_code == 422
    assert "sum to 0.9" in page_text(sent)
    assert Client().get("/en/calls/new").status_code == 403
    assert client_for("opale").get("/en/calls/simulated/edit").status_code == 403


@pytest.mark.parametrize(("language", "title"), [("fr", "Appel simulé"), ("en", "Simulated call")])
def test_anybody_reads_a_call(client: Client, language, title):
    assert title in page_text(client.get(f"/{language}/calls/"))
    page = page_text(client.get(f"/{language}/calls/simulated"))
    assert title in page
    assert {"fr": "créé pour un essai", "en": "made to try something out"}[language] in page
    assert re.search(r"60\s?%", page)
    exported = client.get(f"/{language}/calls/simulated/1.yaml")
    assert exported.content.decode() == open_call_text()


def test_calls_open_now_are_listed_for_programs(client: Client):
    found = client.get("/api/v1/calls?state=open").json()
    assert [one["id"] for one in found["items"]] == ["simulated"]
    assert not client.get("/api/v1/calls?state=closed").json()["items"]


def test_calls_open_now_and_to_come_are_a_feed(client: Client):
    assert 'href="/en/calls.atom"' in page_text(client.get("/en/calls/"))
    atom = "{http://www.w3.org/2005/Atom}"
    answer = client.get("/en/calls.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    entry = ET.fromstring(answer.content).find(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "Simulated call"
    assert "open. Opens" in entry.findtext(f"{atom}summary")
    assert "(Europe/Paris)" in entry.findtext(f"{atom}summary")
    Call.objects.update(withdrawn_at=timezone.now(), withdrawal_reason="No money.")
    assert b"<entry>" not in client.get("/en/calls.atom").content


def test_a_application_is_written_question_by_question(institute: Client, application: Application):
    page = page_text(institute.get(f"/en/dossiers/{application.key}/write/summary"))
    assert f'hx-post="/en/dossiers/{application.key}/write/summary/1/abstract"' in page
    kept = write_reply(institute, application, "summary/abstract", "What we do.", HTTP_HX_REQUEST="true")
    assert "kept on" in page_text(kept)
    assert re.search(r'name="base" value="1"', page_text(kept))
    other = write_reply(institute, application, "summary/abstract", "Something else.", HTTP_HX_REQUEST="true")
    assert "in the meantime" in page_text(other)
    assert "What we do." in page_text(other)
    assert re.search(r'name="base" value="1"', page_text(other))
    assert "What we do." in page_text(institute.get(f"/en/dossiers/{application.key}/write/summary"))


def test_without_script_it_is_kept_too(institute: Client, application: Application):
    assert write_reply(institute, application, "summary/charter", "yes").status_code == 302
    assert write_reply(institute, application, "summary/receipts", "much", base=0).status_code == 422
    stale = write_reply(institute, application, "summary/charter", "no")
    assert stale.status_code == 409
    assert "in the meantime" in page_text(stale)


def test_tables_and_repeated_sections(institute: Client, application: Application):
    address = f"/en/dossiers/{application.key}/write/sites/2/staff"
    rows = {"cell-who": ["Engineers", "", "<script>"], "cell-months": ["12", "", "3"]}
    assert institute.post(address, rows | {"base": 0}).status_code == 302
    page = page_text(institute.get(f"/en/dossiers/{application.key}/write/sites/2"))
    assert 'value="Engineers"' in page
    assert "<script>" not in page.split("<main")[1]
    assert institute.get(f"/en/dossiers/{application.key}/write/sites/4").status_code == 404


def test_a_file_is_attached_and_read_by_the_application_alone(institute: Client, application: Application):
    address = f"/en/dossiers/{application.key}/write/summary/1/annex/file"
    sent = institute.post(address, {"file": SimpleUploadedFile("budget.pdf", made.PDF)})
    assert sent.status_code == 302
    page = page_text(institute.get(f"/en/dossiers/{application.key}/write/summary"))
    link = re.search(rf'href="(/en/dossiers/{application.key}/files/\w+)"', page)[1]
    assert institute.get(link).status_code == 200
    assert client_for("irsl").get(link).status_code == 404


def test_who_acts_for_two_bodies_signs_for_each(institute: Client, application: Application):
    Tie.objects.create(
        subject=get_organisation("aphp"),
        object=get_organisation("opale"),
        kind="part-of",
        period_start="2020",
        managed_by="object",
    )
    address = f"/en/dossiers/{application.key}"
    institute.post(f"{address}/parties", {"organisation": "aphp", "part": "host", "do": "add"})
    for key in ("opale", "aphp"):
        offered = r'name="organisation" value="(\d+)">\s*<input type="hidden" name="digest" value="(\w+)"'
        signer, digest = re.search(offered, page_text(institute.get(address))).groups()
        assert int(signer) == get_organisation(key).pk
        institute.post(f"{address}/sign", {"organisation": signer, "digest": digest})
    assert "Sign it as it reads now" not in page_text(institute.get(address))


def test_from_signatures_to_the_receipt(institute: Client, agency: Client, application: Application):
    write_reply(institute, application, "summary/abstract", "What we do.")
    write_reply(institute, application, "summary/charter", "yes")
    page = page_text(institute.get(application.get_absolute_url()))
    assert "Waiting for the signature of" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    institute.post(
        f"/en/dossiers/{application.key}/sign", {"organisation": get_organisation("opale").pk, "digest": digest}
    )
    assert agency.get(application.get_absolute_url()).status_code == 404
    institute.post(f"/en/dossiers/{application.key}/send")
    page = page_text(institute.get(f"/en/dossiers/{application.key}"))
    assert digest in page
    read = page_text(agency.get(f"/en/dossiers/{application.key}"))
    assert "Check and keep" in read
    agency.post(f"/en/dossiers/{application.key}/check")
    assert application.verdicts.get(rule="hosts").verdict == "not-met"
    verdict = application.verdicts.get(rule="hosts")
    agency.post(
        f"/en/dossiers/{application.key}/verdicts/{verdict.pk}", {"verdict": "met", "reason": "Its seat is one."}
    )
    assert "Its seat is one." in page_text(institute.get(f"/en/dossiers/{application.key}"))
    paper = institute.get(f"/fr/dossiers/{application.key}/paper")
    assert paper.content.startswith(b"%PDF")
    assert "What we do." in page_text(institute.get(f"/en/dossiers/{application.key}/changes"))


def test_a_foreign_manager_sees_nothing_of_it(application: Application):
    stranger = client_for("irsl")
    for path in ("", "/write/summary", "/parties", "/paper", "/changes"):
        assert stranger.get(f"/en/dossiers/{application.key}{path}").status_code in (403, 404)
    assert application.title not in page_text(stranger.get("/en/dossiers/"))
    assert application.title not in page_text(Client().get("/en/calls/simulated"))


def test_bodies_join_and_sections_are_shared_out(institute: Client, application: Application):
    page = f"/en/dossiers/{application.key}/parties"
    assert "no body" not in page_text(institute.get(page))
    assert institute.post(page, {"organisation": "nobody", "part": "host", "do": "add"}).status_code == 422
    assert institute.post(page, {"organisation": "alfa", "part": "partner", "do": "add"}).status_code == 302
    institute.post(f"/en/dossiers/{application.key}/duties/sites", {"organisation": [get_organisation("alfa").pk]})
    partner = client_for("alfa", "lead")
    assert "You read this section" not in page_text(partner.get(f"/en/dossiers/{application.key}/write/sites"))
    assert Call.objects.count() == 1


def test_files_leave_with_the_body_that_leaves(institute: Client, application: Application):
    page = f"/en/dossiers/{application.key}/parties"
    institute.post(page, {"organisation": "alfa", "part": "partner", "do": "add"})
    institute.post(f"/en/dossiers/{application.key}/write/summary/1/annex/file",
                   {"file": SimpleUploadedFile("budget.pdf", made.PDF)})  # fmt: skip
    kept = File.objects.filter(record_kind=Application.kind_name(), record_id=application.pk)
    assert set(kept.values_list("organisation_id", flat=True)) == {
        get_organisation("opale").pk,
        get_organisation("alfa").pk,
    }
    institute.post(f"{page}/{get_organisation('alfa').pk}/leave")
    assert [one.organisation_id for one in kept.all()] == [get_organisation("opale").pk]
