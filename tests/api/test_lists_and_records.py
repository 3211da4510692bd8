"""Lists and records over the API: the rows of the pages, by pages of their own, on a day, as known at a moment."""

import csv
import io
import json

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC
from maillage.core.security.visibility import Visibility
from maillage.listing.listing import BACK_OFFICE, LISTINGS
from maillage.register.models import Organisation, Tie

# The whole API is built for them, which takes seconds.
pytestmark = pytest.mark.programs

NAMES = sorted(LISTINGS)


def read(client: Client, address: str, status: int = 200, **query: object) -> dict:
    response = client.get(address, query)
    assert response.status_code == status, response.content.decode()[:500]
    return json.loads(response.content)


def walked(client: Client, name: str, **query: object) -> list[object]:
    page, found = read(client, f"/api/v1/{name}", **query), []
    while True:
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return found
        page = json.loads(client.get(page["next"]).content)


@pytest.mark.parametrize("name", NAMES)
def test_every_sort_walks_the_whole_list(example, client: Client, name):
    listing = LISTINGS[name]
    every = set(listing.records(PUBLIC).values_list(listing.slug, flat=True))
    for sort in listing.sorts:
        found = walked(client, name, limit=7, sort=sort.key)
        assert len(found) == len(every)
        assert set(found) == every


@pytest.mark.parametrize("name", NAMES)
def test_every_record_has_its_page_and_its_facts(example, client: Client, name):
    for item in read(client, f"/api/v1/{name}", limit=5)["items"]:
        record = read(client, item["href"])
        assert record["id"] == item["id"]
        assert client.get(item["page"]).status_code == 200
        assert client.get(record["page"]).status_code == 200
        assert record["heading"]["text"]
        numbers = {citation["number"] for citation in record["citations"]}
        assert all(set(fact["citations"]) <= numbers for fact in record["facts"])


def test_filters_are_those_of_the_page(example, client: Client):
    found = read(client, "/api/v1/organisations", kind="hospital", limit=200)["items"]
    assert {item["fields"]["kind_key"] for item in found} == {"hospital"}
    assert len(found) == Organisation.objects.visible_to(PUBLIC).filter(kind="hospital", merged_into=None).count()
    [one] = read(client, "/api/v1/ties", organisation="opale", limit=1)["items"]
    assert "opale" in (one["fields"]["subject"]["href"] + one["fields"]["object"]["href"])


def test_a_day_decides_what_is_in_force(example, client: Client):
    opale = Organisation.objects.get(key="opale")
    opale.period_start, opale.period_end = "2006-01-01", "2010-12-31"
    opale.save()
    assert read(client, "/api/v1/organisations/opale", on="2008-05-01")["in_force"] == "yes"
    assert read(client, "/api/v1/organisations/opale", on="2012-05-01")["in_force"] == "ended"
    held = read(client, "/api/v1/organisations", on="2008-05-01", force="yes", limit=200)
    gone = read(client, "/api/v1/organisations", on="2012-05-01", force="yes", limit=200)
    assert "opale" in {item["id"] for item in held["items"]}
    assert "opale" not in {item["id"] for item in gone["items"]}


@pytest.mark.django_db(transaction=False)
def test_a_moment_reads_the_past(example, client: Client):
    before = timezone.now().isoformat()
    Organisation.objects.filter(key="opale").update(acronym="CHANGED")
    facts = read(client, "/api/v1/organisations/opale")["facts"]
    assert "CHANGED" in {fact["value"] for fact in facts if fact["property"] == "acronym"}
    then = read(client, "/api/v1/organisations/opale", known=before)["facts"]
    assert "CHANGED" not in {fact["value"] for fact in then if fact["property"] == "acronym"}


def test_what_is_not_public_is_for_an_officer_alone(example, client: Client, officer, person, with_token):
    Organisation.objects.filter(key="opale").update(visibility=Visibility.NAMED)
    read(client, "/api/v1/organisations/opale", 404)
    read(with_token(person, "read"), "/api/v1/organisations/opale", 404)
    read(with_token(officer, "read"), "/api/v1/organisations/opale")
    assert "opale" not in walked(client, "organisations", limit=200)


def test_a_session_opens_nothing_here(example, client: Client, officer):
    Organisation.objects.filter(key="opale").update(visibility=Visibility.NAMED)
    client.force_login(officer)
    read(client, "/api/v1/organisations/opale", 404)


def test_a_merged_record_leads_to_the_one_kept(example, client: Client):
    kept = Organisation.objects.get(key="opale")
    Organisation.objects.create(key="twin", kind="other", name_fr="Jumeau", merged_into=kept)
    response = client.get("/api/v1/organisations/twin?on=2020-01-01")
    assert (response.status_code, response["Location"]) == (302, "/api/v1/organisations/opale?on=2020-01-01")


def test_a_list_is_also_a_file_and_linked_data(example, client: Client):
    sheet = client.get("/api/v1/organisations", {"kind": "hospital"}, headers={"Accept": "text/csv"})
    assert len(rows(sheet)) == Organisation.objects.visible_to(PUBLIC).filter(kind="hospital").count() + 1
    linked = client.get("/api/v1/organisations", {"kind": "hospital"}, headers={"Accept": "application/ld+json"})
    assert linked["Content-Type"] == "application/ld+json"
    assert {one["@type"] for one in json.loads(linked.content)["@graph"]} == {"Hospital"}
    one = client.get("/api/v1/organisations/opale", headers={"Accept": "application/ld+json"})
    assert json.loads(one.content)["@id"].endswith("/organisations/opale")


def rows(answer: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_file_holds_as_many_rows_as_asked_for(example, client: Client):
    accept = {"Accept": "text/csv"}
    first = client.get("/api/v1/organisations", {"limit": 2}, headers=accept)
    following = first["Link"].partition(">")[0].removeprefix("<")
    whole, part, more = (
        rows(one)
        for one in (client.get("/api/v1/organisations", headers=accept), first, client.get(following, headers=accept))
    )
    assert (part, more) == (whole[:3], [whole[0], *whole[3:5]])


@pytest.mark.parametrize("address", ["/api/v1/ties", "/api/v1/organisations/opale"])
@pytest.mark.parametrize("accept", ["application/json", "application/ld+json"])
def test_what_the_client_holds_is_not_sent_again(example, client: Client, address, accept):
    etag = client.get(address, headers={"Accept": accept})["ETag"]
    again = client.get(address, headers={"Accept": accept, "If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(address, {"on": "2001-01-01"}, headers={"If-None-Match": etag}).status_code == 200


def test_what_is_said_of_a_record_makes_its_answer_another_one(example, client: Client):
    opale = Organisation.objects.get(key="opale")
    before = client.get("/api/v1/organisations/opale")["ETag"]
    Tie.objects.filter(subject=opale).first().delete()
    assert client.get("/api/v1/organisations/opale", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_every_list_is_linked_data(example, client: Client, name):
    linked = client.get(f"/api/v1/{name}", headers={"Accept": "application/ld+json"})
    assert linked.status_code == 200
    assert len(json.loads(linked.content)["@graph"]) == len(read(client, f"/api/v1/{name}")["items"])


@pytest.mark.parametrize(
    ("address", "status", "place"),
    [
        ("/api/v1/organisations?limit=201", 422, "limit"),
        ("/api/v1/organisations?limit=many", 422, "limit"),
        ("/api/v1/organisations?sort=beauty", 422, "sort"),
        ("/api/v1/organisations?colour=red", 422, "colour"),
        ("/api/v1/organisations?on=someday", 422, "on, known"),
        ("/api/v1/organisations?after=nowhere", 422, "after"),
        ("/api/v1/organisations/opale?colour=red", 422, "colour"),
        ("/api/v1/organisations/nobody", 404, ""),
        ("/api/v1/organisations?q=%00", 400, ""),
        ("/api/v1/nothing", 404, ""),
        ("/api/v2/organisations", 404, ""),
        ("/api/v1/ties/99999999999999999999999", 404, ""),
    ],
)
def test_every_error_is_a_problem_that_names_the_place(example, client: Client, address, status, place):
    response = client.get(address, headers={"Accept-Language": "en"})
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert [error["place"] for error in problem.get("errors", [])] == ([place] if place else [])


def test_a_problem_is_in_the_language_asked_for(example, client: Client):
    details = {
        language: json.loads(client.get("/api/v1/nothing", headers={"Accept-Language": language}).content)["detail"]
        for language in ("fr", "en")
    }
    assert details["en"].startswith("Start from the lists")
    assert details["fr"].startswith("Partez des listes")


def test_other_methods_and_formats_are_problems(example, client: Client):
    assert client.delete("/api/v1/organisations")["Content-Type"] == "application/problem+json"
    refused = client.get("/api/v1/organisations", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in json.loads(refused.content)["detail"]


def test_the_description_and_its_page(example, client: Client):
    schema = read(client, "/api/v1/openapi.json")
    assert schema["openapi"].startswith("3.1")
    assert {f"/api/v1/{name}" for name in NAMES} <= set(schema["paths"])
    kinds = {one["name"] for one in schema["paths"]["/api/v1/trials"]["get"]["parameters"]}
    assert {"register", "on", "known", "after", "limit", "sort"} <= kinds
    page = client.get("/en/api/")
    assert page.status_code == 200
    assert "<code>GET /api/v1/organisations</code>" in page.content.decode()
    assert "/api/v1/actions/core.settle_contradiction" in page.content.decode()
    assert set(read(client, "/api/v1/")["lists"]) == {*LISTINGS, *BACK_OFFICE}


def test_readers_are_told_nothing_of_what_is_raised_within(example, client: Client):
    for address in ("/api/v1/openapi.json", "/en/api/", "/fr/api/"):
        assert "Raises" not in client.get(address).content.decode()
    assert "as true, with a reason" in client.get("/en/api/").content.decode()
    assert "as true, with a reason" not in client.get("/fr/api/").content.decode()
