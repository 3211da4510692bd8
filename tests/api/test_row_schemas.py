"""Each row of each list is what the description says: a schema for each list, with each of its fields."""

import copy
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from maillage.api.openapi_schema import get_openapi_schema
from maillage.listing.columns import Column
from maillage.listing.listing import BACK_OFFICE, LISTINGS, Listing
from maillage.listing.value_types import UNKNOWN_TYPE, column_types
from maillage.listing.values import LocalisedText, Money, PeriodValue
from maillage.register.models import Organisation

# The whole API is built for them, which takes seconds.
pytestmark = pytest.mark.programs

# Fields of any kind: what an applicant replied, and what an action was given.
ANY_VALUE = {("replies", "value"), ("audit", "given")}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return get_openapi_schema()


def page_validator(description: dict[str, Any], name: str) -> jsonschema_rs.Draft202012Validator:
    answer = description["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    # A member that no schema knows is a mistake of the description too.
    components = copy.deepcopy(description["components"])
    for schema in components["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
            schema["required"] = sorted(schema.get("required", []))
    return jsonschema_rs.Draft202012Validator({**answer, "components": components})


@pytest.mark.django_db
def test_rows_of_the_example_fit_the_description(
    example, officer, with_token: Callable[..., Client], description: dict[str, Any]
) -> None:
    client = with_token(officer, "read")
    faults = []
    for name in (*LISTINGS, *BACK_OFFICE):
        page = client.get(f"/api/v1/{name}?limit=200").json()
        validator = page_validator(description, name)
        faults += [f"{name} {error.instance_path}: {error.message}" for error in validator.iter_errors(page)]
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize("listing", [*LISTINGS.values(), *BACK_OFFICE.values()], ids=lambda listing: listing.name)
def test_every_field_is_described_with_its_type(listing: Listing, description: dict[str, Any]) -> None:
    name = listing.name.title().replace("-", "")
    fields = description["components"]["schemas"][f"{name}Fields"]
    assert set(fields["properties"]) == {column.key for column in listing.columns}
    untyped = {
        (listing.name, column.key) for column in listing.columns if "typing.Any" in str(column_types(listing, column))
    }
    assert untyped <= ANY_VALUE


def types_of(value: Callable[[Any], Any], **options: Any) -> frozenset[Any]:
    return column_types(LISTINGS["organisations"], Column("key", "Key", value, **options))


def test_types_come_from_the_column_the_annotation_or_the_model() -> None:
    def money(organisation: Organisation) -> Money | None:
        raise AssertionError("it is not called")

    assert types_of(lambda organisation: organisation.anything, value_type=list[str]) == {list[str]}
    assert types_of(money) == {Money}
    assert types_of(lambda organisation: organisation.latitude) == {float}
    assert types_of(lambda organisation: f"{organisation.city}, {organisation.country}") == {str}
    assert types_of(lambda organisation: PeriodValue(organisation.period_start, "") if organisation.city else None) == {
        PeriodValue
    }
    assert types_of(lambda organisation: [LocalisedText(tie.note_en) for tie in organisation.ties_out.all()]) == {
        list[LocalisedText]
    }
    assert types_of(lambda organisation: organisation.nothing_of_the_kind) == UNKNOWN_TYPE
