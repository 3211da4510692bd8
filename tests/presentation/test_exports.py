"""Exports: the same rows as the page, whole, dated, and harmless in a spreadsheet."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from maillage.core.actors import PUBLIC
from maillage.listing import listing as listings
from maillage.listing.listing import LISTINGS
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

NAMES = sorted(LISTINGS)


def rows(client: Client, address: str, **query: str) -> list[list[str]]:
    response = client.get(address, {"format": "csv", **query})
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if address.startswith("/fr/") else ","))


def sheet(client: Client, address: str, **query: str) -> list[list[object]]:
    response = client.get(address, {"format": "xlsx", **query})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("name", NAMES)
def test_csv_and_xlsx_hold_the_whole_list(example, client: Client, name):
    count = LISTINGS[name].records(PUBLIC).count()
    assert len(rows(client, f"/fr/{name}/")) == count + 1
    assert len(sheet(client, f"/fr/{name}/")) == count + 1


@pytest.mark.parametrize("name", NAMES)
def test_columns_have_a_key_each(example, client: Client, name):
    heading = rows(client, f"/en/{name}/")[0]
    assert len(set(heading)) == len(heading)


def test_filters_and_reading_are_those_of_the_page(example, client: Client):
    asked = {"kind": "hospital", "on": "2021-01-01"}
    found = rows(client, "/en/organisations/", **asked)
    kind = found[0].index("kind_key")
    assert {row[kind] for row in found[1:]} == {"hospital"}
    response = client.get("/en/organisations/", {"format": "csv", **asked})
    assert "maillage-organisations-2021-01-01.csv" in response["Content-Disposition"]


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A"])
def test_no_cell_is_a_formula(example, client: Client, text):
    Organisation.objects.filter(key="opale").update(note_en=text, name_en=text, acronym=text)
    [row] = [row for row in rows(client, "/en/organisations/") if "opale" in row]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", *"＝＋－＠"))]
    assert f"'{text}" in row


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_cell_is_a_formula_where_the_other_separator_is_read(example, client: Client, language):
    Organisation.objects.filter(key="opale").update(acronym="a;=1+1, @b,\t=c; ＝d")
    [row] = [row for row in rows(client, f"/{language}/organisations/") if "opale" in row]
    assert "a;'=1+1, '@b,'\t=c; '＝d" in row


def test_a_french_page_gives_semicolons_and_decimal_commas_and_the_api_commas(example, client: Client):
    Organisation.objects.filter(key="opale").update(longitude=-2.5)
    found = rows(client, "/fr/organisations/")
    [row] = [row for row in found if "opale" in row]
    assert row[found[0].index("longitude")] == "-2,5"
    answer = client.get("/api/v1/organisations", headers={"accept": "text/csv", "accept-language": "fr"})
    assert b",longitude," in b"".join(answer.streaming_content)


def test_a_spreadsheet_keeps_the_text_as_it_is(example, client: Client):
    Organisation.objects.filter(key="opale").update(name_en="=1+1")
    [row] = [row for row in sheet(client, "/en/organisations/") if "opale" in row]
    assert row[0] == "=1+1"


def test_a_negative_number_stays_a_number(example, client: Client):
    Organisation.objects.filter(key="opale").update(longitude=-2.5)
    found = rows(client, "/en/organisations/")
    [row] = [row for row in found if "opale" in row]
    assert row[found[0].index("longitude")] == "-2.5"


def test_a_list_too_long_says_so_in_the_file(example, client: Client, monkeypatch):
    monkeypatch.setattr(listings, "EXPORT_LIMIT", 10)
    found = rows(client, "/en/organisations/")
    assert len(found) == 12
    assert "10" in found[-1][0]


def test_an_export_as_known_at_reads_the_past(example, client: Client):
    before = timezone.now().isoformat()
    Organisation.objects.filter(key="opale").update(acronym="CHANGED")
    then = next(row for row in rows(client, "/en/organisations/", known=before) if "opale" in row)
    now = next(row for row in rows(client, "/en/organisations/") if "opale" in row)
    assert "CHANGED" in now
    assert "CHANGED" not in then


def test_another_format_is_refused_in_words(example, client: Client):
    response = client.get("/en/organisations/", {"format": "ods"})
    assert response.status_code == 400
    assert "csv or xlsx" in response.content.decode()
