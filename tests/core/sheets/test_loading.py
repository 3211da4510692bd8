"""The preview of a sheet says what loading it does; the good rows are loaded, the refused come back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from maillage.core.actions.facts import record_fact, withdraw_fact
from maillage.core.actions.sheets import load_sheet
from maillage.core.actors import MANAGER, OFFICER, ActiveMandate, Actor
from maillage.core.models import Citation
from maillage.core.rows.export import export_rows
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.sheets.columns import Table, read_table
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.fates import RowFate, SheetReport
from maillage.core.sheets.load import preview_sheet
from maillage.core.sheets.sheet import Sheet, sheet_rows
from maillage.core.sheets.sheet_writer import write_list, write_refused, write_template
from maillage.core.sheets.workbook_reader import read_sheet
from maillage.register.models import Organisation, Tie

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OFFICER_ACTOR = Actor("officer", frozenset({OFFICER}))
ORGANISATIONS, TIES = FACT_LISTS["organisations"], FACT_LISTS["memberships"]
PAGE = "https://example.org/members"


def table(rows: list[list[Any]], name: str = "organisations", **chosen: str) -> Table:
    return read_table(Sheet("Sheet1", sheet_rows(rows)), FACT_LISTS[name], chosen)


def preview(sheet: Table, name: str = "organisations", actor: Actor = OFFICER_ACTOR, **more: Any) -> SheetReport:
    return preview_sheet(FACT_LISTS[name], sheet, actor=actor, at=timezone.now(), **more)


def load(sheet: Table, name: str = "organisations", actor: Actor = OFFICER_ACTOR, **more: Any) -> SheetReport:
    report: SheetReport = load_sheet(
        actor=actor, at=timezone.now(), list_name=name, table=sheet, reason="The sheet of members.", **more
    )
    return report


def fates(report: SheetReport) -> list[str]:
    return [row.fate for row in report.rows]


def changes(row: RowFate) -> list[tuple[str, str, str]]:
    return [(change.title, change.old, change.new) for change in row.changes]


def organisation(key: str, **values: str) -> Organisation:
    values = {"key": key, "name_fr": key.title(), "kind": "university", **values}
    recorded: Organisation = record_fact(
        actor=OFFICER_ACTOR, at=timezone.now(), list_name="organisations", values=values
    )
    return recorded


ROWS = [
    ["Clé", "Nom en français", "Type", "Ville", "RNSR"],
    ["univ-lille", "Université de Lille", "université", "Lille", ""],
    ["lab", "Laboratoire", "university", "Lyon", ""],
]


def test_a_preview_writes_nothing_and_a_load_does_what_it_said() -> None:
    sheet = table(ROWS)
    seen = preview(sheet)
    assert (fates(seen), Organisation.objects.count()) == (["new", "new"], 0)
    done = load(sheet)
    assert fates(done) == fates(seen)
    assert sorted(Organisation.objects.values_list("key", "kind", "city")) == [
        ("lab", "university", "Lyon"),
        ("univ-lille", "university", "Lille"),
    ]
    assert fates(load(sheet)) == ["unchanged", "unchanged"]


def test_columns_are_known_by_title_in_either_language_by_key_and_by_choice() -> None:
    read = table([["KEY", "name fr", "Name in English", "Tôwn", "Réf."], ["a", "b", "c", "d", "e"]])
    assert [column.key for column in read.columns] == ["key", "name_fr", "name_en", "city", ""]
    chosen = table([["KEY", "Réf.", "x"], ["a", "b", "c"]], ref="note", x="-")
    assert [(column.key, column.is_chosen) for column in chosen.columns] == [
        ("key", False),
        ("note", True),
        ("-", True),
    ]
    assert chosen.unknown == []


def test_titles_are_found_below_a_merged_heading() -> None:
    read = table([["Members of the network", "", ""], [], ["Key", "", "Town"], ["a", "b", "c"]])
    assert (read.header, [column.key for column in read.columns]) == (3, ["key", "", "city"])
    assert "row 3" in read.notices[0]


def test_a_title_merged_over_two_rows_stands_above() -> None:
    read = table([["Key", "Names", ""], ["", "Name in French", "Name in English"], ["a", "b", "c"]])
    assert [column.key for column in read.columns] == ["key", "name_fr", "name_en"]


def test_a_sheet_of_titles_alone_is_refused() -> None:
    with pytest.raises(InvalidSheetError, match="nothing below"):
        table([["Key", "Town"]])


def test_a_change_is_shown_old_and_new() -> None:
    organisation("univ-lille", name_fr="Université de Lille", city="Lile")
    report = load(table([["Key", "Town", "Name in French"], ["univ-lille", "Lille", "Université de Lille"]]))
    assert [(row.fate, changes(row)) for row in report.rows] == [("changed", [("Town", "Lile", "Lille")])]
    assert Organisation.objects.get().city == "Lille"


def test_a_refused_row_says_cell_reason_and_remedy_and_the_others_are_written() -> None:
    rows = [
        ["Key", "Name in French", "Kind", "Country", "ROR"],
        ["a", "A", "universty", "FRA", ""],
        ["b", "B", "university", "FR", ""],
        ["", "", "university", "FR", ""],
        ["c", "D", "university", "FR", "05f82e369x"],
        ["b", "E", "university", "FR", ""],
    ]
    report = load(table(rows))
    assert fates(report) == ["refused", "new", "refused", "refused", "refused"]
    faults = [[(fault.cell, fault.reason) for fault in row.faults] for row in report.rows]
    assert [cell for cell, _reason in faults[0]] == ["C2", "D2"]
    assert "did you mean “university”" in faults[0][0][1]
    assert faults[2] == [("A4", "“Key” is empty; fill it in")]
    assert faults[3][0][0] == "E5"
    assert "Row 3 is about the same record" in faults[4][0][1]
    assert list(Organisation.objects.values_list("name_fr", flat=True)) == ["B"]


def test_zeros_lost_by_the_spreadsheet_are_said() -> None:
    read = table([["Key", "Name in French", "Kind", "SIREN"], ["a", "A", "other", 5520242.0]])
    assert "Column D (SIREN) holds numbers in 1 cells" in read.notices[-1]
    assert "removed them: format the column as text" in preview(read).rows[0].faults[0].reason


def test_organisations_are_named_by_key_or_by_exact_name() -> None:
    organisation("unit", name_fr="L’unité", acronym="UNI")
    organisation("net", name_fr="Le réseau")
    for key in ("twin-1", "twin-2"):
        organisation(key, name_fr="Jumeau")
    rows = [
        ["Première organisation", "Lien", "Seconde organisation", "Début"],
        ["UNI", "membre de", "Le réseau", "février 2020"],
        ["Jumeau", "member", "net", ""],
        ["Nobody", "member", "net", ""],
    ]
    report = load(table(rows, "memberships"), "memberships")
    assert fates(report) == ["new", "refused", "refused"]
    assert "twin-1, twin-2" in report.rows[1].faults[0].reason
    assert "no organisation has the key or the name “Nobody”" in report.rows[2].faults[0].reason
    tie = Tie.objects.get()
    assert (tie.subject.key, tie.object.key, tie.period_start) == ("unit", "net", "2020-02")


def test_amounts_with_a_decimal_comma() -> None:
    organisation("payer")
    organisation("payee")
    rows = [
        ["payer", "payee", "purpose", "year", "amount", "currency"],
        ["payer", "payee", "Work", 2020.0, "1 234,50 €", "EUR"],
        ["payer", "payee", "More", 2020.0, "1.234.567,89", "EUR"],
        ["payer", "payee", "Less", 2020.0, 7.25, "EUR"],
        ["payer", "payee", "Doubtful", 2020.0, "1,234", "EUR"],
    ]
    report = load(table(rows, "funding"), "funding")
    assert fates(report) == ["new", "new", "new", "refused"], [row.faults for row in report.rows]
    amounts = FACT_LISTS["funding"].model.objects.order_by("pk").values_list("amount", flat=True)
    assert [str(amount) for amount in amounts] == ["1234.50", "1234567.89", "7.25"]


def test_a_source_for_the_whole_sheet_is_cited_for_what_changes() -> None:
    sheet = table(ROWS)
    load(sheet, source=PAGE)
    assert Citation.objects.filter(source__url=PAGE).count() == 2
    letter = {"kind": "letter", "title": "Letter of the director"}
    report = load(table([*ROWS[:2], ["lab", "Laboratoire", "university", "Paris", ""]]), source=letter)
    assert fates(report) == ["unchanged", "changed"]
    assert Citation.objects.filter(source__title="Letter of the director").count() == 1
    assert fates(load(sheet, source=PAGE)) == ["unchanged", "changed"]


def acting_for(record: Organisation) -> Actor:
    mandate = ActiveMandate(1, MANAGER, record.pk, str(record), dt.date(2020, 1, 1), reach=frozenset({record.pk}))
    return Actor("somebody", frozenset({"reader"}), None, mandate)


def test_a_row_of_another_organisation_is_refused() -> None:
    own = organisation("own")
    organisation("other")
    sheet = table([["Key", "Town"], ["own", "Lille"], ["other", "Paris"], ["third", "Rome"]])
    for run in (preview, load):
        report = run(sheet, actor=acting_for(own))
        assert fates(report) == ["changed", "refused", "refused"]
        assert "does not reach" in report.rows[1].faults[0].reason
    assert sorted(Organisation.objects.values_list("key", "city")) == [("other", ""), ("own", "Lille")]


def test_a_new_fact_of_a_manager_without_a_source_is_the_own_statement() -> None:
    own = organisation("own")
    organisation("net")
    rows = [["member", "role", "of", "source"], ["own", "hosted", "net", ""], ["own", "partner", "net", "Charter"]]
    report = load(table(rows, "memberships"), "memberships", actor=acting_for(own))
    assert fates(report) == ["new", "new"]
    statement, document = Citation.objects.filter(record_kind="register.tie").order_by("pk").select_related("source")
    assert (statement.source.kind, statement.source.stated_by) == ("statement", "own")
    assert (document.source.title, document.accepted, document.brought_by) == ("Charter", False, own.pk)


def test_a_sheet_opens_no_network_to_whom_it_is_closed() -> None:
    own = organisation("own")
    organisation("net")
    rows = [["member", "role", "of", "from", "visibility"], ["own", "member", "net", "2020", ""],
            ["own", "partner", "net", "2020", "named"]]  # fmt: skip
    report = load(table(rows, "memberships"), "memberships", actor=acting_for(own))
    assert fates(report) == ["refused", "refused"]
    reasons = [fault.reason for row in report.rows for fault in row.faults]
    assert "ask an officer" in reasons[0]
    assert "who reads it" in reasons[1]
    assert not Tie.objects.exists()


def test_a_row_that_would_fare_otherwise_than_seen_is_refused() -> None:
    record = organisation("lab", city="Lyon")
    sheet = table([["Key", "Town"], ["lab", "Paris"]])
    seen = {row.number: row.fingerprint() for row in preview(sheet).rows}
    Organisation.objects.filter(pk=record.pk).update(city="Nice")
    report = load(sheet, expected=seen)
    assert fates(report) == ["refused"]
    assert Organisation.objects.get().city == "Nice"


def test_a_load_that_is_cancelled_leaves_nothing() -> None:
    rows = [["Key", "Name in French", "Kind"], *([f"o-{number}", "O", "other"] for number in range(600))]

    def cancel(done: int, total: int) -> None:
        if done > 500:
            raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match="600 of 600"):
        load(table(rows), progress=cancel)
    assert not Organisation.objects.exists()


def test_many_rows_of_a_downloaded_list_are_corrected_at_once(tmp_path: Path) -> None:
    titles = ["Key", "Name in French", "Acronym", "Kind", "Wikidata", "Source"]
    rows = [[f"o-{n}", f"Nom {n}", f"S{n}", "other", f"Q{n}", "https://example.org/p"] for n in range(1, 41)]
    assert set(fates(load(table([titles, *rows])))) == {"new"}
    exported = export_rows(FACT_LISTS["organisations"], actor=OFFICER_ACTOR)
    downloaded = saved(tmp_path, write_list(FACT_LISTS["organisations"], exported), "organisations")
    keys = [column.key for column in downloaded.columns]
    corrected = {"name_fr": lambda text: f"{text} bis", "wikidata": lambda _text: ""}
    changed: list[list[Any]] = [keys]
    for number, row in enumerate(downloaded.rows):
        cells = dict(zip(keys, (row.cell(column.index) for column in downloaded.columns), strict=True))
        cells |= {key: correct(cells[key]) for key, correct in corrected.items()} if number % 2 == 0 else {}
        changed.append(list(cells.values()))
    report = load(table(changed))
    assert fates(report).count("changed") == 20
    assert fates(report).count("unchanged") == 20
    record = Organisation.objects.get(key="o-1")
    assert (record.name_fr, [name.text for name in record.names.order_by("pk")]) == ("Nom 1 bis", ["S1", "Nom 1 bis"])
    assert not record.identifiers.exists()
    assert set(fates(preview(table(changed)))) == {"unchanged"}


def test_a_row_refused_at_the_end_leaves_nothing() -> None:
    rows = [["Key", "Name in French", "Kind", "Part of"], ["a", "A", "other", "nobody"], ["b", "B", "other", "a"]]
    report = load(table(rows))
    assert fates(report) == ["refused", "refused"]
    assert not Organisation.objects.exists()


def test_an_emptied_cell_empties_the_field_of_a_downloaded_row_only(tmp_path: Path) -> None:
    record = organisation("lab", city="Lyon")
    assert fates(load(table([["Key", "Town"], ["lab", ""]]))) == ["unchanged"]
    report = load(table([["Key", "Town", "Lasting key"], ["lab", "", str(record.uid)]]))
    assert [changes(row) for row in report.rows] == [[("Town", "Lyon", "")]]
    assert Organisation.objects.get().city == ""


def test_a_withdrawn_fact_does_not_return_by_an_old_sheet() -> None:
    record = organisation("lab")
    rows = [["Key", "Name in French", "Kind", "Lasting key"], ["lab", "Lab", "other", str(record.uid)]]
    withdraw_fact(
        actor=OFFICER_ACTOR, at=timezone.now(), list_name="organisations", fact_id=str(record.uid), reason="Never was."
    )
    assert "was withdrawn" in preview(table(rows)).rows[0].faults[0].reason


def saved(tmp_path: Path, content: Any, name: str) -> Table:
    path = tmp_path / "saved.xlsx"
    path.write_bytes(content.read())
    return read_table(read_sheet(path, "saved.xlsx"), FACT_LISTS[name], {})


def test_refused_rows_come_back_as_a_sheet_with_reasons(tmp_path: Path) -> None:
    sheet = table([["Key", "Réf.", "Country"], ["a", "=1+1", "FRA"], ["b", "", ""]])
    report = preview(sheet)
    again = saved(tmp_path, write_refused(sheet, report.rows), "organisations")
    assert [column.key for column in again.columns] == ["-", "key", "", "country"]
    assert again.rows[0].cells[1:] == ("a", "=1+1", "FRA")
    assert "name of a country" in again.rows[0].cells[0]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", FACT_LISTS)
def test_the_template_is_read_with_every_column_known_and_its_example_passed_over(
    tmp_path: Path, name: str, language: str
) -> None:
    with translation.override(language):
        template = write_template(FACT_LISTS[name])
    with pytest.raises(InvalidSheetError, match="nothing below"):
        saved(tmp_path, template, name)


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(("language", "with_keys"), [("fr", True), ("en", False)])
@pytest.mark.parametrize("name", FACT_LISTS)
def test_a_downloaded_list_comes_back_unchanged(tmp_path: Path, name: str, with_keys: bool, language: str) -> None:
    with translation.override(language):
        rows = list(export_rows(FACT_LISTS[name], actor=OFFICER_ACTOR))
        if not rows:
            pytest.skip("the example has no row of this list")
        downloaded = saved(tmp_path, write_list(FACT_LISTS[name], rows), name)
    assert downloaded.unknown == []
    if not with_keys:
        downloaded.columns = [column for column in downloaded.columns if column.key != "id"]
    report = preview(downloaded, name)
    strange = [(row.title, row.faults or row.changes) for row in report.rows if row.fate != "unchanged"]
    assert strange == []


def test_a_row_that_the_database_refuses_names_fields_by_the_titles_of_the_sheet_with_the_cell() -> None:
    for key in ("net", "lab"):
        organisation(key)
    with translation.override("fr"):
        titles = [field.title for key in ("of", "member", "role", "from") for field in TIES.fields if field.key == key]
    sheet = table([titles, ["net", "lab", "member", "2020"], ["net", "lab", "member", "2021"]], "memberships")
    report = load(sheet, "memberships")
    assert fates(report) == ["new", "refused"]
    [fault] = report.rows[1].faults
    assert fault.cell[-1] == "3"
    assert fault.title in titles
    assert all(title in fault.reason for title in titles), fault.reason
    assert "tie holds once at a time" in fault.reason


def test_the_digest_of_a_document_is_at_fault_in_its_own_cell() -> None:
    digest = "a" * 64
    rows = [["kind", "title", "of", "sha256"], ["document", "Deed", "", digest], ["statement", "", "lab", digest],
            ["document", "Act", "", "abc"]]  # fmt: skip
    report = preview(table(rows, "sources"), "sources")
    faults = [[(fault.cell, fault.title) for fault in row.faults] for row in report.rows]
    assert faults == [[], [("D3", "sha256")], [("D4", "sha256")]]
