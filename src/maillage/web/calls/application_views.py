"""What is done around a dossier: begun, shared out, signed, sent, taken back, withdrawn, checked."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from maillage.calls.models import Call, RuleVerdict
from maillage.calls.queries import application_parties, calls, reply_changes
from maillage.calls.reply_text import format_reply
from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.presentation.action_forms import (
    action_form_page,
    check_action_allowed,
    organisation_id_of_key,
    parse_number,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.web.calls.forms import BeginForm, PartyForm
from maillage.web.calls.lookups import get_application


def begin(request: Request, key: str) -> HttpResponse:
    """Begin a dossier for the body one acts for."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    acting = request.actor.acting
    if acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the organisation that applies first."))
    check_action_allowed(request, "calls.begin_application", lead_id=acting.organisation_id)
    form = BeginForm(posted_data(request), says=call.last.says)
    action = partial(begin_application, call_id=call.pk, lead_id=acting.organisation_id)
    if outcome := run_action_form(request, action, form):
        return redirect(outcome.value)
    intro = (
        _("%s leads the application; it adds the other organisations, who then write with it.") % acting.organisation
    )
    return action_form_page(request, form, call, heading=_("Begin an application"), intro=intro, go=_("Begin it"))


def parties_page(request: Request, key: str) -> HttpResponse:
    """Who takes part, and who writes which section."""
    application = get_application(request, key)
    check_action_allowed(request, "calls.add_party", application_id=application.pk)
    form = PartyForm(request.POST if request.POST.get("do") == "add" else None)
    outcome = run_action_form(
        request,
        partial(add_party, application_id=application.pk),
        form,
        arguments=lambda: {
            "organisation_id": organisation_id_of_key(request, form.cleaned_data["organisation"]),
            "part": form.cleaned_data["part"],
        },
    )
    if outcome:
        return redirect("dossier-parties", application.key)
    duties = {(one.section, one.organisation_id) for one in application.duties.all()}
    parties = application_parties(application)
    context = {
        "application": application,
        "form": form,
        "parties": parties,
        "sections": [
            (one, [(party, (one.key, party.organisation_id) in duties) for party in parties])
            for one in application.call.sections
        ],
    }
    return render(request, "web/calls/parties.html", context, status=422 if form.is_bound else 200)


@require_POST
def leave(request: Request, key: str, pk: int) -> HttpResponse:
    """Take a body out."""
    return _act(request, key, remove_party, "dossier-parties", organisation_id=pk)


@require_POST
def set_section_writers(request: Request, key: str, name: str) -> HttpResponse:
    """Say who writes a section."""
    bodies = [number for text in request.POST.getlist("body") if (number := parse_number(text))]
    return _act(request, key, assign_section, "dossier-parties", section=name, bodies=bodies)


@require_POST
def sign(request: Request, key: str) -> HttpResponse:
    """Sign the dossier as it was read."""
    number, digest = parse_number(request.POST.get("organisation", "")), request.POST.get("digest", "")
    success = _("Signed: it counts as long as nothing changes.")
    return _act(request, key, sign_application, success=success, organisation_id=number, digest=digest)


@require_POST
def send(request: Request, key: str) -> HttpResponse:
    """Send the dossier; the moment that counts is the one at which the request is taken up."""
    return _act(request, key, send_application, success=_("The application is sent; its receipt stands on this page."))


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
    get_object_or_404(RuleVerdict, pk=pk, application=application)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    return redirect_after_action(request, overrule, application, verdict_id=pk, verdict=verdict, reason=reason)


def _act(
    request: Request, key: str, action: Callable[..., Any], page: str = "", success: str = "", **arguments: Any
) -> HttpResponse:
    """Run an action of an application, then go on to a page of it."""
    application = get_application(request, key)
    to = reverse(page, args=[key]) if page else application
    return redirect_after_action(request, action, to, success, application_id=application.pk, **arguments)


def changes_page(request: Request, key: str) -> HttpResponse:
    """What was written, by which body and when, with what stood there before."""
    application = get_application(request, key)
    shown = [
        {
            "section": one.section,
            "question": one.question,
            "number": one.number,
            "at": one.at,
            "on_behalf": one.on_behalf,
            "words_before": format_reply(one.question, one.before) if one.before is not None else "",
            "words_after": format_reply(one.question, one.after),
        }
        for one in reply_changes(application)
    ]
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
