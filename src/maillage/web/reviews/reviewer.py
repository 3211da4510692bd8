"""A reviewer's own pages: what is asked, the dossier to read, the marks to give."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.blind import Veil, veil_of
from maillage.calls.document import CallDocument, Criterion, Kind, Question
from maillage.calls.models import Dossier, Reply
from maillage.calls.paper import paper_of, said
from maillage.calls.queries import parties_of, replies_of
from maillage.kernel.actions import Impossible
from maillage.kernel.files.models import File
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.reviews.models import Assignment, Review
from maillage.reviews.queries import others_on, own_assignments
from maillage.reviews.reviewing import declare_conflict, decline_review, write_review
from maillage.web.files import handed_out


class ReviewForm(forms.Form):
    """Marks by criterion, and words for the applicant and for the panel, kept apart."""

    to_applicant = forms.CharField(
        label=gettext_lazy("To the applicant, who reads it with the decision"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    to_panel = forms.CharField(
        label=gettext_lazy("To the panel alone"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, says: CallDocument, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for one in says.criteria:
            self.fields[f"mark-{one.key}"] = _mark_field(one)
        self.order_fields([f"mark-{one.key}" for one in says.criteria])

    @property
    def marks(self) -> dict[str, Any]:
        """The marks given, by criterion."""
        prefix = "mark-"
        return {key.removeprefix(prefix): value for key, value in self.cleaned_data.items() if key.startswith(prefix)}


def _mark_field(one: Criterion) -> forms.CharField:
    told = _("from %(low)s to %(high)s") % {"low": one.low, "high": one.high}
    anchors = "; ".join(f"{anchor.mark}: {anchor.words}" for anchor in one.anchors)
    return forms.CharField(
        label=str(one.title), required=False, max_length=10, help_text=f"{told}. {anchors}".strip(),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def own(request: Request) -> HttpResponse:
    """What the reader is asked to review, the first due first."""
    # The assignment is what lets a reviewer read a dossier that no mandate opens.
    with everything():
        found = list(own_assignments(request.actor)[:200])
        rows = [
            {"assignment": one, "title": veil_of(one.dossier).text(one.dossier.title),
             "call": str(one.dossier.version.call), "late": one.days_late(timezone.localdate())}
            for one in found
        ]  # fmt: skip
    return render(request, "web/reviews/own.html", {"rows": rows})


def _asked(request: Request, pk: int) -> Assignment:
    found = own_assignments(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404(_("No review with this address is asked of you."))
    return found


@never_cache
def review(request: Request, pk: int) -> HttpResponse:
    """The dossier beside the form; kept as a draft or sent."""
    with everything():
        held = _asked(request, pk)
        says = held.dossier.version.call.last.says
        form = ReviewForm(request.POST if request.method == "POST" else None, says=says, initial=_initial(held))
        if request.method == "POST" and form.is_valid() and _written(request, held, form):
            return redirect("own-reviews")
        veil = veil_of(held.dossier)
        context = {
            "held": held,
            "form": form,
            "title": veil.text(held.dossier.title),
            "blind": says.review.blind,
            "parties": [] if says.review.blind else parties_of(held.dossier),
            "sections": list(_read(held.dossier, veil)),
            "others": [_other(one, says) for one in others_on(held)],
        }
        return render(request, "web/reviews/review.html", context, status=422 if form.is_bound else 200)


def _initial(held: Assignment) -> dict[str, Any]:
    given = Review.objects.filter(assignment=held).first()
    if given is None:
        return {}
    marks = {f"mark-{key}": value for key, value in given.marks.items()}
    return {"to_applicant": given.to_applicant, "to_panel": given.to_panel, **marks}


def _written(request: Request, held: Assignment, form: ReviewForm) -> bool:
    send = request.POST.get("do") == "send"
    words = {name: form.cleaned_data[name] for name in ("to_applicant", "to_panel")}
    try:
        write_review(
            actor=request.actor, at=timezone.now(), assignment_id=held.pk, marks=form.marks, send=send, **words
        )
    except Impossible as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Your review is sent.") if send else _("Your review is kept as a draft."))
    return True


def _read(dossier: Dossier, veil: Veil) -> Iterator[dict[str, Any]]:
    """The sections of a dossier in words."""
    replies = replies_of(dossier)
    for section in dossier.call.sections:
        fillings = replies.get(section.key, {})
        for number in sorted(fillings) or [1]:
            given = fillings.get(number, {})
            yield {
                "title": section.title,
                "number": number if section.repeat > 1 else 0,
                "key": section.key,
                "filling": number,
                "replies": [_reply(one, given.get(one.key), veil) for one in section.questions],
            }


def _reply(question: Question, reply: Reply | None, veil: Veil) -> dict[str, Any]:
    """A reply in words, and whether it is a file to open."""
    value = veil.reply(question, reply.value) if reply else None
    return {"question": question, "text": said(question, value), "file": question.kind is Kind.FILE and bool(value)}


@never_cache
@require_safe
def paper(request: Request, pk: int) -> HttpResponse:
    """The dossier as a PDF, as its reviewer reads it."""
    with everything():
        held = _asked(request, pk)
        made = paper_of(held.dossier, veil_of(held.dossier))
    # The key of a dossier says nothing of its bodies.
    name = f"{held.dossier.key}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def file(request: Request, pk: int, section: str, number: int, question: str) -> HttpResponseBase:
    """A file that was attached to the dossier, under a name that says nothing of its bodies where the call is blind."""
    with everything():
        dossier = _asked(request, pk).dossier
        part = dossier.call.section(section)
        asked = part.question(question) if part else None
        reply = dossier.replies.filter(section=section, number=number, question=question).first()
        if asked is None or asked.kind is not Kind.FILE or reply is None or not reply.value:
            raise Http404(_("No file was attached here."))
        kept = File.objects.filter(record_kind=Dossier.kind_name(), record_id=dossier.pk)
        found = kept.filter(content__digest=reply.value["file"]).select_related("content").first()
        if found is None:
            raise Http404(_("No file was attached here."))
        found.name = veil_of(dossier).file_name(asked, found.name)
    return handed_out(request, found)


def _other(given: Review, says: CallDocument) -> dict[str, Any]:
    """What another reviewer says, without who it is."""
    marks = [(one.title, given.marks.get(one.key, "—")) for one in says.criteria]
    return {"marks": marks, "to_panel": given.to_panel, "to_applicant": given.to_applicant}


@require_POST
def declare(request: Request, pk: int) -> HttpResponse:
    """Declare a conflict of interest."""
    return _refused(request, pk, declare_conflict, _("Thank you for saying so; the review is asked of somebody else."))


@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Decline the review."""
    return _refused(request, pk, decline_review, _("Whoever runs the call asks somebody else."))


def _refused(request: Request, pk: int, act: Any, told: str) -> HttpResponse:
    try:
        act(actor=request.actor, at=timezone.now(), assignment_id=pk, why=request.POST.get("why", ""))
    except Impossible as error:
        messages.error(request, str(error))
        return redirect("write-review", pk)
    messages.success(request, told)
    return redirect("own-reviews")
