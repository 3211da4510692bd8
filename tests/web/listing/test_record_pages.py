"""Record pages: one anatomy for all, the rich page of an organisation, what an officer may do."""

import itertools
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from maillage.core.actors import PUBLIC
from maillage.core.models import Contradiction
from maillage.listing.listing import LISTINGS
from maillage.people.models import User
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

NAMES = sorted(LISTINGS)
PASSWORD = "a long enough password"


@pytest.fixture
def officer(example, client: Client) -> Client:
    user = User(email="officer@example.org", name="An officer", is_officer=True)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    return client


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_record_has_its_page(example, client: Client, name):
    listing = LISTINGS[name]
    for number, record in enumerate(listing.records(PUBLIC)[:8]):
        language = ("fr", "en")[number % 2]
        with override(language):
            address = reverse(f"{name}:record", args=[getattr(record, listing.slug)])
        page = text(client, address)
        assert page.count("<h1>") == 1
        assert "style=" not in page
        [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert json.loads(data)["@context"] == "https://schema.org"


@pytest.mark.parametrize("name", NAMES)
def test_get_absolute_url_leads_to_the_page(example, client: Client, name):
    record = LISTINGS[name].records(PUBLIC).first()
    if hasattr(record, "get_absolute_url"):
        assert client.get(record.get_absolute_url()).status_code == 200


def test_an_organisation_shows_its_ties_sources_and_neighbourhood(example, client: Client):
    page = text(client, "/en/organisations/opale")
    assert "<svg viewBox" in page
    assert "Where sources disagree" in page or "Sources" in page
    assert 'id="ties"' in page
    assert "opale.org" in page
    assert re.search(r'role="group"\s+aria-labelledby="map-title map-about"', page)


def test_labels_of_the_neighbourhood_never_share_a_line(example, client: Client):
    for organisation in Organisation.objects.all()[:60]:
        page = text(client, organisation.get_absolute_url())
        for side in ("end", "start"):
            lines = [int(y) for y in re.findall(rf'<text x="\d+" y="(\d+)" text-anchor="{side}">', page)]
            assert all(after - before >= 24 for before, after in itertools.pairwise(lines))


def test_an_absorbed_organisation_leads_to_the_kept_one(example, client: Client):
    kept = Organisation.objects.get(key="opale")
    Organisation.objects.filter(key="alfa").update(merged_into=kept)
    response = client.get("/en/organisations/alfa", {"on": "2021-01-01"})
    assert response.status_code == 302
    assert response["Location"] == "/fr/organisations/opale?on=2021-01-01".replace("/fr/", "/en/")


def test_a_page_read_on_a_day_bears_the_name_of_that_day(example, client: Client):
    page = text(client, "/fr/organisations/thema", on="2021-01-01")
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert heading
    assert "médecine de précision" in heading.group(1)


def test_text_of_another_language_says_so(example, client: Client):
    Organisation.objects.filter(key="alfa").update(name_fr="Nom français", name_en="")
    assert re.search(r"<h1>\s*<span lang=\"fr\">Nom français</span>\s*</h1>", text(client, "/en/organisations/alfa"))


def test_queries_of_an_organisation_are_bounded(example, client: Client):
    client.get("/fr/organisations/opale")
    with CaptureQueriesContext(connection) as captured:
        client.get("/fr/organisations/opale")
    assert len(captured) <= 36


def test_a_contradiction_is_settled_with_a_reason(officer: Client):
    one = Contradiction.objects.filter(settled_side="").first()
    address = f"/en/contradictions/{one.pk}"
    assert "Settle it" in text(officer, address)
    refused = officer.post(f"{address}/settle", {"side": "a", "reason": " "})
    assert refused.status_code == 422
    assert officer.post(f"{address}/settle", {"side": "a", "reason": "The decree says so."}).status_code == 302
    page = text(officer, address)
    assert "The decree says so." in page
    assert 'class="side lost"' in page
    assert one.b_en[:20] in page or one.b_fr[:20] in page
    assert officer.post(f"{address}/reopen", {"reason": "Another decree."}).status_code == 302
    one.refresh_from_db()
    assert one.is_open


def test_the_public_settles_nothing(example, client: Client):
    one = Contradiction.objects.first()
    response = client.post(f"/en/contradictions/{one.pk}/settle", {"side": "a", "reason": "I think so."})
    assert response.status_code == 403
    one.refresh_from_db()
    assert one.is_open


def test_history_tells_what_changed_and_who(officer: Client):
    one = Contradiction.objects.filter(settled_side="").first()
    officer.post(f"/en/contradictions/{one.pk}/settle", {"side": "b", "reason": "Read again."})
    page = text(officer, f"/en/contradictions/{one.pk}")
    assert "An officer" in page
    assert "Settle a contradiction" in page


def test_signing_in_waits_after_five_failures(example, client: Client):
    user = User(email="one@example.org", name="One")
    user.set_password(PASSWORD)
    user.save()
    for _ in range(5):
        client.post("/en/sign-in", {"username": user.email, "password": "wrong"})
    response = client.post("/en/sign-in", {"username": user.email, "password": PASSWORD})
    assert response.status_code == 422
    assert "Too many attempts" in response.content.decode()


def test_signing_in_and_out(officer: Client):
    officer.post("/en/sign-out")
    response = officer.post("/en/sign-in", {"username": "OFFICER@example.org", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/en/desk"


@pytest.mark.parametrize("address", ["/en/nothing", "/fr/organisations/none", "/fr/ties/999999999"])
def test_what_is_not_there_is_told_in_words(example, client: Client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "<h1>" in response.content.decode()


def test_the_bare_address_follows_the_reader(db, client: Client):
    assert client.get("/", headers={"accept-language": "en"})["Location"] == "/en/"
    assert client.get("/", headers={"accept-language": "fr"})["Location"] == "/fr/"
