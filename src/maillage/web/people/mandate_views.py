"""Pages of mandates: one's own, those of an organisation, and invitations."""

import datetime as dt
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db.models import Q
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
from maillage.desk.actions import hand_over
from maillage.people import queries
from maillage.people.actions import invitations, mandates
from maillage.people.invitation_mail import get_invitation
from maillage.people.models import Mandate, User
from maillage.presentation.action_forms import parse_number, redirect_after_action, run_action_form
from maillage.register.models import Organisation
from maillage.web.desk.row_views import hand_over_words
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from maillage.web.people.mandate_forms import AcceptInvitationForm, DelegateMandateForm, EndMandateForm, InvitationForm

_SHOWN = 200
_MANDATES_SHOWN = 50


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
    day = timezone.localdate(now)
    shown, more = _current_mandates(organisation, day, parse_number(request.GET.get("after", "")))
    context = {
        "organisation": organisation,
        "mandates": _with_colleagues(shown, day),
        "more": more,
        "invitations": pending.order_by("-pk")[:_SHOWN],
        "form": form,
        "end": EndMandateForm(initial={"last_day": day}, prefix=None),
    }
    return render(request, "web/mandates_of.html", context, status=status)


def _current_mandates(organisation: Organisation, day: dt.date, after: int) -> tuple[list[Mandate], int]:
    """The mandates after one (id, or 0), by role; and the last of them (id) where there are more, else 0."""
    current = Mandate.objects.filter(organisation=organisation).exclude(last_day__lt=day)
    if last := organisation.mandates.filter(pk=after).first():
        current = current.filter(Q(role__gt=last.role) | Q(role=last.role, pk__gt=last.pk))
    related = current.select_related("person", "given_by", "delegated_from__person").order_by("role", "pk")
    mandates = list(related[: _MANDATES_SHOWN + 1])
    shown = mandates[:_MANDATES_SHOWN]
    return shown, shown[-1].pk if len(mandates) > len(shown) else 0


def _with_colleagues(mandates: list[Mandate], day: dt.date) -> list[tuple[Mandate, list[User], int]]:
    """Each mandate with those who can take over what its holder takes care of, and how many more there are."""
    ids = hand_over.colleagues_by_mandate(mandates, day)
    by_team: dict[frozenset[int], list[User]] = {}
    found = []
    for mandate in mandates:
        team = frozenset(ids[mandate.pk] | {mandate.person_id})
        if team not in by_team:
            by_team[team] = list(User.objects.filter(pk__in=team).order_by("name", "pk")[: _SHOWN + 1])
        colleagues = [person for person in by_team[team] if person.pk != mandate.person_id]
        found.append((mandate, colleagues, len(ids[mandate.pk]) - len(colleagues)))
    return found


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
    if form.is_valid() and request.POST.get("to") and not _hand_over(request, pk, form.cleaned_data["reason"]):
        return redirect("mandates-of", key)
    success = _("The mandate ends on that day.")
    run_action_form(request, partial(mandates.end_mandate, mandate_id=pk), form, success=success)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("mandates-of", key)


@require_POST
def hand_over_desk(request: Request, key: str, pk: int) -> HttpResponse:
    """Give what the holder of a mandate takes care of to a colleague."""
    organisation = _get_managed_organisation(request, key)
    get_object_or_404(organisation.mandates, pk=pk)
    _hand_over(request, pk, request.POST.get("reason", ""))
    return redirect("mandates-of", key)


def _hand_over(request: Request, mandate_id: int, reason: str) -> bool:
    arguments = {"mandate_id": mandate_id, "person_id": parse_number(request.POST.get("to", "")), "reason": reason}
    return bool(run_action_form(request, hand_over.hand_over_mandate, arguments=arguments, success=hand_over_words))


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
