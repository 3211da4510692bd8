"""The form, the reader of files, the JSON Schema, the API and the reference of a list come from one description."""

import re
from pathlib import Path

import pytest
from django.test import Client

from maillage.cli.list_table import lists_page
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.values import Part, Several
from maillage.core.sheets.columns import sheet_fields
from maillage.documents.list_schema import row_schema
from maillage.people.models import User
from maillage.web.facts.forms import editable_fields

LISTS = pytest.mark.parametrize("fact_list", list(FACT_LISTS.values()), ids=list(FACT_LISTS))
DOCS = Path(__file__).parents[3] / "docs" / "lists.md"


def keys(fact_list: FactList) -> list[str]:
    return [field.key for field in fact_list.fields]


@LISTS
@pytest.mark.django_db
def test_the_form_has_the_editable_fields(fact_list: FactList) -> None:
    client = Client()
    client.force_login(User.objects.create(email="officer@example.org", is_officer=True))
    page = client.get(f"/en/facts/{fact_list.name}/new").content.decode()
    names = set(re.findall(r'name="([\w-]+?)(?:-\w+)?"', page))
    assert {field.key for field in editable_fields(fact_list)} <= names
    closed = {field.key for field in fact_list.fields if not field.described.editable}
    assert not closed & names


@LISTS
def test_what_is_editable_is_in_the_form_or_a_source(fact_list: FactList) -> None:
    editable = {field.key for field in fact_list.fields if field.described.editable}
    assert editable - {field.key for field in editable_fields(fact_list)} <= {"source"}


@LISTS
def test_the_sheet_has_the_fields_but_those_of_files_alone(fact_list: FactList) -> None:
    columns = {field.key for field in sheet_fields(fact_list)}
    assert not columns & {field.key for field in fact_list.fields if field.described.files_only}
    assert {field.key for field in fact_list.fields if not isinstance(field.type, Part | Several)} - columns <= {
        field.key for field in fact_list.fields if field.described.files_only
    }


@pytest.mark.django_db  # The API asks for the languages of the site.
@LISTS
def test_files_the_schema_and_the_api_have_all_fields(fact_list: FactList, client: Client) -> None:
    assert list(row_schema(fact_list)["properties"]) == keys(fact_list)
    assert list(client.get(f"/api/v1/schemas/{fact_list.name}").json()["properties"]) == keys(fact_list)
    with pytest.raises(RowError) as refusal:
        fact_list.row.read({"no_field_is_called_this": ""})
    assert all(key in str(refusal.value) for key in keys(fact_list))


def test_the_reference_is_that_of_the_descriptions() -> None:
    assert DOCS.read_text("utf-8") == lists_page()


@LISTS
def test_what_files_alone_write_is_read_only_for_programs(fact_list: FactList) -> None:
    closed = {key for key, schema in row_schema(fact_list)["properties"].items() if schema.get("readOnly")}
    assert closed == {field.key for field in fact_list.fields if field.described.files_only}
    assert ("citations" in closed) == fact_list.has_sources
