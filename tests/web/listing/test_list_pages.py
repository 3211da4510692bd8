"""Pages of lists: bad places, links that carry the reading, confidential records, and how many queries a page costs."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.core.actors import PUBLIC
from maillage.listing.listing import LISTINGS
from maillage.listing.paging import get_page
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

NAMES = sorted(LISTINGS)


def test_a_bad_place_is_a_clear_page(example, client: Client):
    response = client.get("/en/organisations/", {"after": "abc"})
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_the_rows(example, client: Client, name, monkeypatch):
    monkeypatch.setattr("maillage.listing.paging.get_page.__kwdefaults__", {"after": "", "before": "", "size": 3})
    few = queries(client, f"/fr/{name}/")
    monkeypatch.setattr("maillage.listing.paging.get_page.__kwdefaults__", {"after": "", "before": "", "size": 50})
    many = queries(client, f"/fr/{name}/")
    # Own domains are looked up, in two queries, only where some row cites a page.
    # Sentences take a query for each kind of record that one of them is bound to.
    assert many <= few + 2 or name == "statements"
    # Three filters of offers have choices from the register.
    assert many <= {"statements": 25, "offers": 14}.get(name, 10)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_no_list_is_read_by_offset(example, client: Client):
    place = get_page(LISTINGS["organisations"].records(PUBLIC), LISTINGS["organisations"].sorts[0]).after
    with CaptureQueriesContext(connection) as captured:
        client.get("/fr/organisations/", {"after": place})
    assert not [query for query in captured if "OFFSET" in query["sql"]]


def test_unknown_parameters_and_odd_text_do_no_harm(example, client: Client):
    for value in ("%", "'", "\\", "\0", "x" * 500, "\u202eאב", "🙂"):
        assert client.get("/fr/organisations/", {"q": value, "kind": value, "trl": value}).status_code == 200


def test_links_carry_the_day_and_the_moment(example, client: Client):
    page = client.get("/fr/organisations/", {"on": "2021-01-01", "known": "2030-01-01"}).content.decode()
    inside = [link for link in re.findall(r'href="(/fr/organisations/[^"]*)"', page) if link != "/fr/organisations/"]
    kept = [link for link in inside if "on=2021-01-01" in link and "known=2030-01-01" in link]
    left = set(inside) - set(kept)
    assert len(kept) > 50
    assert left == {"/fr/organisations/"} or not left


def test_the_other_language_keeps_the_page(example, client: Client):
    page = client.get("/fr/organisations/opale", {"on": "2021-01-01"}).content.decode()
    assert 'href="/en/organisations/opale?on=2021-01-01"' in page


def test_an_impossible_day_is_refused_in_words(example, client: Client):
    response = client.get("/fr/organisations/", {"on": "2021-02-30"})
    assert response.status_code == 400
    assert "2021-02-30" in response.content.decode()


def test_confidential_records_are_not_listed(example, client: Client):
    Organisation.objects.filter(key="opale").update(visibility="named")
    assert client.get("/fr/organisations/opale").status_code == 404
    assert "Institut Carnot OPALE" not in client.get("/fr/organisations/", {"q": "opale"}).content.decode()


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name != "organisations" and LISTINGS[name].organisation_paths]
)
def test_a_record_that_names_a_confidential_body_is_hidden(example, client: Client, name):
    listing = LISTINGS[name]
    record = next((record for record in listing.records(PUBLIC) if listing.organisations(record)), None)
    if record is None:
        pytest.skip(f"Nothing of “{name}” is public.")
    hidden = listing.organisations(record)[0]
    Organisation.objects.filter(pk=hidden.pk).update(visibility="named", name_fr="Secrète", name_en="Secret")
    assert record.pk not in set(listing.records(PUBLIC).values_list("pk", flat=True))
    assert "Secrète" not in client.get(f"/fr/{name}/").content.decode()
    for key in ("opale", "thema", "aphp", "inca"):
        assert "Secrète" not in client.get(f"/fr/organisations/{key}").content.decode()


@pytest.mark.parametrize(("language", "order"), [("fr", ["Alpha", "Zoé"]), ("en", ["Beta", "Young"])])
def test_organisations_are_sorted_by_their_names_in_the_language_of_the_reader(client: Client, language, order):
    Organisation.objects.create(key="a", name_fr="Alpha", name_en="Young", kind="other")
    Organisation.objects.create(key="z", name_fr="Zoé", name_en="Beta", kind="other")
    page = client.get(f"/{language}/organisations/").content.decode()
    assert re.findall(r">(Alpha|Zoé|Beta|Young)</a>", page) == order
    reverse = client.get(f"/{language}/organisations/", {"sort": "name-reversed"}).content.decode()
    assert re.findall(r">(Alpha|Zoé|Beta|Young)</a>", reverse) == order[::-1]


def test_a_list_is_sorted_by_clicking_a_column_and_reversed_by_clicking_it_again(client: Client):
    Organisation.objects.create(key="a", name_fr="Alpha", kind="other")
    address = "/en/organisations/?q=alpha"
    for sort, order in [("city", None), ("town", "ascending"), ("town-reversed", "descending"), ("town", "ascending")]:
        page = client.get(address).content.decode()
        head = re.search(r'<th scope="col"( aria-sort="(\w+)")?>\s*<a class="sort" href="([^"]+)"[^>]*>Town</a>', page)
        assert head is not None, sort
        assert head[2] == order
        address = html.unescape(head[3])
        assert "q=alpha" in address


def test_organisations_are_filtered_by_a_label_on_the_day(example, client: Client):
    for day, is_held in [("2022-01-01", True), ("2001-01-01", False)]:
        rows = client.get("/api/v1/organisations", {"label": "carnot", "on": day}).json()["items"]
        assert ("opale" in [row["id"] for row in rows]) is is_held, day


def test_offers_are_filtered_by_a_disease_and_by_narrower_ones(example, client: Client):
    page = client.get("/en/offers/").content.decode()
    select = re.search(r'<select name="disease">(.*?)</select>', page, re.DOTALL)
    assert select is not None
    diseases = re.findall(r'<option value="([^"]+)"', select[1])
    assert diseases
    for disease in diseases[:8]:
        rows = client.get("/api/v1/offers", {"disease": disease}).json()["items"]
        assert 0 < len(rows) < 36, disease
    assert "Nothing here answers" in client.get("/en/offers/", {"disease": "none-such"}).content.decode()


def test_a_list_without_a_record_says_what_to_leave_out(example, client: Client):
    page = client.get("/en/organisations/", {"country": "FR", "q": "zzzzqq"}).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(r"Leave out “zzzzqq”: \d+", text)
    assert "Leave out “Country" not in text
    assert "Find “zzzzqq” everywhere" in text
