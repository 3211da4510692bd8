"""The pages of a convention: opened by the agency, written by the institute, signed, printed, amended."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.calls.models import Application
from maillage.files.models import File
from maillage.label_agreements.models import LabelAgreement
from tests.files import sample_files as made
from tests.label_agreements.sample_agreements import HEADINGS
from tests.web.calls.call_pages import open_call_text, write_reply
from tests.web.clients import client_for, get_organisation, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
CONFIRMED = {"organisation": "alfa", "host": "aphp", "share": "33,5", "base": "1"}


@pytest.fixture
def agency(example) -> Client:
    client = client_for("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_call_text() + HEADINGS, "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, page_text(sent)
    return client


@pytest.fixture
def institute() -> Client:
    return client_for("opale")


@pytest.fixture
def host() -> Client:
    return client_for("aphp")


@pytest.fixture
def agreement(agency: Client, institute: Client, host: Client) -> LabelAgreement:
    """The convention of the institute, whose dossier one unit was a partner in, just opened."""
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    application = Application.objects.get()
    address = f"/en/dossiers/{application.key}"
    for key, part in (("aphp", "host"), ("alfa", "partner")):
        institute.post(f"{address}/parties", {"organisation": key, "part": part, "do": "add"})
    write_reply(institute, application, "summary/abstract", "Trials in acute leukaemia.")
    write_reply(institute, application, "summary/charter", "yes")
    for key, client in (("opale", institute), ("aphp", host)):
        digest = re.search(r'name="digest" value="(\w+)"', page_text(client.get(address)))[1]
        client.post(f"{address}/sign", {"organisation": get_organisation(key).pk, "digest": digest})
    institute.post(f"{address}/send")
    ranking = "/en/calls/simulated/ranking"
    agency.post(f"{ranking}/{application.pk}", {"outcome": "award", "base": ""})
    ministry = client_for("mesr", "label-officer")
    for step in ("decide", "publish"):
        ministry.post("/en/calls/simulated/decisions/conclude", {"do": step})
    opening = re.search(r'action="(/en/conventions/open/\d+)"', page_text(agency.get("/en/calls/simulated/decisions")))[
        1
    ]
    assert opening in page_text(ministry.get(application.decision.award.get_absolute_url()))
    assert opening not in page_text(institute.get(address))
    agency.post(opening)
    return LabelAgreement.objects.get()


def test_before_its_first_version_was_known_there_is_no_agreement(institute: Client, agreement: LabelAgreement):
    page = f"/en/conventions/{agreement.pk}"
    assert institute.get(page).status_code == 200
    assert institute.get(f"{page}?known=2020-01-01").status_code == 404


def test_from_opening_to_the_amendment(agency: Client, institute: Client, host: Client, agreement: LabelAgreement):
    page = f"/en/conventions/{agreement.pk}"
    award = agreement.award.get_absolute_url()
    told = page_text(institute.get(page))
    assert "to be confirmed" in told
    assert "Sign it as it reads now" not in told
    assert page in page_text(agency.get("/en/calls/simulated/decisions"))

    written(agreement, page, institute, host)

    # Signed by who runs the label and by the host, on what they read; then a public fact, without shares.
    for client in (agency, host):
        assert sign(client, page)
    assert not sign(institute, page)
    assert "in force since" in page_text(institute.get(page))
    assert institute.get(f"/fr/conventions/{agreement.pk}/1/paper").content.startswith(b"%PDF")
    public = page_text(Client().get(award)).split("<main")[1]
    assert "/en/organisations/alfa" in public
    assert "33.5" not in public
    assert f"/conventions/{agreement.pk}" not in public
    assert f"/conventions/{agreement.pk}" in page_text(institute.get(award))
    listed = b"".join(Client().get("/en/perimeters/?format=csv")).decode()
    assert "alfa" in listed
    assert "33.5" not in listed
    amended(institute, page)


def written(agreement: LabelAgreement, page: str, institute: Client, host: Client) -> None:
    """The perimeter and the headings, each with what is told of a bad or a stale one."""
    assert institute.post(f"{page}/1/perimeter", CONFIRMED | {"share": "130"}).status_code == 422
    assert institute.post(f"{page}/1/perimeter", CONFIRMED).status_code == 302
    late = page_text(institute.post(f"{page}/1/perimeter", CONFIRMED | {"share": "40"}))
    assert "in the meantime" in late
    assert "33.5%" in late
    assert 'name="base" value="2"' in late

    # The headings; on the same one the second sees what the first wrote.
    clause = f"{page}/1/write/governance"
    assert institute.post(clause, {"value": "A board of five.", "base": 0}).status_code == 302
    second = host.post(clause, {"value": "A board of six.", "base": 0})
    assert second.status_code == 409
    assert "A board of five." in page_text(second)
    assert "A board of six." in page_text(second)
    cells = {"cell-objective": ["Receipts", ""], "cell-unit": ["M€", ""], "cell-now": ["9", ""],
             "cell-target": ["12,5", ""], "cell-by": ["2030-12-31", ""], "base": 0}  # fmt: skip
    assert institute.post(f"{page}/1/write/objectives", cells).status_code == 302
    institute.post(f"{page}/1/write/annex/file", {"file": SimpleUploadedFile("chart.pdf", made.PDF)})
    told = page_text(host.get(page))
    assert "12.5" in told
    assert "chart.pdf" in told
    link = re.search(rf'href="({page}/files/[0-9a-f]+)"', told)[1]
    assert host.get(link).status_code == 200
    assert File.objects.filter(record_kind=LabelAgreement.kind_name()).count() == agreement.parties.count()


def amended(institute: Client, page: str) -> None:
    """An amendment has its reason, and shows what it changes."""
    institute.post(f"{page}/amend", {"reason": "The unit grows."})
    institute.post(f"{page}/2/perimeter", CONFIRMED | {"share": "50"})
    told = page_text(institute.get(page))
    assert "The unit grows." in told
    assert "<del>33.5%, AP-HP</del>" in told
    assert "<ins>50%, AP-HP</ins>" in told
    assert "in force since" in page_text(institute.get(f"{page}?version=1"))


def sign(client: Client, page: str) -> bool:
    """Whether the page offers to sign what it shows; then it is signed."""
    told = page_text(client.get(page))
    found = re.search(r'name="organisation" value="(\d+)">\s*<input type="hidden" name="digest" value="(\w+)"', told)
    if found:
        client.post(f"{page}/1/sign", {"organisation": found[1], "digest": found[2]})
    return bool(found)


def test_neighbours_see_nothing_of_it(agreement: LabelAgreement):
    stranger = client_for("irsl")
    for path in ("", "/1/perimeter", "/1/write/governance", "/1/paper", "/files/0"):
        for client in (stranger, Client()):
            answer = client.get(f"/en/conventions/{agreement.pk}{path}")
            assert answer.status_code == (404 if client is stranger else 302)
    assert "conventions/" + str(agreement.pk) not in page_text(stranger.get(agreement.award.get_absolute_url()))
    assert stranger.post(f"/en/conventions/{agreement.pk}/amend", {"reason": "r"}).status_code == 404
