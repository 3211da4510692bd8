"""One's account: name and language, what the site holds, erasing it; and the accounts an officer opens."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ResetPasswordForm
from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.dispatch import receiver
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.actors import MANAGER
from maillage.kernel.request import Request
from maillage.kernel.scope import everything
from maillage.people import account_actions
from maillage.people.account_queries import own_data
from maillage.people.factors import has_second_factor
from maillage.people.forms import AccountForm, EraseForm, NewAccountForm
from maillage.people.models import Mandate

_WRONG = 422


@receiver(user_logged_in)
def ask_for_second_factor(request: Request, user: Any, **_more: Any) -> None:
    """Who signs in without one, and could do much harm, is asked to set one up."""
    if (user.is_officer or _manages(user)) and not has_second_factor(user):
        words = _("Officers and managers are asked to protect their account with a second factor.")
        link = format_html('<a href="{}">{}</a>', reverse("mfa_index"), _("Set it up"))
        messages.info(request, format_html("{} {}", words, link))


def _manages(user: Any) -> bool:
    with everything():
        return Mandate.objects.on(timezone.localdate()).filter(person=user.pk, role=MANAGER).exists()


def no_sign_up(request: Request) -> HttpResponse:
    """Whoever comes looking for a sign-up is told how persons come."""
    return render(request, "account/signup_closed.html")


@never_cache
@login_required
def account(request: Request) -> HttpResponse:
    """Name and language, and the way to everything else of the account."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        account_actions.revise_account(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your account is changed."))
        return redirect("account")
    return render(request, "account/account.html", {"form": form}, status=_WRONG if form.errors else 200)


@never_cache
@require_GET
@login_required
def data(request: Request) -> HttpResponse:
    """Everything the site holds of its reader, as a file."""
    held = own_data(request.user)  # type: ignore[arg-type]
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="maillage-account.json"'
    return response


@never_cache
@reauthentication_required(allow_get=True)
def erase(request: Request) -> HttpResponse:
    """Erase the account of its reader, once sure."""
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account_actions.erase_account(actor=request.actor, at=timezone.now())
        except Impossible as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(request, _("Your account is erased."))
            return redirect("home")
    return render(request, "account/erase.html", {"form": form}, status=_WRONG if form.errors else 200)


@require_POST
@login_required
def end_one_session(request: Request, pk: int) -> HttpResponse:
    """End one session of the reader's."""
    try:
        account_actions.end_session(actor=request.actor, at=timezone.now(), session_id=pk)
        messages.success(request, _("The session is ended."))
    except Impossible as error:
        messages.error(request, str(error))
    return redirect("usersessions_list")


@never_cache
@login_required
def open_one(request: Request) -> HttpResponse:
    """An officer opens an account; its person gets a mail to choose a password."""
    if not request.actor.is_officer:
        raise Forbidden(_("Accounts are opened by officers of the site."))
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = account_actions.open_account(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Impossible as error:
            form.add_error("email", str(error))
        else:
            _send_link(request, user.email)
            messages.success(request, _("The account is open; a mail tells its person how to choose a password."))
            return redirect("account-new")
    return render(request, "account/new.html", {"form": form}, status=_WRONG if form.errors else 200)


def _send_link(request: Request, email: str) -> None:
    form = ResetPasswordForm({"email": email})
    if form.is_valid():
        form.save(request)
