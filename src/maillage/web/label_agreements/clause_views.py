"""A version of a convention is written heading by heading, and its perimeter entity by entity."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.call_document import HeadingKind, Question
from maillage.core.action_registry import ActionError
from maillage.core.record_versions import StaleRecordError
from maillage.core.request import Request
from maillage.files.queries import files
from maillage.files.uploads import StreamingUploadHandler
from maillage.label_agreements.actions.clauses import attach_clause, write_clause
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import LabelAgreement, LabelAgreementVersion
from maillage.presentation.action_forms import parse_number, redirect_after_action
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits
from maillage.web.label_agreements.lookups import get_agreement, get_writable_version

# Rows that a table shows beyond those that are filled in.
_BLANK_ROWS = 3


def _question(version: LabelAgreementVersion, name: str) -> Question:
    found = version.agreement.says.heading(name)
    if found is None or found.kind is HeadingKind.PERIMETER:
        raise Http404(_("The convention has no such heading."))
    return question_for_heading(found)


def clause_page(request: Request, pk: int, number: int, name: str) -> HttpResponse:
    """What stands under one heading, to be written; who comes second sees what the first wrote."""
    version = get_writable_version(request, pk, number)
    question = _question(version, name)
    held = version.clauses.filter(heading=name).first()
    given: dict[str, Any] = {"value": held.value if held else None, "base": held.edition if held else 0}
    told: ActionError | None = None
    if request.method == "POST":
        given = {"value": _given(request, question), "base": parse_number(request.POST.get("base", ""), digits=8)}
        about: dict[str, Any] = {"agreement_id": pk, "version": number, "heading": name}
        try:
            write_clause(actor=request.actor, at=timezone.now(), **about, **given)
            return redirect(version.agreement)
        except ActionError as error:
            told = error
    stale = isinstance(told, StaleRecordError)
    context = {
        "version": version, "question": question, "clause": held, "value": given["value"], "told": told,
        "theirs": held if stale else None, "base": held.edition if stale and held else given["base"],
        "rows": _rows(question, given["value"]), **upload_limits(),
    }  # fmt: skip
    return render(request, "web/conventions/clause.html", context, status=409 if stale else 422 if told else 200)


def _given(request: Request, question: Question) -> Any:
    if not question.columns:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{one.key}") for one in question.columns]
    keys = [one.key for one in question.columns]
    return [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=False)]


def _rows(question: Question, value: Any) -> list[list[str]]:
    """The rows of a table with blank ones below, as far as it takes them."""
    filled = [[row.get(one.key, "") for one in question.columns] for row in value or []] if question.columns else []
    blank = min(_BLANK_ROWS, question.most - len(filled)) if question.columns else 0
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@accepts_upload
def attach(request: Request, pk: int, number: int, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Attach the file that a heading asks for."""
    version = get_writable_version(request, pk, number)
    action = partial(run_with_upload, partial(attach_clause, agreement_id=pk, version=number, heading=name), intake)
    return redirect_after_action(request, action, version.agreement)


def agreement_file(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """The bytes of a file of the convention."""
    agreement = get_agreement(request, pk)
    within = files(actor=request.actor).filter(record_kind=LabelAgreement.kind_name(), record_id=agreement.pk)
    found = within.filter(content__digest=digest).first()
    if found is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, found)
