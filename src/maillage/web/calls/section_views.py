"""Pages on which an application is written: each reply is saved by itself, and concurrent changes are shown."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.calls.actions.replies import attach_to_application, pull_figure, write_reply
from maillage.calls.call_document import ApplicationSection, Question, QuestionKind
from maillage.calls.models import Application, Reply
from maillage.calls.queries import replies_by_section
from maillage.core.action_registry import REGISTRY, ActionError
from maillage.core.json_types import Json
from maillage.core.record_versions import StaleRecordError
from maillage.core.request import Request
from maillage.files.queries import files_without_record_check
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.web.calls.lookups import get_application
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits

# Blank rows that a table shows below those filled in.
_BLANK_ROWS = 3


def _get_section(application: Application, key: str, number: int) -> ApplicationSection:
    section = application.call_document.section(key)
    if section is None or not 1 <= number <= section.repeat:
        raise Http404(_("The application has no such section."))
    return section


def section_page(request: Request, key: str, name: str, number: int = 1) -> HttpResponse:
    """One section: a form for its writers, read-only for the other readers."""
    application = get_application(request, key)
    part = _get_section(application, name, number)
    fillings = replies_by_section(application).get(name, {})
    replies = fillings.get(number, {})
    about = {"application_id": application.pk, "section": name}
    is_open = application.sent_at is None and application.withdrawn_at is None
    may_write = is_open and REGISTRY["calls.write_reply"].allows(request.actor, timezone.now(), about)
    keys = [section.key for section in application.call_document.sections]
    position = keys.index(name)
    context = {
        "application": application,
        "section": part,
        "number": number,
        "numbers": range(1, min(part.repeat, max([0, *fillings]) + 1) + 1) if part.repeat > 1 else [],
        "questions": [_question_context(question, replies.get(question.key)) for question in part.questions],
        "may_write": may_write,
        "before": application.call_document.sections[position - 1] if position else None,
        "after": application.call_document.sections[position + 1] if position + 1 < len(keys) else None,
        **upload_limits(),
    }
    return render(request, "web/calls/section.html", context)


def _question_context(question: Question, reply: Reply | None) -> dict[str, object]:
    value = reply.value if reply else None
    return {"question": question, "reply": reply, "value": value, "rows": _table_rows(question, value)}


def _table_rows(question: Question, value: Json) -> list[list[str]]:
    """The rows of a table with blank ones below, up to its maximum; empty for other kinds of question."""
    if question.kind is not QuestionKind.TABLE:
        return []
    filled = [[row.get(column.key, "") for column in question.columns] for row in value or []]
    blank = min(_BLANK_ROWS, question.most - len(filled))
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@require_POST
def save_reply(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Save one reply; the response confirms it, or shows what somebody else saved in the meantime."""
    application = get_application(request, key)
    definition = _get_section(application, name, number).question(question)
    if definition is None:
        raise Http404(_("The application does not ask this."))
    base = request.POST.get("base", "0")
    try:
        reply = write_reply(
            actor=request.actor,
            at=timezone.now(),
            application_id=application.pk,
            section=name,
            question=question,
            number=number,
            value=_posted_value(request, definition),
            base=parse_number(base, digits=8),
        )
        return _reply_response(request, application, name, number, question, reply=reply)
    except StaleRecordError as error:
        place = {"section": name, "number": number, "question": question}
        theirs = application.replies.filter(**place).first()
        return _reply_response(
            request, application, name, number, question, status=409, reply=theirs, failure=error, theirs=theirs
        )
    except ActionError as error:
        return _reply_response(request, application, name, number, question, status=422, base=base, failure=error)


def _posted_value(request: Request, question: Question) -> Json:
    if question.kind is not QuestionKind.TABLE:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{column.key}") for column in question.columns]
    return [
        dict(zip((column.key for column in question.columns), cells, strict=True))
        for cells in zip(*columns, strict=False)
    ]


def _reply_response(
    request: Request, application: Application, name: str, number: int, question: str, status: int = 200, **more: object
) -> HttpResponse:
    """The state of a reply, shown below its question; without htmx, a redirect or a page that says what was refused."""
    if not getattr(request, "htmx", False) and status == 200:
        return redirect("write-section", application.key, name, number)
    context = {"application": application, "name": name, "number": number, "key": question, **more}
    template = "state" if getattr(request, "htmx", False) else "refused"
    # htmx swaps in only responses with a success status; the text says what went wrong.
    return render(request, f"web/calls/{template}.html", context, status=200 if template == "state" else status)


@require_POST
def fill_in_figure(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Fill in a figure of the register with its evidence."""
    application = get_application(request, key)
    place = {"section": name, "question": question, "number": number}
    run_action_form(request, partial(pull_figure, application_id=application.pk), arguments=place)
    return redirect("write-section", application.key, name, number)


@accepts_upload
def attach(
    request: Request, key: str, name: str, number: int, question: str, intake: StreamingUploadHandler
) -> HttpResponse:
    """Attach the file that a question asks for."""
    application = get_application(request, key)
    place = {"section": name, "question": question, "number": number}
    attach_file = partial(attach_to_application, application_id=application.pk)
    run_action_form(request, partial(run_with_upload, attach_file, intake), arguments=place)
    return redirect("write-section", application.key, name, number)


def application_file(request: Request, key: str, digest: str) -> HttpResponseBase:
    """A file of the application."""
    application = get_application(request, key)
    application_files = files_without_record_check(actor=request.actor).filter(
        record_kind=Application.kind_name(), record_id=application.pk
    )
    file = application_files.filter(content__digest=digest).first()
    if file is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, file)
