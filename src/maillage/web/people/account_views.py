"""Pages of one's account (name and language, personal data, erasure), and the form by which an officer opens one."""

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.core.request import Request
from maillage.people.actions import accounts, own_account
from maillage.people.personal_data_export import get_personal_data
from maillage.presentation.action_forms import redirect_after_action, require_officer, run_action_form
from maillage.web.people.forms import AccountForm, EraseAccountForm, NewAccountForm

_WRONG = 422


def sign_up_closed_page(request: Request) -> HttpResponse:
    """Explain how accounts are opened: there is no open sign-up."""
    return render(request, "account/signup_closed.html")


@never_cache
@login_required
def account_page(request: Request) -> HttpResponse:
    """Name and language, with links to the other pages of the account."""
    form = AccountForm(request.POST or None, instance=request.user)
    if run_action_form(request, own_account.revise_account, form, success=_("Your account is changed.")):
        return redirect("account")
    return render(request, "account/account.html", {"form": form}, status=_WRONG if form.errors else 200)


@never_cache
@require_GET
@login_required
def personal_data_file(request: Request) -> HttpResponse:
    """All personal data of the reader, as a JSON file."""
    data = get_personal_data(request.user)  # type: ignore[arg-type]
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="maillage-account.json"'
    return response


@never_cache
@reauthentication_required(allow_get=True)
def erase_account(request: Request) -> HttpResponse:
    """Erase the reader's account after confirmation."""
    form = EraseAccountForm(request.POST or None)
    if run_action_form(request, own_account.erase_account, form, arguments={}):
        logout(request)
        messages.success(request, _("Your account is erased."))
        return redirect("home")
    return render(request, "account/erase.html", {"form": form}, status=_WRONG if form.errors else 200)


@require_POST
@login_required
def end_session(request: Request, pk: int) -> HttpResponse:
    """End one of the reader's sessions."""
    to = reverse("usersessions_list")
    return redirect_after_action(request, own_account.end_session, to, _("The session is ended."), session_id=pk)


@never_cache
@login_required
def open_account(request: Request) -> HttpResponse:
    """Open an account, for officers; its person gets a mail to choose a password."""
    require_officer(request, _("Accounts are opened by officers of the site."))
    form = NewAccountForm(request.POST or None)
    success = _("The account is open; a mail tells its person how to choose a password.")
    if outcome := run_action_form(request, accounts.open_account, form, success=success, error_field="email"):
        _send_link(request, outcome.value.email)
        return redirect("account-new")
    return render(request, "account/new.html", {"form": form}, status=_WRONG if form.errors else 200)


def _send_link(request: Request, email: str) -> None:
    form = ResetPasswordForm({"email": email})
    if form.is_valid():
        form.save(request)
