"""Lists: paging by key, filters, the reading carried in links, and how many queries a page costs."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.actors import PUBLIC
from maillage.listing.filters import filter_by_day
from maillage.listing.listing import LISTINGS, Listing, filter_records
from maillage.listing.paging import InvalidCursorError, get_page
from maillage.listing.sorts import Sort
from maillage.register.models import Organisation

NAMES = sorted(LISTINGS)


def walked(listing: Listing, sort: Sort, size: int) -> list[int]:
    """The keys of a whole list, read page after page."""
    records, found, place = listing.records(PUBLIC), [], ""
    while True:
        page = get_page(records, sort, after=place, size=size)
        found += [record.pk for record in page.records]
        if not page.after:
            return found
        place = page.after


@pytest.mark.parametrize("name", NAMES)
def test_pages_joined_are_the_whole_list(example, name):
    listing = LISTINGS[name]
    records = listing.records(PUBLIC)
    for sort in listing.sorts:
        whole = [record.pk for record in get_page(records, sort, size=1000).records]
        assert walked(listing, sort, 7) == whole
        assert len(set(whole)) == len(whole) == records.count()


@pytest.mark.parametrize("name", NAMES)
def test_previous_leads_back(example, name):
    listing = LISTINGS[name]
    records = listing.records(PUBLIC)
    size = min(3, records.count() - 1)
    if size < 1:
        pytest.skip(f"The example has no two public records of “{name}”.")
    for sort in listing.sorts:
        first = get_page(records, sort, size=size)
        second = get_page(records, sort, after=first.after, size=size)
        back = get_page(records, sort, before=second.before, size=size)
        assert [one.pk for one in back.records] == [one.pk for one in first.records]
        assert back.after
        assert not back.before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    towns=st.lists(st.sampled_from(["", "Lyon", "lyon", "Étampes", "Évry", "Œuilly", "Zuydcoote"]), max_size=12),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_paging_loses_and_repeats_nothing(db, towns, size, descending):
    Organisation.objects.filter(key__startswith="drawn-").delete()
    for number, town in enumerate(towns):
        start = "2020" if number % 2 else ""
        Organisation.objects.create(
            key=f"drawn-{number}", kind="other", name_fr=f"Structure {number % 3}", city=town, period_start=start
        )
    listing = LISTINGS["organisations"]
    for key in ("town", "newest", "name"):
        one = listing.sort(key)
        sort = Sort(one.key, one.title, one.columns, descending, one.nullable)
        found = walked(listing, sort, size)
        assert len(found) == len(set(found)) == len(towns)


@pytest.mark.parametrize("place", ["abc", "W10", "eyJhIjoxfQ", "W251bGwsbnVsbF0", "WyJcdTAwMDAiLDFd", "é"])
def test_a_bad_place_is_refused(example, place):
    listing = LISTINGS["organisations"]
    with pytest.raises(InvalidCursorError):
        get_page(listing.records(PUBLIC), listing.sorts[0], after=place)


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
    assert many <= few
    assert many <= (40 if name == "statements" else 10)


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


def test_in_force_parts_the_list_in_three(example):
    listing, day = LISTINGS["ties"], dt.date(2021, 1, 1)
    records = listing.records(PUBLIC)
    parts = [
        set(filter_by_day(records, answer, day).values_list("pk", flat=True)) for answer in ("yes", "unsure", "no")
    ]
    assert sum(map(len, parts)) == len(set.union(*parts)) == records.count()


@pytest.mark.parametrize("words", ["hopital st-louis", "hôpital", "HOPITAL", "saint louis"])
def test_text_is_found_without_accents_or_case(example, words):
    listing = LISTINGS["organisations"]
    found = filter_records(listing, listing.records(PUBLIC), {"q": words.replace("st-", "")}, dt.date(2026, 1, 1))
    assert found.count() > 0


def test_a_list_narrows_to_one_organisation(example):
    listing = LISTINGS["ties"]
    found = filter_records(listing, listing.records(PUBLIC), {"organisation": "opale"}, dt.date(2026, 1, 1))
    assert found.count() > 0
    assert all("opale" in (tie.subject.key, tie.object.key) for tie in found)


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
