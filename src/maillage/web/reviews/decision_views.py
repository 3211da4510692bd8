"""Pages of decisions: letters, publication at a set minute, appeals and their answers."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.models import Call
from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.core.security.session_scope import actor_scope
from maillage.presentation.action_forms import (
    action_form_page,
    is_action_allowed,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.reviews.actions.appeals import answer_appeal, file_appeal
from maillage.reviews.actions.decisions import decide, reopen_decision
from maillage.reviews.actions.publication import plan_publication, publish_decisions
from maillage.reviews.letters import letters_of_call, render_letter_pdf
from maillage.reviews.models import Appeal, Decision, Panel
from maillage.web.calls.lookups import get_application
from maillage.web.label_agreements.record_sections import agreements_after_decisions
from maillage.web.reviews.forms import AppealForm, PublicationForm
from maillage.web.reviews.lookups import get_call_for_review

_SHOWN = 500


def decisions_page(request: Request, key: str) -> HttpResponse:
    """The decisions of a call with their letters and appeals, and the form that plans their publication."""
    call = get_call_for_review(request, key)
    panel = Panel.objects.filter(call=call).first()
    form = PublicationForm(posted_data(request))
    if request.POST.get("do") == "never":
        return redirect_after_action(request, plan_publication, request.path, call_id=call.pk)
    if run_action_form(request, partial(plan_publication, call_id=call.pk), form):
        return redirect("call-decisions", key)
    decisions = Decision.objects.filter(application__version__call=call, application__withdrawn_at=None)
    detailed_decisions = decisions.select_related("application", "award", "appeal")
    lines = list(detailed_decisions.order_by("application__title", "pk")[:_SHOWN])
    following = agreements_after_decisions(request, call, {decision.application_id: decision for decision in lines})
    titles = {outcome.key: outcome.title for outcome in call.last.document.outcomes}
    context = {
        "call": call,
        "form": form,
        "publish_at": panel.publish_at if panel else None,
        "lines": [
            {
                "decision": decision,
                "outcome": titles.get(decision.outcome, decision.outcome),
                **following.get(decision.application_id, {}),
            }
            for decision in lines
        ],
        "may_decide": is_action_allowed(request, "reviews.decide", call_id=call.pk),
        "undecided": any(decision.decided_at is None for decision in lines),
        "unpublished": any(decision.published_at is None for decision in lines),
    }
    return render(request, "web/reviews/decisions.html", context, status=422 if form.is_bound else 200)


@require_POST
def conclude(request: Request, key: str) -> HttpResponse:
    """Decide as proposed, or publish the decisions, for the authority."""
    call = get_call_for_review(request, key, "decide")
    publish = request.POST.get("do") == "publish"
    success = _("Published: awards stand in the register.") if publish else _("Decided as proposed.")
    action: Callable[..., object] = publish_decisions if publish else decide
    run_action_form(request, action, arguments={"call_id": call.pk}, success=success)
    return redirect("call-decisions", key)


@require_POST
def reopen(request: Request, key: str, pk: int) -> HttpResponse:
    """Reopen a decision, for the authority."""
    get_call_for_review(request, key, "decide")
    to, reason = reverse("call-decisions", args=[key]), request.POST.get("reason", "")
    return redirect_after_action(request, reopen_decision, to, application_id=pk, reason=reason)


@require_safe
def letter_file(request: Request, key: str) -> HttpResponse:
    """The letter of a decision: for the parties once published, for those who run the call once decided."""
    decision = Decision.objects.filter(application=get_application(request, key)).exclude(decided_at=None).first()
    if decision is None:
        raise Http404(_("Nothing is decided of this application, or it is not published yet."))
    name = f"{decision.application.key}-{formats.language()}.pdf"
    return HttpResponse(
        render_letter_pdf(decision),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


@require_safe
def letters_archive(request: Request, key: str) -> StreamingHttpResponse:
    """All letters of a call in the language of the page, as a streamed ZIP."""
    call = get_call_for_review(request, key)
    name = f"{call.key}-letters-{formats.language()}.zip"
    return StreamingHttpResponse(
        _zip_chunks(call, translation.get_language() or "fr", request.actor),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _zip_chunks(call: Call, language: str, actor: Actor) -> Iterator[bytes]:
    """The bytes of the ZIP, letter by letter; the request is over by then, so actor and language are set again."""
    sink = _StreamBuffer()
    with zipfile.ZipFile(sink, "w") as archive, translation.override(language), actor_scope(actor):
        for name, pdf in letters_of_call(call):
            archive.writestr(name, pdf)
            yield sink.take()
    yield sink.take()


class _StreamBuffer(io.RawIOBase):
    """Buffer of the bytes written since the last `take`; it cannot seek, so `zipfile` writes in streaming mode."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:  # Any: whatever holds bytes
        self._buffer += part
        return len(part)

    def take(self) -> bytes:
        """Return and forget the bytes written since the last call."""
        content = bytes(self._buffer)
        self._buffer.clear()
        return content


def appeal_page(request: Request, key: str) -> HttpResponse:
    """File an appeal, for the lead of an application."""
    application = get_application(request, key)
    form = AppealForm(posted_data(request))
    success = _("Your appeal is filed; its answer will stand on this page.")
    if run_action_form(request, partial(file_appeal, application_id=application.pk), form, success=success):
        return redirect(application)
    intro = _("The authority that decided reads it, and says what comes of it.")
    return action_form_page(
        request, form, application, heading=_("Appeal against the decision"), intro=intro, go=_("File the appeal")
    )


@require_POST
def reply_to_appeal(request: Request, key: str, pk: int) -> HttpResponse:
    """Answer an appeal, for the authority."""
    call = get_call_for_review(request, key)
    get_object_or_404(Appeal, pk=pk, decision__application__version__call=call)
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    arguments = {"appeal_id": pk, "upheld": bool(outcome), "outcome": outcome, "answer": answer}
    run_action_form(request, answer_appeal, arguments=arguments)
    return redirect("call-decisions", key)
