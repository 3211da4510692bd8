"""Actions on an application: begin, parties, sections, sign, send, take back, withdraw, check the rules."""

from collections.abc import Callable
from functools import partial

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
    """Begin an application for the organisation that the reader acts for."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    acting = request.actor.acting
    if acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the organisation that applies first."))
    check_action_allowed(request, "calls.begin_application", lead_id=acting.organisation_id)
    form = BeginForm(posted_data(request), document=call.last.document)
    action = partial(begin_application, call_id=call.pk, lead_id=acting.organisation_id)
    if outcome := run_action_form(request, action, form):
        return redirect(outcome.value)
    intro = (
        _("%s leads the application; it adds the other organisations, who then write with it.") % acting.organisation
    )
    return action_form_page(request, form, call, heading=_("Begin an application"), intro=intro, go=_("Begin it"))


def parties_page(request: Request, key: str) -> HttpResponse:
    """The parties of an application, and the sections that each of them writes."""
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
    duties = {(duty.section, duty.organisation_id) for duty in application.duties.all()}
    parties = application_parties(application)
    context = {
        "application": application,
        "form": form,
        "parties": parties,
        "sections": [
            (section, [(party, (section.key, party.organisation_id) in duties) for party in parties])
            for section in application.call_document.sections
        ],
    }
    return render(request, "web/calls/parties.html", context, status=422 if form.is_bound else 200)


@require_POST
def leave(request: Request, key: str, pk: int) -> HttpResponse:
    """Remove an organisation from the application."""
    return _run_application_action(request, key, remove_party, "dossier-parties", organisation_id=pk)


@require_POST
def set_section_writers(request: Request, key: str, name: str) -> HttpResponse:
    """Set the organisations that write a section."""
    organisation_ids = [number for text in request.POST.getlist("organisation") if (number := parse_number(text))]
    return _run_application_action(
        request, key, assign_section, "dossier-parties", section=name, organisation_ids=organisation_ids
    )


@require_POST
def sign(request: Request, key: str) -> HttpResponse:
    """Sign the application in the state that was read, named by its digest."""
    organisation_id, digest = parse_number(request.POST.get("organisation", "")), request.POST.get("digest", "")
    success = _("Signed: it counts as long as nothing changes.")
    return _run_application_action(
        request, key, sign_application, success=success, organisation_id=organisation_id, digest=digest
    )


@require_POST
def send(request: Request, key: str) -> HttpResponse:
    """Send the application; the moment that counts is the one at which the request is handled."""
    return _run_application_action(
        request, key, send_application, success=_("The application is sent; its receipt stands on this page.")
    )


@require_POST
def recall(request: Request, key: str) -> HttpResponse:
    """Take an application back before the call closes."""
    return _run_application_action(request, key, take_back_application, reason=request.POST.get("reason", ""))


@require_POST
def withdraw(request: Request, key: str) -> HttpResponse:
    """Withdraw the application."""
    return _run_application_action(request, key, withdraw_application, reason=request.POST.get("reason", ""))


@require_POST
def check_rules(request: Request, key: str) -> HttpResponse:
    """Record the results of the eligibility rules."""
    return _run_application_action(request, key, check_application)


@require_POST
def overrule_rule(request: Request, key: str, pk: int) -> HttpResponse:
    """Overrule the result of a rule."""
    application = get_application(request, key)
    get_object_or_404(RuleVerdict, pk=pk, application=application)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    return redirect_after_action(request, overrule, application, verdict_id=pk, verdict=verdict, reason=reason)


def _run_application_action(
    request: Request, key: str, action: Callable[..., object], page: str = "", success: str = "", **arguments: object
) -> HttpResponse:
    """Run an action on an application, then redirect to its page, or to the page named."""
    application = get_application(request, key)
    to = reverse(page, args=[key]) if page else application
    return redirect_after_action(request, action, to, success, application_id=application.pk, **arguments)


def changes_page(request: Request, key: str) -> HttpResponse:
    """The changes of replies: by which organisation, when, and the text before and after."""
    application = get_application(request, key)
    changes = [
        {
            "section": change.section,
            "question": change.question,
            "number": change.number,
            "at": change.at,
            "on_behalf": change.on_behalf,
            "words_before": format_reply(change.question, change.before) if change.before is not None else "",
            "words_after": format_reply(change.question, change.after),
        }
        for change in reply_changes(application)
    ]
    return render(request, "web/calls/changes.html", {"application": application, "changes": changes})


@require_safe
def application_pdf(request: Request, key: str) -> HttpResponse:
    """The PDF of an application."""
    application = get_application(request, key)
    name = f"{application.key}.pdf"
    return HttpResponse(
        render_application_pdf(application),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
