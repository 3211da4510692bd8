"""A reviewer's own pages: what is asked, the dossier to read, the marks to give."""

from collections.abc import Callable, Iterator
from typing import Any

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
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.files.models import File
from maillage.presentation.action_forms import run_action_form
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
        assignment = _asked(request, pk)
        says = assignment.application.version.call.last.says
        form = ReviewForm(request.POST if request.method == "POST" else None, says=says, initial=_initial(assignment))
        send = request.POST.get("do") == "send"
        outcome = run_action_form(
            request,
            write_review,
            form,
            arguments=lambda: _review_arguments(assignment, form, send=send),
            success=_("Your review is sent.") if send else _("Your review is kept as a draft."),
        )
        if outcome:
            return redirect("own-reviews")
        veil = name_mask_of(assignment.application)
        context = {
            "held": assignment,
            "form": form,
            "title": veil.text(assignment.application.title),
            "blind": says.review.blind,
            "parties": [] if says.review.blind else application_parties(assignment.application),
            "sections": list(_read(assignment.application, veil)),
            "others": [_other(one, says) for one in other_reviews(assignment)],
        }
        return render(request, "web/reviews/review.html", context, status=422 if form.is_bound else 200)


def _initial(assignment: Assignment) -> dict[str, Any]:
    review = Review.objects.filter(assignment=assignment).first()
    if review is None:
        return {}
    marks = {f"mark-{key}": value for key, value in review.marks.items()}
    return {"to_applicant": review.to_applicant, "to_panel": review.to_panel, **marks}


def _review_arguments(assignment: Assignment, form: ReviewForm, *, send: bool) -> dict[str, Any]:
    words: dict[str, Any] = {name: form.posted[name] for name in ("to_applicant", "to_panel") if name in form.posted}
    return {"assignment_id": assignment.pk, "marks": form.marks, "send": send, **words}


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
        application = _asked(request, pk).application
        pdf = render_application_pdf(application, name_mask_of(application))
    # The key of a dossier says nothing of its bodies.
    name = f"{application.key}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
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
    return _refuse_review(
        request, pk, declare_conflict, _("Thank you for saying so; the review is asked of somebody else.")
    )


@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Decline the review."""
    return _refuse_review(request, pk, decline_review, _("Whoever runs the call asks somebody else."))


def _refuse_review(request: Request, pk: int, action: Callable[..., Any], success: str) -> HttpResponse:
    arguments = {"assignment_id": pk, "why": request.POST.get("why", "")}
    if run_action_form(request, action, arguments=arguments, success=success):
        return redirect("own-reviews")
    return redirect("write-review", pk)
