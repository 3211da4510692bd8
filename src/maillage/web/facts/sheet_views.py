"""Pages on which a list is taken out as a sheet, changed in a spreadsheet program, checked row by row and applied."""

from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.action_registry import ActionError
from maillage.core.actions.sheets import load_sheet
from maillage.core.request import Request
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.export import export_rows
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.sources import SourceValue
from maillage.core.sheets.columns import Table, column_name, missing_fields, read_table
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.load import preview_sheet
from maillage.core.sheets.sheet_writer import MEDIA_TYPE, write_list, write_refused, write_template
from maillage.core.sheets.workbook_reader import MAX_BYTES, read_sheet
from maillage.files.uploads import MEGABYTE, StreamingUploadHandler
from maillage.web.facts.addresses import list_address
from maillage.web.facts.list_views import writable_list
from maillage.web.facts.sheet_page import preview_context
from maillage.web.facts.sheet_store import StoredSheet, store_sheet, stored_sheet
from maillage.web.files.uploads import accepts_upload, get_incoming_file

_CHOSEN_LENGTH = 80
# A row takes some twenty statements, and the preview of a sheet is one request: this many take a minute or two.
MAX_PREVIEWED_ROWS = 2_000


@accepts_upload
def sheet_page(request: Request, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The page from which a list or its template is downloaded, and to which a sheet is uploaded."""
    fact_list = writable_list(request, name)
    error = ""
    if request.method == "POST":
        try:
            stored = store_sheet(request, name, get_incoming_file(intake))
            _preview(request, fact_list, stored)
            return redirect("sheet-preview", name)
        except (ActionError, InvalidSheetError) as problem:
            error = str(problem)
    stored_before = stored_sheet(request, name)
    context = {
        "fact_list": fact_list,
        "list_url": list_address(fact_list),
        "error": error,
        "stored": None if error or (stored_before and stored_before.applied) else stored_before,
        "megabytes": MAX_BYTES // MEGABYTE,
        "most_rows": MAX_PREVIEWED_ROWS,
    }
    return render(request, "web/facts/sheet_upload.html", context, status=422 if error else 200)


def _preview(request: Request, fact_list: FactList[Any], stored: StoredSheet) -> None:
    """Compute and keep the fates of the rows of a sheet. Raises `InvalidSheetError`; the sheet is discarded then."""
    try:
        table = _table(fact_list, stored)
    except InvalidSheetError:
        stored.discard()
        raise
    report = None
    if not missing_fields(table, fact_list):
        source = source_of(stored.source)
        report = preview_sheet(fact_list, table, actor=request.actor, at=timezone.now(), source=source)
    stored.save_report(report)


def _table(fact_list: FactList[Any], stored: StoredSheet) -> Table:
    """The table of a sheet. Raises `InvalidSheetError`, also for more rows than one request can write."""
    table = read_table(read_sheet(stored.path, stored.name, stored.wanted), fact_list, stored.columns)
    if len(table.rows) > MAX_PREVIEWED_ROWS:
        message = _("This sheet has %(count)d rows; at most %(most)d are taken at once. Split it into several.")
        raise InvalidSheetError(message % {"count": len(table.rows), "most": MAX_PREVIEWED_ROWS})
    return table


def source_of(text: str) -> str | dict[str, str] | None:
    """The source that a text names: the address of a page, or the title of a document; `None` for an empty text."""
    if not text:
        return None
    return text if text.startswith(("http://", "https://")) else {"kind": "document", "title": text}


def _stored(request: Request, name: str) -> StoredSheet:
    stored = stored_sheet(request, name)
    if stored is None:
        raise Http404(_("This sheet is not kept any more: choose it again."))
    return stored


def sheet_preview_page(request: Request, name: str) -> HttpResponse:
    """The fate of each row of the sheet that was uploaded; a POST names its columns, its source, its sheet."""
    fact_list = writable_list(request, name)
    stored = stored_sheet(request, name)
    if stored is None:
        return redirect("sheet", name)
    if request.method == "POST" and not stored.applied:
        return _choose(request, fact_list, stored)
    context = preview_context(request, fact_list, stored, _table(fact_list, stored))
    return render(request, "web/facts/sheet_preview.html", context)


def _choose(request: Request, fact_list: FactList[Any], stored: StoredSheet) -> HttpResponse:
    """Keep what the person has chosen, and compute the preview anew."""
    keys = {field.key for field in fact_list.fields} | {"-"}
    for column in _table(fact_list, stored).columns:
        chosen = request.POST.get(f"column-{column.index}", column.key)
        if chosen in keys and chosen != column.key:
            stored.columns[column_name(column.index, column.title)[:_CHOSEN_LENGTH]] = chosen
    stored.wanted = request.POST.get("sheet", stored.wanted).replace("\0", "")[:_CHOSEN_LENGTH]
    stored.source = request.POST.get("source", "").replace("\0", "").strip()[:1000]
    try:
        SourceValue().parse(source_of(stored.source))
    except InvalidValueError as error:
        messages.error(request, str(error.as_row_error("source")))
        stored.source = ""
    stored.save(request)
    try:
        _preview(request, fact_list, stored)
    except InvalidSheetError as error:
        messages.error(request, str(error))
        return redirect("sheet", stored.list_name)
    return redirect("sheet-preview", stored.list_name)


@require_POST
def apply_sheet(request: Request, name: str) -> HttpResponse:
    """Write the rows of the sheet that can be written."""
    fact_list, stored = writable_list(request, name), _stored(request, name)
    report = stored.report()
    if stored.applied or report is None:
        return redirect("sheet-preview", name)
    try:
        done = load_sheet(
            actor=request.actor,
            at=timezone.now(),
            list_name=name,
            table=_table(fact_list, stored),
            reason=request.POST.get("reason", ""),
            source=source_of(stored.source),
            expected={row.number: row.fingerprint() for row in report.rows},
        )
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("sheet-preview", name)
    stored.applied = True
    stored.save_report(done)
    stored.save(request)
    messages.success(request, _("The sheet is applied."))
    return redirect("sheet-preview", name)


@require_safe
def sheet_template(request: Request, name: str) -> HttpResponse:
    """The template workbook of a list, in the reader's language."""
    fact_list = writable_list(request, name)
    return _workbook(write_template(fact_list), f"{name}-template.xlsx")


@require_safe
def sheet_of_list(request: Request, name: str) -> HttpResponse:
    """The whole list as a workbook to edit, with the lasting key of each fact."""
    fact_list = writable_list(request, name)
    rows = export_rows(fact_list, actor=request.actor)
    return _workbook(write_list(fact_list, rows), f"{name}-{timezone.localdate():%Y-%m-%d}.xlsx")


@require_safe
def refused_rows(request: Request, name: str) -> HttpResponse:
    """The refused rows of the sheet that was uploaded, with the reasons."""
    fact_list, stored = writable_list(request, name), _stored(request, name)
    report = stored.report()
    if report is None:
        raise Http404(_("This sheet is not kept any more: choose it again."))
    return _workbook(write_refused(_table(fact_list, stored), report.rows), f"{name}-refused.xlsx")


def _workbook(content: IO[bytes], filename: str) -> HttpResponse:
    return FileResponse(  # type: ignore[return-value]  # a streaming response has a base class of its own
        content, as_attachment=True, filename=filename, content_type=MEDIA_TYPE
    )
