"""Files saved by LibreOffice are read like those of other programs."""

import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from maillage.community.models import Funding
from maillage.core.actions.sheets import load_sheet
from maillage.core.actors import OFFICER, Actor
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.sheets.columns import read_table
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


# What makes a profile write numbers and dates as one country does.
LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop>
</item></oor:items>"""


def save_as(folder: Path, content: bytes, form: str, locale: str) -> Path:
    """Have LibreOffice save a workbook in another form, in the language and with the numbers of a country."""
    source, target, profile = folder / "source.xlsx", folder / "saved", folder / "profile"
    source.write_bytes(content)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(LOCALE.format(locale=locale), encoding="utf-8")
    command = [str(OFFICE), "--headless", f"-env:UserInstallation=file://{profile}", f"--language={locale}"]
    command += ["--convert-to", form, "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return next(target.iterdir())


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_saved_by_libreoffice_is_read(tmp_path: Path, form: str, locale: str) -> None:
    saved = save_as(tmp_path, workbook(Members=[list(row) for row in ROWS]), form, locale)
    assert [row.cells for row in read_sheet(saved, saved.name).rows] == ROWS


@pytest.mark.django_db
@pytest.mark.parametrize(("locale", "amount"), [("fr-FR", "1234,56"), ("en-GB", "1234.56")])
@pytest.mark.parametrize("form", [FORMATS[0], FORMATS[2]])
def test_amounts_and_days_of_either_country_are_the_same_facts(
    tmp_path: Path, form: str, locale: str, amount: str
) -> None:
    titles, texts = ["from", "to", "purpose", "currency", "amount", "year"], ["A payer", "A payee", "Tests", "EUR"]
    content = workbook(Funding=[titles, [*texts, 1234.56, dt.date(2020, 2, 7)]])
    saved = save_as(tmp_path, content, form, locale)
    sheet = read_sheet(saved, saved.name)
    assert saved.suffix == ".ods" or sheet.rows[1].cells[4:] == (amount, "07/02/2020")
    table = read_table(sheet, FACT_LISTS["funding"], {})
    officer = Actor("Officer", frozenset({OFFICER}))
    report = load_sheet(actor=officer, at=timezone.now(), list_name="funding", table=table, reason="The sheet.")
    assert [(row.fate, row.faults) for row in report.rows] == [("new", [])]
    funding = Funding.objects.get()
    assert (funding.amount, funding.period_start) == (Decimal("1234.56"), "2020-02-07")
