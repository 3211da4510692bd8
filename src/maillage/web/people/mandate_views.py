"""Pages of mandates: one's own, those of an organisation, and invitations."""

import datetime as dt
from functools import partial

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
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from maillage.web.people.mandate_forms import AcceptInvitationForm, DelegateMandateForm, EndMandateForm, InvitationForm

_SHOWN = 200


def own_mandates_page(request: Request) -> HttpResponse:
    """The reader's mandates, the one in use, and the form to delegate it."""
    return _own_mandates_response(request, DelegateMandateForm(initial=_initial_first_day()))


def _own_mandates_response(request: Request, form: forms.Form, status: int = 200) -> HttpResponse:
    person = _signed_in_person(request)
    own_mandates = queries.mandates_of(person, timezone.localdate())
    delegations = Mandate.objects.filter(delegated_from__person=person).exclude(last_day__lt=timezone.localdate())
    acting = request.actor.acting
    context = {
        "mandates": own_mandates,
        "acting": acting,
        "delegations": delegations.select_related("person", "organisation")[:_SHOWN],
        "own": next((mandate for mandate in own_mandates if acting and mandate.pk == acting.mandate_id), None),
        "form": form,
    }
    return render(request, "web/mandates.html", context, status=status)


@require_POST
def use_mandate(request: Request) -> HttpResponse:
    """Switch to another of one's mandates, or to none if the form names none."""
    mandate_id = request.POST.get("mandate", "")
    own_ids = {str(mandate.pk) for mandate in queries.mandates_of(_signed_in_person(request), timezone.localdate())}
    if mandate_id and mandate_id not in own_ids:
        raise Http404(_("You do not hold this mandate any more."))
    request.session.pop(MANDATE_SESSION_KEY, None)
    if mandate_id:
        request.session[MANDATE_SESSION_KEY] = int(mandate_id)
    next_url = request.POST.get("next", "")
    return redirect(next_url if url_has_allowed_host_and_scheme(next_url, {request.get_host()}) else "mandates")


@require_POST
def hand_over_mandate(request: Request) -> HttpResponse:
    """Delegate the mandate in use for some days."""
    acting = request.actor.acting
    form = DelegateMandateForm(request.POST)
    if acting is None:
        raise ActionForbiddenError(_("Choose the mandate to hand over first."))
    success = _("Your colleague can use this mandate over these days; you keep it too.")
    if run_action_form(request, partial(mandates.delegate, mandate_id=acting.mandate_id), form, success=success):
        return redirect("mandates")
    return _own_mandates_response(request, form, 422)


def organisation_mandates_page(request: Request, key: str) -> HttpResponse:
    """The mandates and pending invitations of an organisation, for its managers and officers of the site."""
    organisation = _get_managed_organisation(request, key)
    return _organisation_mandates_response(
        request, organisation, InvitationForm(initial=_initial_first_day() | {"language": "fr"})
    )


def _organisation_mandates_response(
    request: Request, organisation: Organisation, form: forms.Form, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    pending = organisation.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    context = {
        "organisation": organisation,
        "mandates": _current_mandates(organisation, timezone.localdate(now)),
        "invitations": pending.order_by("-pk")[:_SHOWN],
        "form": form,
        "end": EndMandateForm(initial={"last_day": timezone.localdate()}, prefix=None),
    }
    return render(request, "web/mandates_of.html", context, status=status)


def _current_mandates(organisation: Organisation, day: dt.date) -> list[Mandate]:
    current = Mandate.objects.filter(organisation=organisation).exclude(last_day__lt=day)
    return list(current.select_related("person", "given_by", "delegated_from__person").order_by("role", "pk")[:_SHOWN])


@require_POST
def invite_person(request: Request, key: str) -> HttpResponse:
    """Invite somebody by mail."""
    organisation = _get_managed_organisation(request, key)
    form = InvitationForm(request.POST)
    outcome = run_action_form(
        request,
        partial(invitations.invite, organisation_id=organisation.pk),
        form,
        success=lambda invitation: _("The invitation is on its way to %s.") % invitation.email,
    )
    return (
        redirect("mandates-of", key) if outcome else _organisation_mandates_response(request, organisation, form, 422)
    )


@require_POST
def withdraw_invitation(request: Request, key: str, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    organisation = _get_managed_organisation(request, key)
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
    organisation = _get_managed_organisation(request, key)
    get_object_or_404(organisation.mandates, pk=pk)
    form = EndMandateForm(request.POST)
    success = _("The mandate ends on that day.")
    run_action_form(request, partial(mandates.end_mandate, mandate_id=pk), form, success=success)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("mandates-of", key)


@sensitive_post_parameters("password")
def invitation_page(request: Request, secret: str) -> HttpResponse:
    """Show and accept an invitation; the link is a secret and must not reach another site."""
    # Those who have the secret link may read the invitation, signed in or not.
    with read_everything():
        invitation = get_invitation(secret)
        closed_reason = queries.invitation_closed_reason(invitation, timezone.now()) if invitation else ""
    if invitation is None:
        raise Http404(_("This link leads to no invitation; copy it whole from the mail."))
    has_account = User.objects.filter(email__iexact=invitation.email).exists()
    form = AcceptInvitationForm(
        request.POST if request.method == "POST" and not has_account else None, initial={"name": invitation.name}
    )
    status = 200
    if request.method == "POST":
        action = partial(invitations.accept_invitation, secret=secret)
        if outcome := run_action_form(request, action, None if has_account else form):
            return _welcome(request, outcome.value)
        status = 422
    context = {"invitation": invitation, "form": form, "known": has_account, "closed": closed_reason}
    return render(request, "web/invitation.html", context, status=status)


def _welcome(request: Request, mandate: Mandate) -> HttpResponse:
    """Sign the person in and use the mandate; having the link has proved the mail address."""
    if not request.user.is_authenticated:
        login(request, mandate.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[MANDATE_SESSION_KEY] = mandate.pk
    messages.success(request, _("Welcome. You act for %s now.") % mandate.organisation)
    return redirect("mandates")


def _signed_in_person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise ActionForbiddenError(_("Sign in to see your mandates."))
    return request.user


def _get_managed_organisation(request: Request, key: str) -> Organisation:
    organisation: Organisation = get_object_or_404(Organisation.objects.visible_to(request.actor), key=key)
    if not queries.manages(request.actor, organisation):
        raise ActionForbiddenError(_("Only its managers see who acts for an organisation."))
    return organisation


def _initial_first_day() -> dict[str, object]:
    return {"first_day": timezone.localdate()}
