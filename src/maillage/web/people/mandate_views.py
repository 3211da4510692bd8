"""The pages of mandates: one's own, those held for an organisation, and the invitation that leads to one."""

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.people import queries
from maillage.people.actions import invitations, mandates
from maillage.people.invitation_mail import get_invitation
from maillage.people.models import Mandate, User
from maillage.presentation.action_forms import redirect_after_action, run_action_form
from maillage.register.models import Organisation
from maillage.web.middleware import MANDATE_SESSION_KEY
from maillage.web.people.mandate_forms import AcceptInvitationForm, DelegateMandateForm, EndMandateForm, InvitationForm

_SHOWN = 200


def own_mandates_page(request: Request) -> HttpResponse:
    """The mandates one holds, the one in use, and the form to hand that one over."""
    return _own(request, DelegateMandateForm(initial=_today()))


def _own(request: Request, form: forms.Form, status: int = 200) -> HttpResponse:
    person = _person(request)
    held = queries.mandates_of(person, timezone.localdate())
    given = Mandate.objects.filter(delegated_from__person=person).exclude(last_day__lt=timezone.localdate())
    acting = request.actor.acting
    context = {
        "mandates": held,
        "acting": acting,
        "delegations": given.select_related("person", "organisation")[:_SHOWN],
        "own": next((one for one in held if acting and one.pk == acting.mandate_id), None),
        "form": form,
    }
    return render(request, "web/mandates.html", context, status=status)


@require_POST
def use_mandate(request: Request) -> HttpResponse:
    """Use another of one's mandates from now on; none of them, if none is named."""
    chosen = request.POST.get("mandate", "")
    held = {str(one.pk) for one in queries.mandates_of(_person(request), timezone.localdate())}
    if chosen and chosen not in held:
        raise Http404(_("You do not hold this mandate any more."))
    request.session.pop(MANDATE_SESSION_KEY, None)
    if chosen:
        request.session[MANDATE_SESSION_KEY] = int(chosen)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "mandates")


@require_POST
def hand_over_mandate(request: Request) -> HttpResponse:
    """Hand the mandate in use over for some days."""
    acting = request.actor.acting
    form = DelegateMandateForm(request.POST)
    if acting is None:
        raise ActionForbiddenError(_("Choose the mandate to hand over first."))
    success = _("Your colleague can use this mandate over these days; you keep it too.")
    if run_action_form(request, partial(mandates.delegate, mandate_id=acting.mandate_id), form, success=success):
        return redirect("mandates")
    return _own(request, form, 422)


def organisation_mandates_page(request: Request, key: str) -> HttpResponse:
    """Who acts for an organisation, and the invitations that wait; for its managers and officers of the site."""
    organisation = _managed(request, key)
    return _of_organisation(request, organisation, InvitationForm(initial=_today() | {"language": "fr"}))


def _of_organisation(request: Request, organisation: Organisation, form: forms.Form, status: int = 200) -> HttpResponse:
    now = timezone.now()
    waiting = organisation.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    context = {
        "organisation": organisation,
        "mandates": _current(organisation, timezone.localdate(now)),
        "invitations": waiting.order_by("-pk")[:_SHOWN],
        "form": form,
        "end": EndMandateForm(initial={"last_day": timezone.localdate()}, prefix=None),
    }
    return render(request, "web/mandates_of.html", context, status=status)


def _current(organisation: Organisation, day: dt.date) -> list[Mandate]:
    held = Mandate.objects.filter(organisation=organisation).exclude(last_day__lt=day)
    return list(held.select_related("person", "given_by", "delegated_from__person").order_by("role", "pk")[:_SHOWN])


@require_POST
def invite_person(request: Request, key: str) -> HttpResponse:
    """Invite somebody by mail."""
    organisation = _managed(request, key)
    form = InvitationForm(request.POST)
    outcome = run_action_form(
        request,
        partial(invitations.invite, organisation_id=organisation.pk),
        form,
        success=lambda invitation: _("The invitation is on its way to %s.") % invitation.email,
    )
    return redirect("mandates-of", key) if outcome else _of_organisation(request, organisation, form, 422)


@require_POST
def withdraw_invitation(request: Request, key: str, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    organisation = _managed(request, key)
    get_object_or_404(organisation.invitations, pk=pk)
    return redirect_after_action(
        request,
        invitations.withdraw_invitation,
        reverse("mandates-of", args=[key]),
        _("The invitation is withdrawn."),
        invitation_id=pk,
    )


@require_POST
def end_mandate(request: Request, key: str, pk: int) -> HttpResponse:
    """End a mandate of the organisation."""
    organisation = _managed(request, key)
    get_object_or_404(organisation.mandates, pk=pk)
    form = EndMandateForm(request.POST)
    success = _("The mandate ends on that day.")
    run_action_form(request, partial(mandates.end_mandate, mandate_id=pk), form, success=success)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("mandates-of", key)


@sensitive_post_parameters("password")
def invitation_page(request: Request, secret: str) -> HttpResponse:
    """What an invitation offers, and the way to accept it; the link is a secret and goes to no other site."""
    # Whoever holds the secret may read what it offers, signed in or not.
    with read_everything():
        found = get_invitation(secret)
        why = queries.invitation_closed_reason(found, timezone.now()) if found else ""
    if found is None:
        raise Http404(_("This link leads to no invitation; copy it whole from the mail."))
    known = User.objects.filter(email__iexact=found.email).exists()
    form = AcceptInvitationForm(
        request.POST if request.method == "POST" and not known else None, initial={"name": found.name}
    )
    status = 200
    if request.method == "POST":
        action = partial(invitations.accept_invitation, secret=secret)
        if outcome := run_action_form(request, action, None if known else form):
            return _welcome(request, outcome.value)
        status = 422
    context = {"invitation": found, "form": form, "known": known, "closed": why}
    return render(request, "web/invitation.html", context, status=status)


def _welcome(request: Request, mandate: Mandate) -> HttpResponse:
    """Signed in with the mandate in use; holding the link has proved the mail address."""
    if not request.user.is_authenticated:
        login(request, mandate.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[MANDATE_SESSION_KEY] = mandate.pk
    messages.success(request, _("Welcome. You act for %s now.") % mandate.organisation)
    return redirect("mandates")


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise ActionForbiddenError(_("Sign in to see your mandates."))
    return request.user


def _managed(request: Request, key: str) -> Organisation:
    organisation: Organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key)
    if not queries.manages(request.actor, organisation):
        raise ActionForbiddenError(_("Only its managers see who acts for an organisation."))
    return organisation


def _today() -> dict[str, Any]:
    return {"first_day": timezone.localdate()}
