"""What the preview of a sheet shows: its columns, the proportions of the fates, and one page of rows."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.sheets.columns import LEFT_OUT, Column, Table, missing_fields, sheet_fields
from maillage.core.sheets.fate_file import FateFile
from maillage.core.sheets.fates import CHANGED, FATES, NEW, REFUSED, UNCHANGED, RowFate
from maillage.core.text import fold
from maillage.presentation import links
from maillage.presentation.action_forms import parse_number
from maillage.register.fact_addresses import list_address
from maillage.register.models import Organisation
from maillage.web.facts.sheet_store import APPLY, StoredSheet
from maillage.web.facts.source_fields import source_words

PAGE_ROWS = 100
_MOST_ALIKE = 400
_BAR_WIDTH = 1000
_MARKS = {NEW: "+", CHANGED: "⇄", UNCHANGED: "=", REFUSED: "×"}
_ROW_WORDS = {
    NEW: pgettext_lazy("row of a sheet", "new"),
    CHANGED: pgettext_lazy("row of a sheet", "changed"),
    UNCHANGED: pgettext_lazy("row of a sheet", "unchanged"),
    REFUSED: pgettext_lazy("row of a sheet", "refused"),
}
_COUNT_WORDS = {
    NEW: gettext_lazy("New"),
    CHANGED: gettext_lazy("Changed"),
    UNCHANGED: gettext_lazy("Unchanged"),
    REFUSED: gettext_lazy("Refused"),
}


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the sheet with the fields that it may hold; `title` is that of the field it holds."""

    column: Column
    title: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FateCount:
    """How many rows have a fate, its part of the bar, and the address of these rows."""

    fate: str
    mark: str
    word: str
    count: int
    start: int
    width: int
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: RowFate
    mark: str
    word: str
    alike: list[Organisation]


def work_context(fact_list: AnyFactList, stored: StoredSheet) -> dict[str, object]:
    """The context of the page on which one waits for the work on a sheet."""
    work = stored.files.work()
    return {
        "fact_list": fact_list,
        "list_url": list_address(fact_list),
        "stored": stored,
        "work": work,
        "is_apply": work is not None and work.step == APPLY,
        "is_cancelled": stored.files.is_cancel_asked(),
    }


def preview_context(
    request: Request, fact_list: AnyFactList, stored: StoredSheet, table: Table, count: int
) -> dict[str, object]:
    """The context of the page of a sheet with so many rows, with or without fates."""
    report = stored.files.fates()
    context: dict[str, object] = {
        "fact_list": fact_list,
        "list_url": list_address(fact_list),
        "stored": stored,
        "source": source_words(stored.source) if stored.source else "",
        "table": table,
        "row_count": count,
        "columns": _column_choices(table, fact_list),
        "read_columns": len(table.by_key),
        "missing": ", ".join(field.title for field in missing_fields(table, fact_list)),
        "report": report,
    }
    return context if report is None else context | _fates(request, report, stored)


def _column_choices(table: Table, fact_list: AnyFactList) -> list[ColumnChoice]:
    fields = sheet_fields(fact_list)
    titles = {field.key: field.title for field in fields}
    options = [("", "—"), (LEFT_OUT, pgettext("column", "not read")), *titles.items()]
    return [ColumnChoice(column, titles.get(column.key, ""), options) for column in table.columns]


def _fates(request: Request, report: FateFile, stored: StoredSheet) -> dict[str, object]:
    fate = request.GET.get("fate", "")
    fate = fate if fate in FATES else ""
    page = max(parse_number(request.GET.get("page", ""), 6), 1)
    is_last = page * PAGE_ROWS >= (report.counts[fate] if fate else report.total)
    reason = _("Sheet “%(name)s”") % {"name": stored.name}
    rows = report.rows(fate, (page - 1) * PAGE_ROWS, page * PAGE_ROWS)
    alike = _alike(request, rows) if stored.list_name == "organisations" and not stored.applied else {}
    return {
        "counts": _counts(request, report, fate),
        "all_url": links.with_parameters(request, fate=None, page=None),
        "fate": fate,
        "total": report.total,
        "rows": [ShownRow(row, _MARKS[row.fate], str(_ROW_WORDS[row.fate]), alike.get(row.number, [])) for row in rows],
        "next_url": links.with_parameters(request, page=str(page + 1)) if not is_last else "",
        "previous_url": links.with_parameters(request, page=str(page - 1)) if page > 1 else "",
        "refused": report.counts[REFUSED],
        "reason": reason,
    }


def _alike(request: Request, rows: list[RowFate]) -> dict[int, list[Organisation]]:
    """The organisations that new rows resemble, by number of row: those of the same name, in the same town if known."""
    names = {name for row in rows if row.fate == NEW for key, name in row.names.items() if key != "city"}
    if not names:
        return {}
    same = Q(sort_name__in=[fold(name) for name in names]) | Q(name_fr__in=names) | Q(name_en__in=names)
    known = list(Organisation.objects.visible_to(request.actor).filter(same, merged_into=None)[:_MOST_ALIKE])
    return {row.number: [other for other in known if _resembles(row.names, other)] for row in rows if row.fate == NEW}


def _resembles(names: dict[str, str], other: Organisation) -> bool:
    texts = {fold(name) for key, name in names.items() if key != "city"}
    city = names.get("city", "")
    in_town = not city or not other.city or fold(city) == fold(other.city)
    return in_town and not texts.isdisjoint({fold(other.name_fr), fold(other.name_en)} - {""})


def _counts(request: Request, report: FateFile, shown: str) -> list[FateCount]:
    counts: list[FateCount] = []
    start, total = 0, max(report.total, 1)
    for fate in (NEW, CHANGED, UNCHANGED, REFUSED):
        count = report.counts[fate]
        width = round(_BAR_WIDTH * count / total)
        url = links.with_parameters(request, fate=fate, page=None)
        words = str(_COUNT_WORDS[fate])
        counts.append(FateCount(fate, _MARKS[fate], words, count, start, width, url, fate == shown))
        start += width
    return counts
