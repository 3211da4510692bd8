"""Files saved by LibreOffice are read like those of other programs."""

import shutil
import subprocess
from pathlib import Path

import pytest

from maillage.core.sheets.workbook_reader import read_sheet
from tests.core.sheets.test_reading import ROWS, workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# The options of CSV: 59 is `;`, 34 the quotation mark, 1 Windows-1252, 76 UTF-8.
FORMATS = ["ods", "xlsx", "csv:Text - txt - csv (StarCalc):59,34,1", "csv:Text - txt - csv (StarCalc):44,34,76"]

pytestmark = [
    pytest.mark.programs,
    pytest.mark.usefixtures("english"),
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (package libreoffice-calc)"),
]


@pytest.mark.parametrize("language", ["fr-FR", "en-GB"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_saved_by_libreoffice_is_read(tmp_path: Path, form: str, language: str) -> None:
    source = tmp_path / "source.xlsx"
    source.write_bytes(workbook(Members=[list(row) for row in ROWS]))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = tmp_path / "saved"
    command = [str(OFFICE), "--headless", profile, f"--language={language}", "--convert-to", form, "--outdir", target]
    subprocess.run([*command, source], check=True, capture_output=True, timeout=120)
    saved = next(target.iterdir())
    assert [row.cells for row in read_sheet(saved, saved.name).rows] == ROWS
