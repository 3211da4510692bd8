"""Start-ups: what their loader takes and refuses, how they are listed, and who reads them."""

import datetime as dt
from pathlib import Path

import pytest

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.security.visibility import Visibility
from maillage.listing.listing import filter_records
from maillage.ventures.listing import STARTUPS as STARTUP_LISTING
from maillage.ventures.models import Startup
from maillage.ventures.rows import STARTUPS as STARTUP_LOADER
from tests.list_files import exported_rows, load_rows, refusals

DAY = dt.date(2026, 1, 1)

pytestmark = pytest.mark.usefixtures("example", "english")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"key": "nobody"}, "not the key of an organisation"),
        ({"founded": "2020-13"}, "2020-13"),
        ({"founded": 2020, "closed": 2019}, "before it begins"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_row_of_startups_is_refused(tmp_path: Path, values: dict[str, object], reason: str) -> None:
    report = load_rows(tmp_path, "startups", {"key": "right", "origin": "filo"} | values)
    [refusal] = refusals(report)
    assert reason in refusal
    assert Startup.objects.count() == 6


def test_a_second_load_of_a_startup_changes_nothing(tmp_path: Path) -> None:
    row = {"key": "right", "origin": "A sentence on its origin", "field": "Cells", "founded": "2021-05"}
    first, second = load_rows(tmp_path, "startups", row), load_rows(tmp_path, "startups", row)
    assert (first.counts["startups"].created, second.counts["startups"].unchanged) == (1, 1)
    startup = Startup.objects.get(key="right")
    assert (startup.origin, startup.origin_text_en) == (None, "A sentence on its origin")
    assert startup.organisation.key == "right"


def test_an_origin_that_is_a_key_replaces_the_sentence(tmp_path: Path) -> None:
    load_rows(tmp_path, "startups", {"key": "flash", "origin": "right"})
    startup = Startup.objects.get(key="flash")
    assert (startup.origin.key, startup.origin_text_en) == ("right", "")


def test_exported_startups_load_back(tmp_path: Path) -> None:
    rows = exported_rows(STARTUP_LOADER, Startup.objects.order_by("pk"))
    assert load_rows(tmp_path, "startups", *rows).counts["startups"].unchanged == len(rows) == 6
    Startup.objects.all().delete()
    assert load_rows(tmp_path, "startups", *rows).counts["startups"].created == len(rows)
    assert exported_rows(STARTUP_LOADER, Startup.objects.order_by("pk")) == rows


def test_a_row_of_the_list_of_startups() -> None:
    startup = STARTUP_LISTING.records(PUBLIC).get(key="cancell")
    values = {column.key: column.value(startup) for column in STARTUP_LISTING.columns}
    assert str(values["name"]) == "CanCell Therapeutics"
    assert (values["key"], values["organisation_key"], values["origin_key"]) == ("cancell", "cancell", "right")
    assert values["period_start"] == "2020-04"
    assert {organisation.key for organisation in STARTUP_LISTING.organisations(startup)} == {"cancell", "right"}


def test_startups_are_filtered_by_their_origin() -> None:
    records = filter_records(STARTUP_LISTING, STARTUP_LISTING.records(PUBLIC), {"organisation": "right"}, DAY)
    assert set(records.values_list("key", flat=True)) == {"cancell", "medinn"}


def test_a_startup_that_is_not_public_is_hidden_from_the_public() -> None:
    Startup.objects.filter(key="cancell").update(visibility=Visibility.ORGANISATION)
    assert not STARTUP_LISTING.records(PUBLIC).filter(key="cancell").exists()
    assert STARTUP_LISTING.records(SYSTEM).filter(key="cancell").exists()
