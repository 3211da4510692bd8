"""What is done around a dossier: begun, shared out, signed, sent, taken back, withdrawn, checked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.calls.actions.applications import add_party, assign_section, begin_application, remove_party
from maillage.calls.actions.eligibility import check_application, overrule
from maillage.calls.actions.submission import (
    send_application,
    sign_application,
    take_back_application,
    withdraw_application,
)
from maillage.calls.application_pdf import render_application_pdf
from maillage.calls.models import Application, Call, RuleVerdict
from maillage.calls.queries import application_parties, calls, reply_changes
from maillage.calls.reply_text import format_reply
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError
from maillage.core.request import Request
from maillage.presentation.action_forms import action_form_page, posted_data, run_action, run_action_form
from maillage.register.models import Organisation
from maillage.web.calls.forms import BeginForm, PartyForm
from maillage.web.calls.lookups import get_application


def begin(request: Request, key: str) -> HttpResponse:
    """Begin a dossier for the body one acts for."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    acting = request.actor.acting
    if acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the body that applies first."))
    REGISTRY["calls.begin_application"].check_allowed(
        request.actor, timezone.now(), {"lead_id": acting.organisation_id}
    )
    form = BeginForm(posted_data(request), says=call.last.says)

    def act(**by: Any) -> Application:
        return begin_application(call_id=call.pk, lead_id=acting.organisation_id, **form.cleaned_data, **by)

    if made := run_action_form(request, form, act):
        return redirect(made)
    intro = _("%s leads the dossier; it adds the other bodies, who then write with it.") % acting.organisation
    return action_form_page(request, form, call, heading=_("Begin a dossier"), intro=intro, go=_("Begin it"))


def parties_page(request: Request, key: str) -> HttpResponse:
    """Who takes part, and who writes which section."""
    application = get_application(request, key)
    REGISTRY["calls.add_party"].check_allowed(request.actor, timezone.now(), {"application_id": application.pk})
    form = PartyForm(request.POST if request.POST.get("do") == "add" else None)

    def act(**by: Any) -> Any:
        body = _body(request, form.cleaned_data["organisation"])
        return add_party(application_id=application.pk, organisation_id=body.pk, part=form.cleaned_data["part"], **by)

    if request.POST.get("do") == "add" and run_action_form(request, form, act):
        return redirect("dossier-parties", application.key)
    duties = {(one.section, one.organisation_id) for one in application.duties.all()}
    held = application_parties(application)
    context = {
        "application": application,
        "form": form,
        "parties": held,
        "sections": [
            (one, [(party, (one.key, party.organisation_id) in duties) for party in held])
            for one in application.call.sections
        ],
    }
    return render(request, "web/calls/parties.html", context, status=422 if form.is_bound else 200)


def _body(request: Request, key: str) -> Organisation:
    found = Organisation.objects.visible_to(request.actor).filter(key=key.strip(), merged_into=None).first()
    if found is None:
        raise ActionError(_("“%s” is not the key of a body of the register.") % key.strip()[:80])
    return found


@require_POST
def leave(request: Request, key: str, pk: int) -> HttpResponse:
    """Take a body out."""
    return _act(request, key, remove_party, "dossier-parties", organisation_id=pk)


@require_POST
def set_section_writers(request: Request, key: str, name: str) -> HttpResponse:
    """Say who writes a section."""
    bodies = [int(one) for one in request.POST.getlist("body") if one.isdecimal() and len(one) < 18]
    return _act(request, key, assign_section, "dossier-parties", section=name, bodies=bodies)


@require_POST
def sign(request: Request, key: str) -> HttpResponse:
    """Sign the dossier as it was read."""
    body = request.POST.get("organisation", "")
    number = int(body) if body.isdecimal() and len(body) < 18 else 0
    digest = request.POST.get("digest", "")
    said = _("Signed: it counts as long as nothing changes.")
    return _act(request, key, sign_application, said=said, organisation_id=number, digest=digest)


@require_POST
def send(request: Request, key: str) -> HttpResponse:
    """Send the dossier; the moment that counts is the one at which the request is taken up."""
    return _act(request, key, send_application, said=_("The dossier is sent; its receipt stands on this page."))


@require_POST
def recall(request: Request, key: str) -> HttpResponse:
    """Take a dossier back before the call closes."""
    return _act(request, key, take_back_application, reason=request.POST.get("reason", ""))


@require_POST
def withdraw(request: Request, key: str) -> HttpResponse:
    """Give up."""
    return _act(request, key, withdraw_application, reason=request.POST.get("reason", ""))


@require_POST
def check_rules(request: Request, key: str) -> HttpResponse:
    """Keep what the rules of eligibility find."""
    return _act(request, key, check_application)


@require_POST
def overrule_rule(request: Request, key: str, pk: int) -> HttpResponse:
    """Overrule what a rule found."""
    application = get_application(request, key)
    held = get_object_or_404(RuleVerdict, pk=pk, application=application)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    run_action(request, overrule, verdict_id=held.pk, verdict=verdict, reason=reason)
    return redirect(application)


def _act(
    request: Request, key: str, action: Callable[..., Any], to: str = "", said: str = "", **given: Any
) -> HttpResponse:
    """Do it, or say why not; then the page one came from."""
    application = get_application(request, key)
    try:
        action(actor=request.actor, at=timezone.now(), application_id=application.pk, **given)
    except ActionError as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect(to, application.key) if to else redirect(application)


def changes_page(request: Request, key: str) -> HttpResponse:
    """What was written, by which body and when, with what stood there before."""
    application = get_application(request, key)
    shown = [
        {"section": one.section, "question": one.question, "number": one.number, "at": one.at,
         "on_behalf": one.on_behalf, "words_before": format_reply(one.question, one.before) if one.before is not None else "",
         "words_after": format_reply(one.question, one.after)}
        for one in reply_changes(application)
    ]  # fmt: skip
    return render(request, "web/calls/changes.html", {"application": application, "changes": shown})


@require_safe
def application_pdf(request: Request, key: str) -> HttpResponse:
    """The PDF of a dossier, for whoever reads it."""
    application = get_application(request, key)
    name = f"{application.key}.pdf"
    return HttpResponse(
        render_application_pdf(application),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
