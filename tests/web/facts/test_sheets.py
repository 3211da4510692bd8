"""A sheet is uploaded, looked at row by row, and applied; without a script."""

import datetime as dt
import io
import re
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import load_workbook

from maillage.core.models import Citation
from maillage.core.periods import TruthOnDay
from maillage.people.models import User
from maillage.register.models import Name, Organisation
from tests.web.facts.clients import PAGE, record
from tests.worker import empty_queue, run_due_jobs

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
    assert "Cell C3 (Type)" in words
    assert "did you mean" in words
    assert not Organisation.objects.exists()
    page = officer.post(f"{ADDRESS}/preview", {"column-4": "note", "source_url": "https://example.org/p"}, follow=True)
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


def large_sheet(rows: int) -> bytes:
    lines = (f"org-{number};Name {number};university" for number in range(rows))
    return "\r\n".join(["Key;Name in English;Kind", *lines]).encode()


@pytest.mark.django_db(transaction=True)
def test_a_large_sheet_is_checked_and_applied_by_the_worker(officer: Client) -> None:
    empty_queue()
    page = upload(officer, large_sheet(620) + b"\r\nlast;Last;no kind")
    assert "Checking each row Waiting for its turn" in text(page)
    assert "Waiting for its turn" in text(officer.get(ADDRESS, follow=True))
    run_due_jobs()
    assert officer.get(f"{ADDRESS}/preview", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = officer.get(f"{ADDRESS}/preview")
    assert "620 rows will be written." in text(page)
    assert "Refused 1" in text(page)
    page = officer.get(f"{ADDRESS}/preview?fate=new&page=7")
    assert "Name in English: Name 619" in text(page)
    assert "page=8" not in page.content.decode()
    page = officer.post(f"{ADDRESS}/apply", {"reason": "All of them."}, follow=True)
    assert "Writing the rows" in text(page)
    assert not Organisation.objects.exists()
    run_due_jobs()
    assert "620 rows were written." in text(officer.get(f"{ADDRESS}/preview"))
    assert Organisation.objects.count() == 620


@pytest.mark.django_db(transaction=True)
def test_what_is_cancelled_writes_nothing(officer: Client) -> None:
    empty_queue()
    upload(officer, large_sheet(520))
    run_due_jobs()
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    page = officer.post(f"{ADDRESS}/cancel", follow=True)
    assert "Cancelled: nothing was written." in text(page)
    # Another check of the sheet, begun while the cancelled work still waits, does not bring that back.
    upload(officer, large_sheet(520))
    run_due_jobs()
    assert "520 rows will be written." in text(officer.get(f"{ADDRESS}/preview"))
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sheet_of_more_rows_than_are_taken_is_refused(officer: Client) -> None:
    empty_queue()
    upload(officer, large_sheet(50_001))
    run_due_jobs()
    page = officer.get(f"{ADDRESS}/preview", follow=True)
    assert "This sheet has 50001 rows; at most 50000 are taken at once." in text(page)


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


def test_rows_without_a_key_get_one_and_are_found_again(officer: Client) -> None:
    sheet = b"Name in English;Kind;Town;Address of the page\nBlue Lab;platform;Lille;https://example.org/blue\n"
    sheet += b"Blue Lab;platform;Lyon;\n"
    assert "2 rows will be written." in text(upload(officer, sheet))
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    assert set(Organisation.objects.values_list("key", "city")) == {("blue-lab", "Lille"), ("blue-lab-2", "Lyon")}
    assert Citation.objects.get().source.url == "https://example.org/blue"
    assert "0 rows will be written." in text(upload(officer, sheet))


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("events", "Name as announced;Kind in English;Date\nOpen day;talk;2025-06\nOpen day;talk;2026-06-10\n"),
        ("offers", "Title in French;Title in English;Provider\nBanque;Bank;a\nBanque;Bank;b\n"),
    ],
)
def test_twins_of_other_lists_are_found_again(officer: Client, name: str, sheet: str) -> None:
    for key in "ab":
        record("organisations", key=key, name_fr=key.upper(), kind="platform", website=PAGE)
    address, rows = f"/fr/facts/{name}/sheet", sheet.count("\n") - 1
    for new in (rows, 0):
        page = officer.post(address, {"file": SimpleUploadedFile("s.csv", sheet.encode())}, follow=True)
        assert (page.context["report"].counts["new"], page.context["refused"]) == (new, 0), [
            row.row.faults for row in page.context["rows"]
        ]
        officer.post(f"{address}/apply", {"reason": "r"})


def test_a_row_is_taken_as_the_record_that_it_resembles_and_a_cell_is_corrected(officer: Client) -> None:
    record("organisations", key="blue", name_en="Blue Lab", name_fr="Labo bleu", kind="platform", website=PAGE)
    page = upload(officer, b"Name in English;Kind;Town\nBlue Lab;platform;Lille\nRed Lab;plat;Lyon\n")
    assert "Is it this one" in text(page)
    assert 'name="cell-3-kind"' in page.content.decode()
    officer.post(f"{ADDRESS}/preview", {"cell-2-key": "blue"})
    page = officer.post(f"{ADDRESS}/preview", {"cell-3-kind": "platform"}, follow=True)
    assert "New 1" in text(page)
    assert "Changed 1" in text(page)
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    blue = Organisation.objects.get(key="blue")
    assert (blue.city, blue.website, blue.name_fr) == ("Lille", PAGE, "Labo bleu")
    assert Organisation.objects.get(key="red-lab").kind == "platform"


def test_cells_of_several_rows_are_corrected_together(officer: Client) -> None:
    html = upload(officer, b"Name in English;Kind\nRed Lab;plat\nBlue Lab;lab\n").content.decode()
    cells = re.findall(r'<input form="cells"\s+name="([^"]+)"', html)
    assert cells == ["cell-2-kind", "cell-3-kind"]
    assert html.count('<form id="cells"') == 1
    page = officer.post(f"{ADDRESS}/preview", dict.fromkeys(cells, "platform"), follow=True)
    assert "2 rows will be written." in text(page)


def test_an_organisation_is_called_as_the_sheet_of_its_names_says(officer: Client) -> None:
    unit = record("organisations", key="unit", name_en="Old", name_fr="Unité", kind="platform")
    address = "/en/facts/names/sheet"
    old = Name.objects.get(text="Old")

    def apply(sheet: str) -> None:
        officer.post(address, {"file": SimpleUploadedFile("n.csv", sheet.encode())})
        officer.post(f"{address}/apply", {"reason": "r"})
        unit.refresh_from_db()

    apply(f"id;of;text;kind;language;from;to\n{old.uid};unit;Olde;official;en;;\n")
    assert unit.name_en == "Olde"
    apply(f"id;of;text;kind;language;from;to\n{old.uid};unit;Olde;official;en;;2024\n;unit;New;official;en;2024;\n")
    assert unit.name_en == "New"
    apply("of;text;kind;language;from;to\nunit;Neuf;official;en;2025;\n")
    assert unit.name_en == "New"
    unit.period_end = "2025"
    unit.save()
    assert Name.objects.get(text="New").in_force(dt.date(2026, 5, 1)) is TruthOnDay.NO


def test_a_sheet_is_for_those_who_write_in_the_list() -> None:
    assert Client().get(ADDRESS).status_code == 403


def test_the_list_leads_to_its_sheet(officer: Client) -> None:
    assert ADDRESS in officer.get("/en/organisations/").content.decode()
    assert ADDRESS not in Client().get("/en/organisations/").content.decode()


def test_the_source_of_a_sheet_is_of_any_kind_and_kept_as_it_was_typed(officer: Client) -> None:
    sheet = b"Name in English;Kind;Town\nBlue Lab;platform;Lille\n"
    upload(officer, sheet)
    letter = {"source_kind": "letter", "source_issuer": "The director", "source_dated": "7 July 2024"}
    refused = officer.post(f"{ADDRESS}/preview", letter)
    assert refused.status_code == 422
    assert "Give the title of the document." in text(refused)
    assert 'value="The director"' in refused.content.decode()
    page = officer.post(f"{ADDRESS}/preview", {**letter, "source_title": "Letter"}, follow=True)
    assert "Source of rows without one: Letter, The director, 2024-07-07." in text(page)
    officer.post(f"{ADDRESS}/apply", {"reason": "r"})
    source = Citation.objects.get().source
    assert (source.kind, source.title, source.issuer, source.dated) == (
        "letter",
        "Letter",
        "The director",
        "2024-07-07",
    )
