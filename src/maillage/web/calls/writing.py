"""A dossier is written one question at a time: each is kept as one goes on; two who write at once see each other."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.calls.applying import write_reply
from maillage.calls.attaching import attach_to_dossier
from maillage.calls.document import Kind, Question, Section
from maillage.calls.models import Dossier, Reply
from maillage.calls.queries import dossiers, replies_of
from maillage.calls.sending import pull_figure
from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.files.intake import Intake, settled
from maillage.kernel.files.queries import files
from maillage.kernel.request import Request
from maillage.kernel.versions import Stale
from maillage.web.files import came_in, handed_out, limits, taking_a_file

# Rows that a table shows beyond those that are filled in.
_BLANK_ROWS = 3


def dossier_of(request: Request, key: str) -> Dossier:
    """The dossier of an address, for whoever reads it."""
    found: Dossier = get_object_or_404(dossiers(actor=request.actor), key=key)
    return found


def _section(dossier: Dossier, key: str, number: int) -> Section:
    found = dossier.call.section(key)
    if found is None or not 1 <= number <= found.repeat:
        raise Http404(_("The dossier has no such section."))
    return found


def section(request: Request, key: str, name: str, number: int = 1) -> HttpResponse:
    """One section, to be written by those who may and read by the others."""
    dossier = dossier_of(request, key)
    part = _section(dossier, name, number)
    fillings = replies_of(dossier).get(name, {})
    given = fillings.get(number, {})
    about = {"dossier_id": dossier.pk, "section": name}
    writes = dossier.sent_at is None and dossier.withdrawn_at is None
    may = writes and REGISTRY["calls.write_reply"].allows(request.actor, timezone.now(), about)
    keys = [one.key for one in dossier.call.sections]
    place = keys.index(name)
    context = {
        "dossier": dossier,
        "section": part,
        "number": number,
        "numbers": range(1, min(part.repeat, max([0, *fillings]) + 1) + 1) if part.repeat > 1 else [],
        "questions": [_asked(one, given.get(one.key)) for one in part.questions],
        "may_write": may,
        "before": dossier.call.sections[place - 1] if place else None,
        "after": dossier.call.sections[place + 1] if place + 1 < len(keys) else None,
        **limits(),
    }
    return render(request, "web/calls/section.html", context)


def _asked(question: Question, reply: Reply | None) -> dict[str, Any]:
    value = reply.value if reply else None
    return {"question": question, "reply": reply, "value": value, "rows": _rows(question, value)}


def _rows(question: Question, value: Any) -> list[list[str]]:
    """The rows of a table with blank ones below, as far as it takes them."""
    if question.kind is not Kind.TABLE:
        return []
    filled = [[row.get(column.key, "") for column in question.columns] for row in value or []]
    blank = min(_BLANK_ROWS, question.most - len(filled))
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@require_POST
def reply(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Keep one reply; what comes back says so, or shows what somebody else wrote in the meantime."""
    dossier = dossier_of(request, key)
    asked = _section(dossier, name, number).question(question)
    if asked is None:
        raise Http404(_("The dossier does not ask this."))
    base = request.POST.get("base", "0")
    try:
        kept = write_reply(
            actor=request.actor,
            at=timezone.now(),
            dossier_id=dossier.pk,
            section=name,
            question=question,
            number=number,
            value=_given(request, asked),
            base=int(base) if base.isdecimal() and len(base) < 9 else 0,
        )
        return _state(request, dossier, name, number, question, reply=kept)
    except Stale as error:
        place = {"section": name, "number": number, "question": question}
        theirs = dossier.replies.filter(**place).first()
        return _state(request, dossier, name, number, question, status=409, reply=theirs, told=error, theirs=theirs)
    except Impossible as error:
        return _state(request, dossier, name, number, question, status=422, base=base, told=error)


def _given(request: Request, asked: Question) -> Any:
    if asked.kind is not Kind.TABLE:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{one.key}") for one in asked.columns]
    return [dict(zip((one.key for one in asked.columns), cells, strict=True)) for cells in zip(*columns, strict=False)]


def _state(
    request: Request, dossier: Dossier, name: str, number: int, question: str, status: int = 200, **more: Any
) -> HttpResponse:
    """The line below a question; a browser without script gets the section again."""
    if not getattr(request, "htmx", False) and status == 200:
        return redirect("write-section", dossier.key, name, number)
    context = {"dossier": dossier, "name": name, "number": number, "key": question, **more}
    page = "state" if getattr(request, "htmx", False) else "refused"
    # What htmx swaps in must come with a status of success; the words say what went wrong.
    return render(request, f"web/calls/{page}.html", context, status=200 if page == "state" else status)


@require_POST
def figure(request: Request, key: str, name: str, number: int, question: str) -> HttpResponse:
    """Pull a figure with its evidence."""
    dossier = dossier_of(request, key)
    given: dict[str, Any] = {"dossier_id": dossier.pk, "section": name, "question": question, "number": number}
    return _done(request, dossier, name, number, lambda: pull_figure(actor=request.actor, at=timezone.now(), **given))


@taking_a_file
def attach(request: Request, key: str, name: str, number: int, question: str, intake: Intake) -> HttpResponse:
    """Attach the file that a question asks for."""
    dossier = dossier_of(request, key)
    given: dict[str, Any] = {"dossier_id": dossier.pk, "section": name, "question": question, "number": number}

    def act() -> None:
        incoming = came_in(intake)
        with settled(incoming):
            attach_to_dossier(actor=request.actor, at=timezone.now(), incoming=incoming, **given)

    return _done(request, dossier, name, number, act)


def _done(request: Request, dossier: Dossier, name: str, number: int, act: Any) -> HttpResponse:
    from django.contrib import messages

    try:
        act()
    except Impossible as error:
        messages.error(request, str(error))
    return redirect("write-section", dossier.key, name, number)


def file(request: Request, key: str, digest: str) -> HttpResponseBase:
    """The bytes of a file of the dossier."""
    dossier = dossier_of(request, key)
    within = files(actor=request.actor).filter(record_kind=Dossier.kind_name(), record_id=dossier.pk)
    found = within.filter(content__digest=digest).first()
    if found is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return handed_out(request, found)
