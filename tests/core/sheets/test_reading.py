"""Files as offices make them become rows of texts; what is no sheet is refused with a remedy."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.sheet import Sheet, column_letters
from maillage.core.sheets.workbook_reader import read_sheet

pytestmark = [pytest.mark.programs, pytest.mark.usefixtures("english")]


def read(folder: Path, content: bytes, name: str = "sheet.csv", wanted: str = "") -> Sheet:
    path = folder / "upload"
    path.write_bytes(content)
    return read_sheet(path, name, wanted)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def workbook(**sheets: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, dt.date):
                        page.write_datetime(number, column, value, day)
                    else:
                        page.write(number, column, value)
    return out.getvalue()


ROWS = [("Nom", "Ville"), ("Université d’été", "Saint-Étienne"), ("Œuvre; et", "Lyon")]
SEMICOLONS = 'Nom;Ville\r\nUniversité d’été;Saint-Étienne \r\n;\r\n"Œuvre; et";Lyon\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_csv_of_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(f'"{cell} "' for cell in row) for row in ROWS]
    sheet = read(tmp_path, "\r\n".join(lines).encode(encoding))
    assert cells(sheet) == ROWS
    assert bool(sheet.notices) == (encoding == "cp1252")


def test_an_empty_row_is_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    sheet = read(tmp_path, SEMICOLONS.encode())
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ROWS[0]), (2, ROWS[1]), (4, ROWS[2])]


def test_a_decimal_comma_does_not_split_a_cell(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b"Label;Amount\nA;1 234,50\nB;7,25\n"))[1] == ("A", "1 234,50")


def test_a_line_that_states_the_delimiter_is_counted(tmp_path: Path) -> None:
    sheet = read(tmp_path, b"sep=;\r\na,b;c\r\n")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("a,b", "c"))]


def test_the_apostrophe_of_an_export_is_removed(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b"a;b\n'=1+1;'tis\n"))[1] == ("=1+1", "'tis")


def test_a_workbook_with_dates_numbers_and_a_second_sheet(tmp_path: Path) -> None:
    content = workbook(
        Empty=[], Members=[["Key", "Since", "Number"], [" unit ", dt.date(2020, 2, 7), 5520242.0]], Other=[["x"]]
    )
    sheet = read(tmp_path, content, "members.xlsx")
    assert (sheet.name, sheet.others) == ("Members", ["Empty", "Other"])
    assert sheet.rows[1].cells == ("unit", "2020-02-07", "5520242")
    assert sheet.rows[1].numbers == {2}
    assert cells(read(tmp_path, content, "members.xlsx", wanted="Other")) == [("x",)]


def test_hidden_rows_are_read_like_others(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_column("A1", ["Key", "seen", "hidden"])
        page.set_row(2, None, None, {"hidden": True})
    assert cells(read(tmp_path, out.getvalue())) == [("Key",), ("seen",), ("hidden",)]


def test_macros_are_said_and_not_run(tmp_path: Path) -> None:
    sheet = read(tmp_path, workbook(A=[["Key"]]), "members.xlsm")
    assert "macros are not run" in sheet.notices[0]


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    body = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
        '<office:spreadsheet><table:table table:name="Feuille1"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Clé</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2020-02-07"><text:p>07/02/20</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    assert cells(read(tmp_path, opendocument(body), "a.ods")) == [("Clé", "2020-02-07")]


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def opendocument(body: str, manifest: str = MANIFEST) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", body)
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


ENCRYPTED_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">'
    '<manifest:encryption-data manifest:checksum-type="x" manifest:checksum="x"/></manifest:file-entry>'
    "</manifest:manifest>"
)
WORD = io.BytesIO()
with zipfile.ZipFile(WORD, "w") as package:
    package.writestr("[Content_Types].xml", "<Types/>")
    package.writestr("word/document.xml", "<w/>")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no row"),
        (b"\xef\xbb\xbf\r\n;;\r\n", "no row"),
        (workbook(A=[], B=[]), "no row"),
        (b";".join(b"c%d" % number for number in range(301)), "301 columns"),
        (workbook(A=[list(range(301))]), "301 columns"),
        (b"%PDF-1.7 \xe2\xe3", "no sheet"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no sheet"),
        (b"<html><table><tr><td>Saved as .xls</table>", "no sheet"),
        (bytes(range(256)), "no sheet"),
        (WORD.getvalue(), "no sheet"),
        (workbook(A=[["x"]])[:300], "no sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (opendocument("x", ENCRYPTED_MANIFEST), "password"),
        (b'a;"' + b"x" * 200_000 + b'"', "field larger"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_with_a_remedy(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InvalidSheetError, match=message):
        read(tmp_path, content, "members.xlsx")


def test_two_far_cells_do_not_take_the_memory(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write(0, 0, "Key")
        page.write(1_048_575, 16_383, "far")
    with pytest.raises(InvalidSheetError, match="too large"):
        read(tmp_path, out.getvalue(), "far.xlsx")


def test_letters_of_columns() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
