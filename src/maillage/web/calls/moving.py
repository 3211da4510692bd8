"""A call changed while dossiers are being written: moved to its last version, or withdrawn."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.actions import withdraw_call
from maillage.calls.models import Call
from maillage.calls.moving import move_dossiers, moves_of
from maillage.calls.queries import calls
from maillage.kernel.actions import REGISTRY
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.web.acting import done, posted, shown


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


def _call(request: Request, key: str, action: str) -> Call:
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY[action].refuse(request.actor, timezone.now(), {"call_id": call.pk})
    return call


def move(request: Request, key: str) -> HttpResponse:
    """What moving the dossiers to the last version would do to each; then, with a reason, it is done.

    What applicants write is not shown before it is sent: only the keys of dossiers, and the titles of questions.
    """
    call = _call(request, key, "calls.move_dossiers")
    form, last = ReasonForm(posted(request)), call.last

    def act(**by: Any) -> int:
        moved: int = move_dossiers(call_id=call.pk, version=last.version, **form.cleaned_data, **by)
        return moved

    if moved := done(request, form, act):
        messages.success(request, _("Moved to version %(version)s: %(count)s.") % {
            "version": last.version, "count": moved})  # fmt: skip
        return redirect(call)
    with everything():
        moves = moves_of(call, last)
    context = {"call": call, "form": form, "version": last, "moves": moves}
    return render(request, "web/calls/move.html", context, status=422 if form.is_bound else 200)


def withdraw(request: Request, key: str) -> HttpResponse:
    """Take no more dossiers."""
    call = _call(request, key, "calls.withdraw_call")
    form = ReasonForm(posted(request))
    if done(request, form, lambda **by: withdraw_call(call_id=call.pk, **form.cleaned_data, **by)):
        return redirect(call)
    intro = _("No dossier is taken any more; those that were begun stay readable, and applicants read the reason.")
    return shown(request, form, call, heading=_("Withdraw the call"), intro=intro, go=_("Withdraw it"))
