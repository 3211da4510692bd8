"""The pages of a convention: opened by the agency, written by the institute, signed, printed, amended."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.calls.models import Dossier
from maillage.conventions.models import Convention
from maillage.kernel.files.models import File
from tests.conventions.concluding import HEADINGS
from tests.kernel import documents as made
from tests.web.acting import acting, body, text
from tests.web.test_calls import open_text, write

pytestmark = pytest.mark.usefixtures("own_storage")
CONFIRMED = {"organisation": "alfa", "host": "aphp", "share": "33,5", "base": "1"}


@pytest.fixture
def agency(example) -> Client:
    client = acting("anr", "label-officer")
    sent = client.post("/en/calls/new", {"text": open_text() + HEADINGS, "reason": "It opens.", "do": "publish"})
    assert sent.status_code == 302, text(sent)
    return client


@pytest.fixture
def institute() -> Client:
    return acting("opale")


@pytest.fixture
def host() -> Client:
    return acting("aphp")


@pytest.fixture
def convention(agency: Client, institute: Client, host: Client) -> Convention:
    """The convention of the institute, whose dossier one unit was a partner in, just opened."""
    institute.post("/en/calls/simulated/begin", {"title": "Leukaemia, together"})
    dossier = Dossier.objects.get()
    address = f"/en/dossiers/{dossier.key}"
    for key, part in (("aphp", "host"), ("alfa", "partner")):
        institute.post(f"{address}/parties", {"organisation": key, "part": part, "do": "add"})
    write(institute, dossier, "summary/abstract", "Trials in acute leukaemia.")
    write(institute, dossier, "summary/charter", "yes")
    for key, client in (("opale", institute), ("aphp", host)):
        digest = re.search(r'name="digest" value="(\w+)"', text(client.get(address)))[1]
        client.post(f"{address}/sign", {"organisation": body(key).pk, "digest": digest})
    institute.post(f"{address}/send")
    ranking = "/en/calls/simulated/ranking"
    agency.post(f"{ranking}/{dossier.pk}", {"outcome": "award", "base": ""})
    ministry = acting("mesr", "label-officer")
    for step in ("decide", "publish"):
        ministry.post("/en/calls/simulated/decisions/conclude", {"do": step})
    opening = re.search(r'action="(/en/conventions/open/\d+)"', text(agency.get("/en/calls/simulated/decisions")))[1]
    assert opening in text(ministry.get(dossier.decision.award.get_absolute_url()))
    assert opening not in text(institute.get(address))
    agency.post(opening)
    return Convention.objects.get()


def test_from_opening_to_the_amendment(agency: Client, institute: Client, host: Client, convention: Convention):
    page = f"/en/conventions/{convention.pk}"
    award = convention.award.get_absolute_url()
    told = text(institute.get(page))
    assert "to be confirmed" in told
    assert "Sign it as it reads now" not in told
    assert page in text(agency.get("/en/calls/simulated/decisions"))

    written(convention, page, institute, host)

    # Signed by who runs the label and by the host, on what they read; then a public fact, without shares.
    for client in (agency, host):
        assert sign(client, page)
    assert not sign(institute, page)
    assert "in force since" in text(institute.get(page))
    assert institute.get(f"/fr/conventions/{convention.pk}/1/paper").content.startswith(b"%PDF")
    public = text(Client().get(award)).split("<main")[1]
    assert "/en/organisations/alfa" in public
    assert "33.5" not in public
    assert f"/conventions/{convention.pk}" not in public
    assert f"/conventions/{convention.pk}" in text(institute.get(award))
    listed = b"".join(Client().get("/en/perimeters/?format=csv")).decode()
    assert "alfa" in listed
    assert "33.5" not in listed
    amended(institute, page)


def written(convention: Convention, page: str, institute: Client, host: Client) -> None:
    """The perimeter and the headings, each with what is told of a bad or a stale one."""
    assert institute.post(f"{page}/1/perimeter", CONFIRMED | {"share": "130"}).status_code == 422
    assert institute.post(f"{page}/1/perimeter", CONFIRMED).status_code == 302
    late = text(institute.post(f"{page}/1/perimeter", CONFIRMED | {"share": "40"}))
    assert "in the meantime" in late
    assert "33.5%" in late
    assert 'name="base" value="2"' in late

    # The headings; on the same one the second sees what the first wrote.
    clause = f"{page}/1/write/governance"
    assert institute.post(clause, {"value": "A board of five.", "base": 0}).status_code == 302
    second = host.post(clause, {"value": "A board of six.", "base": 0})
    assert second.status_code == 409
    assert "A board of five." in text(second)
    assert "A board of six." in text(second)
    cells = {"cell-objective": ["Receipts", ""], "cell-unit": ["M€", ""], "cell-now": ["9", ""],
             "cell-target": ["12,5", ""], "cell-by": ["2030-12-31", ""], "base": 0}  # fmt: skip
    assert institute.post(f"{page}/1/write/objectives", cells).status_code == 302
    institute.post(f"{page}/1/write/annex/file", {"file": SimpleUploadedFile("chart.pdf", made.PDF)})
    told = text(host.get(page))
    assert "12.5" in told
    assert "chart.pdf" in told
    link = re.search(rf'href="({page}/files/[0-9a-f]+)"', told)[1]
    assert host.get(link).status_code == 200
    assert File.objects.filter(record_kind=Convention.kind_name()).count() == convention.parties.count()


def amended(institute: Client, page: str) -> None:
    """An amendment has its reason, and shows what it changes."""
    institute.post(f"{page}/amend", {"reason": "The unit grows."})
    institute.post(f"{page}/2/perimeter", CONFIRMED | {"share": "50"})
    told = text(institute.get(page))
    assert "The unit grows." in told
    assert "<del>33.5%, AP-HP</del>" in told
    assert "<ins>50%, AP-HP</ins>" in told
    assert "in force since" in text(institute.get(f"{page}?version=1"))


def sign(client: Client, page: str) -> bool:
    """Whether the page offers to sign what it shows; then it is signed."""
    told = text(client.get(page))
    found = re.search(r'name="organisation" value="(\d+)"><input type="hidden" name="digest" value="(\w+)"', told)
    if found:
        client.post(f"{page}/1/sign", {"organisation": found[1], "digest": found[2]})
    return bool(found)


def test_neighbours_see_nothing_of_it(convention: Convention):
    stranger = acting("irsl")
    for path in ("", "/1/perimeter", "/1/write/governance", "/1/paper", "/files/0"):
        for client in (stranger, Client()):
            assert client.get(f"/en/conventions/{convention.pk}{path}").status_code == 404
    assert "conventions/" + str(convention.pk) not in text(stranger.get(convention.award.get_absolute_url()))
    assert stranger.post(f"/en/conventions/{convention.pk}/amend", {"reason": "r"}).status_code == 404
