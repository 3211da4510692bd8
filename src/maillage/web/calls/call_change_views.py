"""Changes of a call while applications are being written: move them to its last version, or withdraw the call."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.calls.actions.calls import withdraw_call
from maillage.calls.actions.versions import move_applications
from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.calls.version_moves import version_move_previews
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.presentation.action_forms import action_form_page, check_action_allowed, posted_data, run_action_form
from maillage.web.calls.forms import ReasonForm


def _get_call_for_action(request: Request, key: str, action: str) -> Call:
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    check_action_allowed(request, action, call_id=call.pk)
    return call


def application_move_page(request: Request, key: str) -> HttpResponse:
    """Preview the move of all applications to the last version; a reason posted runs it.

    Unsent replies are confidential: only keys of applications and titles of questions are shown.
    """
    call = _get_call_for_action(request, key, "calls.move_applications")
    form, last = ReasonForm(posted_data(request)), call.last
    outcome = run_action_form(
        request,
        partial(move_applications, call_id=call.pk, version=last.version),
        form,
        success=lambda count: _("Moved to version %(version)s: %(count)s.") % {"version": last.version, "count": count},
    )
    if outcome:
        return redirect(call)
    with read_everything():
        moves = version_move_previews(call, last)
    context = {"call": call, "form": form, "version": last, "moves": moves}
    return render(request, "web/calls/move.html", context, status=422 if form.is_bound else 200)


def call_withdrawal_page(request: Request, key: str) -> HttpResponse:
    """Withdraw the call: it takes no more applications."""
    call = _get_call_for_action(request, key, "calls.withdraw_call")
    form = ReasonForm(posted_data(request))
    if run_action_form(request, partial(withdraw_call, call_id=call.pk), form):
        return redirect(call)
    intro = _("No application is taken any more; those that were begun stay readable, and applicants read the reason.")
    return action_form_page(request, form, call, heading=_("Withdraw the call"), intro=intro, go=_("Withdraw it"))
