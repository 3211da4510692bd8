"""Pages by which a requester has their data erased or gets a new link, and the officers' list of erasures."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.partnerships.actions.erasures import check_erasable, erase_requester, request_erasure
from maillage.partnerships.actions.requester import mail_new_link, withdraw_need
from maillage.partnerships.erasure_list import erasure_text, known_erasures
from maillage.partnerships.models import Erasure, Need
from maillage.partnerships.queries import needs, running_need_cases
from maillage.presentation.action_forms import require_officer, run_action_form
from maillage.web.partnerships.need_links import find_need, need_of_token, need_to_erase
from maillage.web.rate_limits import enforce_rate_limit

_SHOWN = 500


@never_cache
@require_http_methods(["GET", "POST"])
def erasure_page(request: Request, token: str) -> HttpResponse:
    """What is erased and what stays; asks for the mail whose link does it, or says why it cannot be done yet."""
    with read_everything():
        need = need_of_token(token)
        is_open, refusal = _what_hinders(need)
    success = _("A mail is on its way to the address that you gave; its link erases what is held of you.")
    action = partial(request_erasure, need_id=need.pk)
    if run_action_form(request, action, success=success, before=enforce_rate_limit):
        return redirect("follow-need", token)
    context = {"need": need, "token": token, "is_open": is_open, "refusal": refusal}
    return render(request, "web/needs/erase.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def erase_page(request: Request, token: str) -> HttpResponse:
    """A button that erases who stated the need, by the link in the mail: opening it erases nothing, as programs do."""
    with read_everything():
        need = need_to_erase(token)
    # By nobody: the history would keep that of whoever is signed in, who is erased by this.
    action = partial(erase_requester, need_id=need.pk)
    if run_action_form(request, lambda **run: action(actor=PUBLIC, at=run["at"])):
        return redirect("erase-requester", token)
    return render(request, "web/needs/erase_confirmed.html", {"need": need, "token": token})


@require_POST
def new_link(request: Request, token: str) -> HttpResponse:
    """Mail a new link to the address of the requester."""
    with read_everything():
        need = find_need(token)
    success = _("If the address that you gave is still known here, a mail with a new link is on its way to it.")
    run_action_form(request, partial(mail_new_link, need_id=need.pk), success=success, before=enforce_rate_limit)
    return redirect("follow-need", token)


@require_http_methods(["GET", "POST"])
def erase_by_officer_page(request: Request, key: str) -> HttpResponse:
    """The confirmation of an officer, whom a requester has asked by another way than the link."""
    require_officer(request, _("Officers of the site erase who stated a need, when asked to."))
    need = get_object_or_404(needs(actor=request.actor), key=key)
    if "withdraw" in request.POST:
        withdrawing = partial(withdraw_need, need_id=need.pk)
        run_action_form(request, withdrawing, success=_("The need is withdrawn."))
        return redirect("erase-by-officer", key)
    success = _("Who stated this need is erased.")
    if run_action_form(request, partial(erase_requester, need_id=need.pk), success=success):
        return redirect(need)
    is_open, refusal = _what_hinders(need)
    return render(request, "web/needs/erase_by_officer.html", {"need": need, "is_open": is_open, "refusal": refusal})


def _what_hinders(need: Need) -> tuple[bool, str]:
    """Whether a need is still dealt with, and why its requester cannot be erased yet, if so."""
    try:
        check_erasable(need)
    except ActionError as error:
        return bool(running_need_cases(need.pk)), str(error)
    return False, ""


@require_safe
def erasures_page(request: Request) -> HttpResponse:
    """The needs whose requester was erased, by key and day, for officers; as a file with `format=csv`."""
    require_officer(request, _("Officers of the site read the list of erasures."))
    if request.GET.get("format") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="maillage-erasures.csv"'}
        return HttpResponse(erasure_text(known_erasures()), content_type="text/csv; charset=utf-8", headers=headers)
    # A list that was read from a file may name needs that this database never had.
    is_here = Exists(Need.objects.filter(key=OuterRef("need_key")))
    erasures = Erasure.objects.annotate(is_here=is_here).order_by("-day", "-pk")
    context = {"erasures": erasures[:_SHOWN], "number": erasures.count(), "shown": _SHOWN}
    return render(request, "web/needs/erasures.html", context)
