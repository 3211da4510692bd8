"""Pages on which a list is taken out as a sheet, changed in a spreadsheet program, checked row by row and applied."""

import re
from typing import IO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.core.rows.export import export_rows
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.sheets.columns import Table, column_name
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.sheet import CELL_LIMIT
from maillage.core.sheets.sheet_writer import MEDIA_TYPE, write_list, write_refused, write_template
from maillage.core.sheets.workbook_reader import MAX_BYTES
from maillage.files.uploads import MEGABYTE, StreamingUploadHandler
from maillage.register.fact_addresses import list_address
from maillage.web.facts.list_views import writable_list
from maillage.web.facts.sheet_jobs import MAX_ROWS, SheetJob, cancel_work
from maillage.web.facts.sheet_page import preview_context, work_context
from maillage.web.facts.sheet_store import (
    APPLY,
    CANCELLED,
    DONE,
    FAILED,
    PREVIEW,
    SheetWork,
    StoredSheet,
    store_sheet,
    stored_sheet,
)
from maillage.web.facts.source_fields import SheetSourceForm
from maillage.web.files.uploads import accepts_upload, get_incoming_file

_CHOSEN_LENGTH = 80
_CELL = re.compile(r"cell-([0-9]{1,6})-([a-z0-9_]{1,60})")


@accepts_upload
def sheet_page(request: Request, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The page from which a list or its template is downloaded, and to which a sheet is uploaded."""
    fact_list, stored = writable_list(request, name), stored_sheet(request, name)
    if stored and stored.is_worked_on:
        return redirect("sheet-preview", name)
    error = ""
    if request.method == "POST":
        try:
            _upload(request, name, intake)
            return redirect("sheet-preview", name)
        except (ActionError, InvalidSheetError) as problem:
            error, stored = str(problem), None
    context = {
        "fact_list": fact_list,
        "list_url": list_address(fact_list),
        "error": error,
        "stored": None if stored is None or stored.applied else stored,
        "megabytes": MAX_BYTES // MEGABYTE,
        "most_rows": MAX_ROWS,
    }
    return render(request, "web/facts/sheet_upload.html", context, status=422 if error else 200)


def _upload(request: Request, name: str, intake: StreamingUploadHandler) -> None:
    """Keep an uploaded sheet and check its rows. Raises `InvalidSheetError`; the sheet is discarded then."""
    stored = store_sheet(request, name, get_incoming_file(intake))
    try:
        SheetJob.of(stored, PREVIEW, request.actor).start(request.actor)
    except InvalidSheetError:
        stored.files.discard()
        raise


def _stored(request: Request, name: str) -> StoredSheet:
    stored = stored_sheet(request, name)
    if stored is None:
        raise Http404(_("This sheet is not kept any more: choose it again."))
    return stored


def sheet_preview_page(request: Request, name: str) -> HttpResponse:
    """The fate of each row of the sheet that was uploaded; a POST names its columns, its source, its sheet."""
    fact_list, stored = writable_list(request, name), stored_sheet(request, name)
    if stored is None:
        return redirect("sheet", name)
    if stored.is_worked_on:
        return render(request, "web/facts/sheet_work.html", work_context(fact_list, stored))
    if request.htmx:
        return HttpResponseClientRefresh()
    source = SheetSourceForm(request, stored.source)
    if request.method == "POST" and not stored.applied and (answer := _choose(request, stored, source)):
        return answer
    table = _told_table(request, stored)
    if table is None:
        return redirect("sheet", name)
    context = preview_context(request, fact_list, stored, *table) | {"form": source}
    return render(request, "web/facts/sheet_preview.html", context, status=422 if source.errors else 200)


def _told_table(request: Request, stored: StoredSheet) -> tuple[Table, int] | None:
    """The table of a sheet, once it is said how the last work on it ended; `None` if it cannot be shown."""
    work = stored.files.work()
    if work and work.status == FAILED:
        messages.error(request, work.error)
    if work and work.status == CANCELLED:
        messages.warning(request, _("Cancelled: nothing was written."))
    table = stored.files.table()
    if table is None:
        stored.files.discard()
    elif work and work.status in (FAILED, CANCELLED):
        stored.files.save_work(SheetWork(PREVIEW, DONE))  # It is said once.
    return table


def _choose(request: Request, stored: StoredSheet, source: SheetSourceForm) -> HttpResponse | None:
    """Keep what the person has chosen, and compute the preview anew; `None` to show what is wrong with the source."""
    _keep_choices(request, stored)
    if source.is_bound and source.is_valid():
        stored.source = source.cleaned_data["source"]
    stored.save(request)
    try:
        SheetJob.of(stored, PREVIEW, request.actor).start(request.actor)
    except InvalidSheetError as error:
        stored.files.discard()
        messages.error(request, str(error))
        return redirect("sheet", stored.list_name)
    if source.errors and not stored.is_worked_on:
        return None
    for name, faults in source.errors.items():
        messages.error(request, f"{source[name].label}: {' '.join(map(str, faults))}")
    return redirect("sheet-preview", stored.list_name)


def _keep_choices(request: Request, stored: StoredSheet) -> None:
    table, keys = stored.files.table(), {field.key for field in FACT_LISTS[stored.list_name].fields} | {"-"}
    for column in table[0].columns if table else ():
        chosen = request.POST.get(f"column-{column.index}", column.key)
        if chosen in keys and chosen != column.key:
            stored.columns[column_name(column.index, column.title)[:_CHOSEN_LENGTH]] = chosen
    wanted = request.POST.get("sheet", stored.wanted).replace("\0", "")[:_CHOSEN_LENGTH]
    stored.files.save_edits(_edits(request, stored) if wanted == stored.wanted else {})
    stored.wanted = wanted


def _edits(request: Request, stored: StoredSheet) -> dict[int, dict[str, str]]:
    """What is written in the place of cells, with what was just posted: `cell-12-city` is that of row 12."""
    edits = stored.files.edits()
    for name, text in request.POST.items():
        if match := _CELL.fullmatch(name):
            edits.setdefault(int(match[1]), {})[match[2]] = str(text).replace("\0", "")[:CELL_LIMIT]
    return edits


@require_POST
def cancel_sheet(request: Request, name: str) -> HttpResponse:
    """Cancel what goes on with the sheet."""
    writable_list(request, name)
    cancel_work(_stored(request, name).files)
    return redirect("sheet-preview", name)


@require_POST
def apply_sheet(request: Request, name: str) -> HttpResponse:
    """Write the rows of the sheet that can be written."""
    writable_list(request, name)
    stored = _stored(request, name)
    if stored.applied or stored.is_worked_on or stored.files.fates() is None:
        return redirect("sheet-preview", name)
    try:
        SheetJob.of(stored, APPLY, request.actor, request.POST.get("reason", "")).start(request.actor)
    except (ActionError, InvalidSheetError) as error:
        messages.error(request, str(error))
    if stored.applied:
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
    writable_list(request, name)
    stored = _stored(request, name)
    fates = stored.files.fates()
    if fates is None:
        raise Http404(_("This sheet is not kept any more: choose it again."))
    table = SheetJob.of(stored, PREVIEW, request.actor).read_table()
    return _workbook(write_refused(table, fates.refused()), f"{name}-refused.xlsx")


def _workbook(content: IO[bytes], filename: str) -> HttpResponse:
    return FileResponse(  # type: ignore[return-value]  # a streaming response has a base class of its own
        content, as_attachment=True, filename=filename, content_type=MEDIA_TYPE
    )
