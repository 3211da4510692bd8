"""A reviewer's own pages: what is asked, the dossier to read, the marks to give."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.application_pdf import render_application_pdf
from maillage.calls.blind_review import NameMask, name_mask_of
from maillage.calls.call_document import CallDocument, Question, QuestionKind
from maillage.calls.models import Application, Reply
from maillage.calls.queries import application_parties, replies_by_section
from maillage.calls.reply_text import format_reply
from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.files.models import File
from maillage.reviews.actions.reviews import declare_conflict, decline_review, write_review
from maillage.reviews.models import Assignment, Review
from maillage.reviews.queries import other_reviews, own_assignments
from maillage.web.files.downloads import file_response
from maillage.web.reviews.forms import ReviewForm


def own_reviews_page(request: Request) -> HttpResponse:
    """What the reader is asked to review, the first due first."""
    # The assignment is what lets a reviewer read a dossier that no mandate opens.
    with read_everything():
        found = list(own_assignments(request.actor)[:200])
        rows = [
            {"assignment": one, "title": name_mask_of(one.application).text(one.application.title),
             "call": str(one.application.version.call), "late": one.days_late(timezone.localdate())}
            for one in found
        ]  # fmt: skip
    return render(request, "web/reviews/own.html", {"rows": rows})


def _asked(request: Request, pk: int) -> Assignment:
    found = own_assignments(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404(_("No review with this address is asked of you."))
    return found


@never_cache
def review_page(request: Request, pk: int) -> HttpResponse:
    """The dossier beside the form; kept as a draft or sent."""
    with read_everything():
        held = _asked(request, pk)
        says = held.application.version.call.last.says
        form = ReviewForm(request.POST if request.method == "POST" else None, says=says, initial=_initial(held))
        if request.method == "POST" and form.is_valid() and _written(request, held, form):
            return redirect("own-reviews")
        veil = name_mask_of(held.application)
        context = {
            "held": held,
            "form": form,
            "title": veil.text(held.application.title),
            "blind": says.review.blind,
            "parties": [] if says.review.blind else application_parties(held.application),
            "sections": list(_read(held.application, veil)),
            "others": [_other(one, says) for one in other_reviews(held)],
        }
        return render(request, "web/reviews/review.html", context, status=422 if form.is_bound else 200)


def _initial(is_accepted: Assignment) -> dict[str, Any]:
    given = Review.objects.filter(assignment=is_accepted).first()
    if given is None:
        return {}
    marks = {f"mark-{key}": value for key, value in given.marks.items()}
    return {"to_applicant": given.to_applicant, "to_panel": given.to_panel, **marks}


def _written(request: Request, is_accepted: Assignment, form: ReviewForm) -> bool:
    send = request.POST.get("do") == "send"
    words = {name: form.posted[name] for name in ("to_applicant", "to_panel") if name in form.posted}
    try:
        write_review(
            actor=request.actor, at=timezone.now(), assignment_id=is_accepted.pk, marks=form.marks, send=send, **words
        )
    except ActionError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Your review is sent.") if send else _("Your review is kept as a draft."))
    return True


def _read(application: Application, name_mask: NameMask) -> Iterator[dict[str, Any]]:
    """The sections of a dossier in words."""
    replies = replies_by_section(application)
    for section in application.call.sections:
        fillings = replies.get(section.key, {})
        for number in sorted(fillings) or [1]:
            given = fillings.get(number, {})
            yield {
                "title": section.title,
                "number": number if section.repeat > 1 else 0,
                "key": section.key,
                "filling": number,
                "replies": [_reply(one, given.get(one.key), name_mask) for one in section.questions],
            }


def _reply(question: Question, reply: Reply | None, name_mask: NameMask) -> dict[str, Any]:
    """A reply in words, and whether it is a file to open."""
    value = name_mask.reply(question, reply.value) if reply else None
    return {
        "question": question,
        "text": format_reply(question, value),
        "file": question.kind is QuestionKind.FILE and bool(value),
    }


@never_cache
@require_safe
def reviewed_application_pdf(request: Request, pk: int) -> HttpResponse:
    """The dossier as a PDF, as its reviewer reads it."""
    with read_everything():
        held = _asked(request, pk)
        made = render_application_pdf(held.application, name_mask_of(held.application))
    # The key of a dossier says nothing of its bodies.
    name = f"{held.application.key}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def reviewed_application_file(request: Request, pk: int, section: str, number: int, question: str) -> HttpResponseBase:
    """A file that was attached to the dossier, under a name that says nothing of its bodies where the call is blind."""
    with read_everything():
        application = _asked(request, pk).application
        part = application.call.section(section)
        asked = part.question(question) if part else None
        reply = application.replies.filter(section=section, number=number, question=question).first()
        if asked is None or asked.kind is not QuestionKind.FILE or reply is None or not reply.value:
            raise Http404(_("No file was attached here."))
        kept = File.objects.filter(record_kind=Application.kind_name(), record_id=application.pk)
        found = kept.filter(content__digest=reply.value["file"]).select_related("content").first()
        if found is None:
            raise Http404(_("No file was attached here."))
        found.name = name_mask_of(application).file_name(asked, found.name)
    return file_response(request, found)


def _other(given: Review, says: CallDocument) -> dict[str, Any]:
    """What another reviewer says, without who it is."""
    marks = [(one.title, given.marks.get(one.key, "—")) for one in says.criteria]
    return {"marks": marks, "to_panel": given.to_panel, "to_applicant": given.to_applicant}


@require_POST
def report_conflict(request: Request, pk: int) -> HttpResponse:
    """Declare a conflict of interest."""
    return _refused(request, pk, declare_conflict, _("Thank you for saying so; the review is asked of somebody else."))


@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Decline the review."""
    return _refused(request, pk, decline_review, _("Whoever runs the call asks somebody else."))


def _refused(request: Request, pk: int, act: Any, summary: str) -> HttpResponse:
    try:
        act(actor=request.actor, at=timezone.now(), assignment_id=pk, why=request.POST.get("why", ""))
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("write-review", pk)
    messages.success(request, summary)
    return redirect("own-reviews")
