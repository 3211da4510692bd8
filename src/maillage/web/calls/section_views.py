"""A dossier is written one question at a time: each is kept as one goes on; two who write at once see each other."""

from functools import partial
from typing import Any

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
from maillage.core.record_versions import StaleRecordError
from maillage.core.request import Request
from maillage.files.queries import files
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.web.calls.lookups import get_application
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits

# Rows that a table shows beyond those that are filled in.
_BLANK_ROWS = 3


def _section(application: Application, key: str, number: int) -> ApplicationSection:
    found = application.call.section(key)
    if found is None or not 1 <= number <= found.repeat:
        raise Http404(_("The application has no such section."))
    return found


def section_page(request: Request, key: str, name: str, number: int = 1) -> HttpResponse:
    """One section, to be written by those who may and read by the others."""
    application = get_application(request, key)
    part = _section(application, name, number)
    fillings = replies_by_section(application).get(name, {})
    given = fillings.get(number, {})
    about = {"application_id": application.pk, "section": name}
    writes = application.sent_at is None and application.withdrawn_at is None
    may = writes and REGISTRY["calls.write_reply"].allows(request.actor, timezone.now(), about)
    keys = [one.key for one in application.call.sections]
    place = keys.index(name)
    context = {
        "application": application,
        "section": part,
        "number": number,
        "numbers": range(1, min(part.repeat, max([0, *fillings]) + 1) + 1) if part.repeat > 1 else [],
        "questions": [_asked(one, given.get(one.key)) for one in part.questions],
        "may_write": may,
        "before": application.call.sections[place - 1] if place else None,
        "after": application.call.sections[place + 1] if place + 1 < len(keys) else None,
        **upload_limits(),
    }
    return render(request, "web/calls/section.html", context)


def _asked(question: Question, reply: Reply | None) -> dict[str, Any]:
    value = reply.value if reply else None
    return {"question": question, "reply": reply, "value": value, "rows": _rows(question, value)}


def _rows(question: Question, value: Any) -> list[list[str]]:
    """The rows of a table with blank ones below, as far as it takes them."""
    if question.kind is not QuestionKind.TABLE:
        return []
    filled = [[row.get(column.key, "") for column in question.columns] for row in value or []]
    blank = min(_BLANK_ROWS, question.most - len(filled))
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@require_POST
def save_reply(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Keep one reply; what comes back says so, or shows what somebody else wrote in the meantime."""
    application = get_application(request, key)
    asked = _section(application, name, number).question(question)
    if asked is None:
        raise Http404(_("The application does not ask this."))
    base = request.POST.get("base", "0")
    try:
        kept = write_reply(
            actor=request.actor,
            at=timezone.now(),
            application_id=application.pk,
            section=name,
            question=question,
            number=number,
            value=_given(request, asked),
            base=parse_number(base, digits=8),
        )
        return _state(request, application, name, number, question, reply=kept)
    except StaleRecordError as error:
        place = {"section": name, "number": number, "question": question}
        theirs = application.replies.filter(**place).first()
        return _state(
            request, application, name, number, question, status=409, reply=theirs, summary=error, theirs=theirs
        )
    except ActionError as error:
        return _state(request, application, name, number, question, status=422, base=base, summary=error)


def _given(request: Request, asked: Question) -> Any:
    if asked.kind is not QuestionKind.TABLE:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{one.key}") for one in asked.columns]
    return [dict(zip((one.key for one in asked.columns), cells, strict=True)) for cells in zip(*columns, strict=False)]


def _state(
    request: Request, application: Application, name: str, number: int, question: str, status: int = 200, **more: Any
) -> HttpResponse:
    """The line below a question; a browser without script gets the section again."""
    if not getattr(request, "htmx", False) and status == 200:
        return redirect("write-section", application.key, name, number)
    context = {"application": application, "name": name, "number": number, "key": question, **more}
    page = "state" if getattr(request, "htmx", False) else "refused"
    # What htmx swaps in must come with a status of success; the words say what went wrong.
    return render(request, f"web/calls/{page}.html", context, status=200 if page == "state" else status)


@require_POST
def fill_in_figure(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Pull a figure with its evidence."""
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
    """The bytes of a file of the dossier."""
    application = get_application(request, key)
    within = files(actor=request.actor).filter(record_kind=Application.kind_name(), record_id=application.pk)
    found = within.filter(content__digest=digest).first()
    if found is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, found)
