"""Pages on which the clauses of a version of a label agreement are written, and its files."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.call_document import HeadingKind, Question
from maillage.core.action_registry import ActionError, Arguments
from maillage.core.json_types import Json
from maillage.core.record_versions import StaleRecordError
from maillage.core.request import Request
from maillage.files.queries import files_without_record_check
from maillage.files.uploads import StreamingUploadHandler
from maillage.label_agreements.actions.clauses import attach_clause, write_clause
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import LabelAgreement, LabelAgreementVersion
from maillage.presentation.action_forms import parse_number, redirect_after_action
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits
from maillage.web.label_agreements.lookups import get_agreement, get_writable_version

# Blank rows that a table shows below those filled in.
_BLANK_ROWS = 3


def _get_question(version: LabelAgreementVersion, name: str) -> Question:
    heading = version.agreement.call_document.heading(name)
    if heading is None or heading.kind is HeadingKind.PERIMETER:
        raise Http404(_("The agreement has no such heading."))
    return question_for_heading(heading)


def clause_page(request: Request, pk: int, number: int, name: str) -> HttpResponse:
    """Write the clause under one heading; a concurrent change is refused (409) and shown."""
    version = get_writable_version(request, pk, number)
    question = _get_question(version, name)
    clause = version.clauses.filter(heading=name).first()
    values: Arguments = {"value": clause.value if clause else None, "base": clause.edition if clause else 0}
    failure: ActionError | None = None
    if request.method == "POST":
        values = {
            "value": _posted_value(request, question),
            "base": parse_number(request.POST.get("base", ""), digits=8),
        }
        about: Arguments = {"agreement_id": pk, "version": number, "heading": name}
        try:
            write_clause(actor=request.actor, at=timezone.now(), **about, **values)
            return redirect(version.agreement)
        except ActionError as error:
            failure = error
    stale = isinstance(failure, StaleRecordError)
    context = {
        "version": version, "question": question, "clause": clause, "value": values["value"], "told": failure,
        "theirs": clause if stale else None, "base": clause.edition if stale and clause else values["base"],
        "rows": _table_rows(question, values["value"]), **upload_limits(),
    }  # fmt: skip
    return render(request, "web/conventions/clause.html", context, status=409 if stale else 422 if failure else 200)


def _posted_value(request: Request, question: Question) -> Json:
    if not question.columns:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{column.key}") for column in question.columns]
    keys = [column.key for column in question.columns]
    return [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=False)]


def _table_rows(question: Question, value: Json) -> list[list[str]]:
    """The rows of a table with blank ones below, up to its maximum; empty for other kinds of question."""
    filled = (
        [[row.get(column.key, "") for column in question.columns] for row in value or []] if question.columns else []
    )
    blank = min(_BLANK_ROWS, question.most - len(filled)) if question.columns else 0
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@accepts_upload
def attach(request: Request, pk: int, number: int, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Attach the file that a heading asks for."""
    version = get_writable_version(request, pk, number)
    action = partial(run_with_upload, partial(attach_clause, agreement_id=pk, version=number, heading=name), intake)
    return redirect_after_action(request, action, version.agreement)


def agreement_file(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """A file of the label agreement."""
    agreement = get_agreement(request, pk)
    agreement_files = files_without_record_check(actor=request.actor).filter(
        record_kind=LabelAgreement.kind_name(), record_id=agreement.pk
    )
    file = agreement_files.filter(content__digest=digest).first()
    if file is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, file)
