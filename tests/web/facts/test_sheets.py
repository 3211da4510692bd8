"""A sheet is uploaded, looked at row by row, and applied; without a script."""

import io
import re
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import load_workbook

from maillage.people.models import User
from maillage.register.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
ADDRESS = "/en/facts/organisations/sheet"
CSV = (
    "Clé;Nom en français;Type;Ville;Réf.\r\nlille;Université de Lille;université;Lille;x\r\nlyon;Lyon;univer;Lyon;y\r\n"
)


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(User.objects.create(email="officer@example.org", name="Officer", is_officer=True))
    return client


def upload(client: Client, content: bytes, name: str = "membres.csv") -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)}, follow=True)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_sheet_of_an_office_is_checked_and_applied(officer: Client) -> None:
    page = upload(officer, CSV.encode("cp1252"))
    assert page.redirect_chain[-1][0] == f"{ADDRESS}/preview"
    words = text(page)
    assert "Windows-1252" in words
    assert "Columns recognised: 4 of 5" in words
    assert "Cell C3 (Kind)" in words
    assert "did you mean" in words
    assert not Organisation.objects.exists()
    page = officer.post(f"{ADDRESS}/preview", {"column-4": "note", "source": "https://example.org/p"}, follow=True)
    assert "Columns recognised: 5 of 5" in text(page)
    page = officer.post(f"{ADDRESS}/apply", {"reason": "The sheet of members."}, follow=True)
    assert "1 row was written." in text(page)
    assert Organisation.objects.get().note_en == "x"
    refused = b"".join(officer.get(f"{ADDRESS}/refused").streaming_content)
    rows = load_workbook(io.BytesIO(refused)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Why it is refused", "Clé"]
    assert "did you mean" in rows[1][0]
    assert rows[1][1:] == ["lyon", "Lyon", "univer", "Lyon", "y"]
    again = upload(officer, CSV.encode("cp1252"))
    assert "Columns recognised: 5 of 5" in text(again)
    assert "0 rows will be written." in text(again)


def test_a_sheet_of_more_rows_than_one_request_writes_is_refused(officer: Client) -> None:
    rows = "".join(f"org-{number};Name\r\n" for number in range(2_001))
    page = upload(officer, f"Key;Name in English\r\n{rows}".encode())
    assert page.status_code == 422
    assert "This sheet has 2001 rows; at most 2000 are taken at once." in text(page)


def test_what_a_person_reads_of_a_change_is_no_program_text(officer: Client) -> None:
    upload(officer, CSV.encode())
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    page = upload(officer, "Clé;Nom en français\r\nlille;Univ. de Lille\r\n".encode())
    assert "Univ. de Lille" in text(page)
    assert "{'" not in page.content.decode()
    assert "{&#x27;" not in page.content.decode()


def test_a_downloaded_list_is_corrected_and_uploaded(officer: Client) -> None:
    upload(officer, CSV.encode())
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    content = b"".join(officer.get(f"{ADDRESS}/list").streaming_content)
    assert "0 rows will be written." in text(upload(officer, content, "list.xlsx"))
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    rows[1][rows[0].index("Town")] = "Lomme"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    page = upload(officer, out.getvalue(), "list.xlsx")
    assert "Town Lille → Lomme" in text(page)
    assert "Lomme" not in text(officer.get(f"{ADDRESS}/preview?fate=refused"))
    officer.post(f"{ADDRESS}/apply", {"reason": "It moved."})
    assert Organisation.objects.get().city == "Lomme"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"%PDF-1.4", "no sheet"), (b"Key;Town\n", "nothing below"), (b"", "no row"), (b";;\n", "no row")],
)
def test_what_is_no_sheet_is_refused_on_the_page(officer: Client, content: bytes, message: str) -> None:
    page = upload(officer, content)
    assert page.status_code == 422
    assert message in text(page)


def test_a_sheet_without_a_required_column_asks_for_it(officer: Client) -> None:
    page = upload(officer, b"Code;Town\nlille;Lille\n")
    assert "No column holds: Key" in text(page)
    page = officer.post(f"{ADDRESS}/preview", {"column-0": "key"}, follow=True)
    assert "What becomes of each row" in text(page)


def test_a_sheet_is_for_those_who_write_in_the_list() -> None:
    assert Client().get(ADDRESS).status_code == 403


def test_the_list_leads_to_its_sheet(officer: Client) -> None:
    assert ADDRESS in officer.get("/en/organisations/").content.decode()
    assert ADDRESS not in Client().get("/en/organisations/").content.decode()
