"""What was decided: letters, publication at a set minute, appeals and their answers."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.models import Call
from maillage.kernel import wording
from maillage.kernel.actors import Actor
from maillage.kernel.request import Request
from maillage.kernel.scope import scope_of
from maillage.reviews.appeals import answer_appeal, file_appeal
from maillage.reviews.deciding import decide, reopen_decision
from maillage.reviews.letters import letter_of, letters_of
from maillage.reviews.models import Appeal, Decision, Panel
from maillage.reviews.publication import plan_publication, publish_decisions
from maillage.web.acting import done, may, posted, shown, tried
from maillage.web.calls.writing import dossier_of
from maillage.web.conventions.record import following_of
from maillage.web.reviews.panel import call_run

_SHOWN = 500


class PlanForm(forms.Form):
    """When what is decided is published."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Publish on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        zone = settings.TIME_ZONE
        self.fields["moment"].help_text = _("In the time of %s; it is done within a minute.") % zone


def decisions(request: Request, key: str) -> HttpResponse:
    """Each dossier with what is decided, its letter, its appeal; when it is published."""
    call = call_run(request, key)
    panel = Panel.objects.filter(call=call).first()
    form = PlanForm(posted(request))

    def act(**by: Any) -> Panel:
        return plan_publication(call_id=call.pk, moment=form.cleaned_data["moment"], **by)

    if request.method == "POST" and request.POST.get("do") == "never":
        tried(request, plan_publication, call_id=call.pk)
        return redirect("call-decisions", key)
    if done(request, form, act):
        return redirect("call-decisions", key)
    standing = Decision.objects.filter(dossier__version__call=call, dossier__withdrawn_at=None)
    within = standing.select_related("dossier", "award", "appeal")
    lines = list(within.order_by("dossier__title", "pk")[:_SHOWN])
    following = following_of(request, call, {one.dossier_id: one for one in lines})
    titles = {one.key: one.title for one in call.last.says.outcomes}
    context = {
        "call": call,
        "form": form,
        "publish_at": panel.publish_at if panel else None,
        "lines": [
            {"decision": one, "outcome": titles.get(one.outcome, one.outcome), **following.get(one.dossier_id, {})}
            for one in lines
        ],
        "may_decide": may(request, "reviews.decide", call_id=call.pk),
        "undecided": any(one.decided_at is None for one in lines),
        "unpublished": any(one.published_at is None for one in lines),
    }
    return render(request, "web/reviews/decisions.html", context, status=422 if form.is_bound else 200)


@require_POST
def conclude(request: Request, key: str) -> HttpResponse:
    """The authority decides, or publishes."""
    call = call_run(request, key, "decide")
    act = publish_decisions if request.POST.get("do") == "publish" else decide
    if tried(request, act, call_id=call.pk) is not None:
        messages.success(request, _("Published: awards stand in the register.") if act is publish_decisions
                         else _("Decided as proposed."))  # fmt: skip
    return redirect("call-decisions", key)


@require_POST
def reopen(request: Request, key: str, pk: int) -> HttpResponse:
    """The authority takes a decision back."""
    call_run(request, key, "decide")
    tried(request, reopen_decision, dossier_id=pk, reason=request.POST.get("reason", ""))
    return redirect("call-decisions", key)


@require_safe
def letter(request: Request, key: str) -> HttpResponse:
    """The letter on a dossier: for its bodies once it is published, for who runs the call once it is decided."""
    decision = Decision.objects.filter(dossier=dossier_of(request, key)).exclude(decided_at=None).first()
    if decision is None:
        raise Http404(_("Nothing is decided of this dossier, or it is not published yet."))
    name = f"{decision.dossier.key}-{wording.language()}.pdf"
    return HttpResponse(
        letter_of(decision),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


@require_safe
def letters(request: Request, key: str) -> StreamingHttpResponse:
    """All letters of a call in the language of the page, as a ZIP that is sent while it is made."""
    call = call_run(request, key)
    name = f"{call.key}-letters-{wording.language()}.zip"
    return StreamingHttpResponse(
        _zipped(call, translation.get_language() or "fr", request.actor),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _zipped(call: Call, language: str, actor: Actor) -> Iterator[bytes]:
    """The bytes of the ZIP, letter by letter; reader and language have left the thread by the time it is sent."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive, translation.override(language), scope_of(actor):
        for name, made in letters_of(call):
            archive.writestr(name, made)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what is written, and hands it on once; it cannot go back, so the ZIP is one that is written in a stream."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.held += part
        return len(part)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        found = bytes(self.held)
        self.held.clear()
        return found


class AppealForm(forms.Form):
    """What is wrong with a decision."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong with the decision, and what you ask for"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip


def appeal(request: Request, key: str) -> HttpResponse:
    """The lead of a dossier appeals."""
    dossier = dossier_of(request, key)
    form = AppealForm(posted(request))
    if done(request, form, lambda **by: file_appeal(dossier_id=dossier.pk, text=form.cleaned_data["text"], **by)):
        messages.success(request, _("Your appeal is filed; its answer will stand on this page."))
        return redirect(dossier)
    intro = _("The authority that decided reads it, and says what comes of it.")
    return shown(request, form, dossier, heading=_("Appeal against the decision"), intro=intro, go=_("File the appeal"))


@require_POST
def answer(request: Request, key: str, pk: int) -> HttpResponse:
    """The authority answers an appeal."""
    call = call_run(request, key)
    held = get_object_or_404(Appeal, pk=pk, decision__dossier__version__call=call)
    outcome = request.POST.get("outcome", "")
    tried(request, answer_appeal, appeal_id=held.pk, upheld=bool(outcome), outcome=outcome,
          answer=request.POST.get("answer", ""))  # fmt: skip
    return redirect("call-decisions", key)
