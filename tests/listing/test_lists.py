"""Lists: paging by key, and filters."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.actors import PUBLIC
from maillage.listing.filters import filter_by_day
from maillage.listing.listing import LISTINGS, Listing, filter_records
from maillage.listing.paging import InvalidCursorError, get_page
from maillage.listing.sorts import Sort
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

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
