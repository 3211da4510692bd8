"""A reviewer's own pages: assignments, the application to read, and the form of the review."""

from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import login_required
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
from maillage.reviews.actions.conflicts import declare_conflict
from maillage.reviews.actions.reviews import decline_review, write_review
from maillage.reviews.models import Assignment, Review
from maillage.reviews.queries import other_reviews, own_assignments
from maillage.web.files.downloads import file_response
from maillage.web.reviews.forms import ReviewForm


@login_required
def own_reviews_page(request: Request) -> HttpResponse:
    """The reader's assignments, the first due first."""
    # The assignment lets the reviewer read an application that no mandate gives access to.
    with read_everything():
        assignments = list(own_assignments(request.actor)[:200])
        rows = [
            {
                "assignment": assignment,
                "title": name_mask_of(assignment.application).text(assignment.application.title),
                "call": str(assignment.application.version.call),
                "late": assignment.days_late(timezone.localdate()),
            }
            for assignment in assignments
        ]
    return render(request, "web/reviews/own.html", {"rows": rows})


def _get_own_assignment(request: Request, pk: int) -> Assignment:
    assignment = own_assignments(request.actor).filter(pk=pk).first()
    if assignment is None:
        raise Http404(_("No review with this address is asked of you."))
    return assignment


@never_cache
def review_page(request: Request, pk: int) -> HttpResponse:
    """The application beside the form of the review, which is saved as a draft or sent."""
    with read_everything():
        assignment = _get_own_assignment(request, pk)
        document = assignment.application.version.call.last.document
        form = ReviewForm(
            request.POST if request.method == "POST" else None, document=document, initial=_initial(assignment)
        )
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
        name_mask = name_mask_of(assignment.application)
        context = {
            "held": assignment,
            "form": form,
            "title": name_mask.text(assignment.application.title),
            "blind": document.review.blind,
            "parties": [] if document.review.blind else application_parties(assignment.application),
            "sections": list(_section_contexts(assignment.application, name_mask)),
            "others": [_other_review_context(review, document) for review in other_reviews(assignment)],
        }
        return render(request, "web/reviews/review.html", context, status=422 if form.is_bound else 200)


def _initial(assignment: Assignment) -> dict[str, object]:
    review = Review.objects.filter(assignment=assignment).first()
    if review is None:
        return {}
    marks = {f"mark-{key}": value for key, value in review.marks.items()}
    return {"to_applicant": review.to_applicant, "to_panel": review.to_panel, **marks}


def _review_arguments(assignment: Assignment, form: ReviewForm, *, send: bool) -> dict[str, object]:
    words: dict[str, object] = {name: form.posted[name] for name in ("to_applicant", "to_panel") if name in form.posted}
    return {"assignment_id": assignment.pk, "marks": form.marks, "send": send, **words}


def _section_contexts(application: Application, name_mask: NameMask) -> Iterator[dict[str, object]]:
    """The sections of an application with their replies as text, one for each time a section is filled in."""
    replies = replies_by_section(application)
    for section in application.call_document.sections:
        fillings = replies.get(section.key, {})
        for number in sorted(fillings) or [1]:
            section_replies = fillings.get(number, {})
            yield {
                "title": section.title,
                "number": number if section.repeat > 1 else 0,
                "key": section.key,
                "filling": number,
                "replies": [
                    _reply_context(question, section_replies.get(question.key), name_mask)
                    for question in section.questions
                ],
            }


def _reply_context(question: Question, reply: Reply | None, name_mask: NameMask) -> dict[str, object]:
    """A reply as text, and whether it is a file to open."""
    value = name_mask.reply(question, reply.value) if reply else None
    return {
        "question": question,
        "text": format_reply(question, value),
        "file": question.kind is QuestionKind.FILE and bool(value),
    }


@never_cache
@require_safe
def reviewed_application_pdf(request: Request, pk: int) -> HttpResponse:
    """The application as a PDF, without names where the call is blind."""
    with read_everything():
        application = _get_own_assignment(request, pk).application
        pdf = render_application_pdf(application, name_mask_of(application))
    # The key of an application does not reveal its organisations.
    name = f"{application.key}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def reviewed_application_file(request: Request, pk: int, section: str, number: int, question: str) -> HttpResponseBase:
    """A file of the application; where the call is blind, its name reveals no organisation."""
    with read_everything():
        application = _get_own_assignment(request, pk).application
        part = application.call_document.section(section)
        definition = part.question(question) if part else None
        reply = application.replies.filter(section=section, number=number, question=question).first()
        if definition is None or definition.kind is not QuestionKind.FILE or reply is None or not reply.value:
            raise Http404(_("No file was attached here."))
        application_files = File.objects.filter(record_kind=Application.kind_name(), record_id=application.pk)
        file = application_files.filter(content__digest=reply.value["file"]).select_related("content").first()
        if file is None:
            raise Http404(_("No file was attached here."))
        file.name = name_mask_of(application).file_name(definition, file.name)
    return file_response(request, file)


def _other_review_context(review: Review, document: CallDocument) -> dict[str, object]:
    """The marks and texts of another review, without its author."""
    marks = [(criterion.title, review.marks.get(criterion.key, "—")) for criterion in document.criteria]
    return {"marks": marks, "to_panel": review.to_panel, "to_applicant": review.to_applicant}


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


def _refuse_review(request: Request, pk: int, action: Callable[..., object], success: str) -> HttpResponse:
    arguments = {"assignment_id": pk, "why": request.POST.get("why", "")}
    if run_action_form(request, action, arguments=arguments, success=success):
        return redirect("own-reviews")
    return redirect("write-review", pk)
