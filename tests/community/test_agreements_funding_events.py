"""Agreements, funding lines and events: their loaders, their lists, and who has worked together by agreements."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from maillage.community.listing import AGREEMENTS as AGREEMENT_LISTING
from maillage.community.listing import EVENTS as EVENT_LISTING
from maillage.community.listing import FUNDING as FUNDING_LISTING
from maillage.community.models import Agreement, Event, Funding
from maillage.community.queries import shared_agreements
from maillage.community.rows import AGREEMENTS as AGREEMENT_LOADER
from maillage.community.rows import EVENTS as EVENT_LOADER
from maillage.community.rows import FUNDING as FUNDING_LOADER
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.security.visibility import Visibility
from maillage.listing.listing import Listing, filter_records
from maillage.register.models import Organisation
from tests.list_files import exported_rows, load_rows, refusals

DAY = dt.date(2026, 1, 1)
AGREEMENT = {"key": "new", "kind": "partnership", "parties": ["opale", "A company abroad"], "signed": "2025-06-01"}
LINE = {"from": "inca", "to": "A company abroad", "purpose": "Trial", "year": 2025, "amount": 1000, "currency": "EUR"}
EVENT = {"key": "new", "name": "A day", "kind": "meeting", "organiser": "opale", "date": "2025-06-01/2025-06-02"}
ROWS = {"agreements": AGREEMENT, "funding": LINE, "events": EVENT}

pytestmark = pytest.mark.usefixtures("example", "english")


def organisation_ids(*keys: str) -> set[int]:
    return set(Organisation.objects.filter(key__in=keys).values_list("pk", flat=True))


def shown_values(listing: Listing, **identity: Any) -> dict[str, Any]:
    record = listing.records(PUBLIC).get(**identity)
    return {column.key: column.value(record) for column in listing.columns}


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("agreements", {"signed": "2025-02-30"}, "2025-02-30"),
        ("agreements", {"signed": 2025, "until": 2024}, "before it begins"),
        ("agreements", {"colour": "red"}, "colour"),
        ("funding", {"amount": "much"}, "much"),
        ("funding", {"currency": ""}, "currency"),
        ("funding", {"year": "next"}, "next"),
        ("events", {"date": "soon"}, "soon"),
        ("events", {"colour": "red"}, "colour"),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, name: str, values: dict[str, object], reason: str) -> None:
    report = load_rows(tmp_path, name, ROWS[name] | values)
    [refusal] = refusals(report)
    assert reason in refusal
    assert report.counts[name].refused == 1


@pytest.mark.parametrize("name", ROWS)
def test_a_second_load_changes_nothing(tmp_path: Path, name: str) -> None:
    first, second = load_rows(tmp_path, name, ROWS[name]), load_rows(tmp_path, name, ROWS[name])
    assert (first.counts[name].created, second.counts[name].unchanged) == (1, 1)


def test_names_that_are_no_key_stay_texts(tmp_path: Path) -> None:
    for name, row in ROWS.items():
        load_rows(tmp_path, name, row)
    assert [str(party) for party in Agreement.objects.get(key="new").parties.all()][1] == "A company abroad"
    line = Funding.objects.get(purpose_en="Trial")
    assert (line.payer.key, line.payee, line.payee_text, line.amount) == (
        "inca",
        None,
        "A company abroad",
        Decimal(1000),
    )
    event = Event.objects.get(key="new")
    assert (event.period_start, event.period_end) == ("2025-06-01", "2025-06-02")


@pytest.mark.parametrize("loader", [AGREEMENT_LOADER, FUNDING_LOADER, EVENT_LOADER], ids=lambda loader: loader.name)
def test_exported_rows_load_back(tmp_path: Path, loader: AnyFactList) -> None:
    records = loader.model.objects.order_by("pk")  # type: ignore[attr-defined]
    rows = exported_rows(loader, records)
    assert load_rows(tmp_path, loader.name, *rows).counts[loader.name].unchanged == len(rows) > 0
    records.all().delete()
    assert load_rows(tmp_path, loader.name, *rows).counts[loader.name].created == len(rows)
    assert exported_rows(loader, records.all()) == rows


def test_rows_of_the_lists() -> None:
    agreement = shown_values(AGREEMENT_LISTING, key="agr-pscc-2024")
    assert (agreement["party_keys"], agreement["period_start"]) == (["opale", "calym", "pscc"], "2024-09-30")
    line = shown_values(FUNDING_LISTING, payer__key="inca", payee__key="unitc")
    assert (line["amount"].amount, line["currency"], line["payer_key"]) == (Decimal(300000), "EUR", "inca")
    event = shown_values(EVENT_LISTING, key="leukemia-360-2025")
    assert (event["organiser_key"], event["period_start"]) == ("opale", "2025-11-13")


def test_lists_are_filtered_by_organisation_and_currency() -> None:
    def found(listing: Listing, **asked: str) -> Any:
        return filter_records(listing, listing.records(PUBLIC), asked, DAY)

    assert found(AGREEMENT_LISTING, organisation="pscc").filter(key="agr-pscc-2024").exists()
    assert found(FUNDING_LISTING, currency="EUR").exists()
    assert not found(FUNDING_LISTING, currency="JPY").exists()
    event = Event.objects.get(key="leukemia-360-2025")
    kinds = dict(EVENT_LISTING.filters[0].choices())
    with translation.override("fr"):
        in_french = dict(EVENT_LISTING.filters[0].choices())
    assert (kinds[event.kind_en], in_french[event.kind_en]) == (event.kind_en, event.kind_fr)
    assert set(found(EVENT_LISTING, kind=event.kind_en)) == set(Event.objects.filter(kind_en=event.kind_en))
    assert found(EVENT_LISTING, organisation="opale", q="leukemia").filter(key="leukemia-360").exists()


@pytest.mark.parametrize(
    "listing", [AGREEMENT_LISTING, FUNDING_LISTING, EVENT_LISTING], ids=lambda listing: listing.name
)
def test_a_record_that_is_not_public_is_hidden_from_the_public(listing: Listing) -> None:
    hidden = listing.records(PUBLIC).first()
    listing.records(SYSTEM).filter(pk=hidden.pk).update(visibility=Visibility.ORGANISATION)
    assert not listing.records(PUBLIC).filter(pk=hidden.pk).exists()
    assert listing.records(SYSTEM).filter(pk=hidden.pk).exists()


def test_parties_of_an_agreement_have_worked_together() -> None:
    ids = organisation_ids("opale", "calym", "pscc")
    agreement = Agreement.objects.get(key="agr-pscc-2024")
    assert {work.what: set(work.organisations) for work in shared_agreements(ids, PUBLIC)}[str(agreement)] == ids
    assert shared_agreements(organisation_ids("opale"), PUBLIC) == []
    Agreement.objects.filter(pk=agreement.pk).update(visibility=Visibility.ORGANISATION)
    assert str(agreement) not in [work.what for work in shared_agreements(ids, PUBLIC)]
    assert str(agreement) in [work.what for work in shared_agreements(ids, SYSTEM)]
