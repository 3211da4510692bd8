"""The page on which the address of a requester who is not reached is corrected."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.partnerships.actions.undelivered import correct_requester_address
from maillage.partnerships.queries import requester_of
from maillage.presentation.action_forms import run_action_form
from maillage.web.partnerships.forms import AddressForm
from maillage.web.partnerships.lookups import get_need_for_action


def requester_address_page(request: Request, key: str) -> HttpResponse:
    """Replace the address to which no mail arrives."""
    need = get_need_for_action(request, key, "correct_requester_address")
    requester = requester_of(need, actor=request.actor)
    if requester is None or not requester.undelivered:
        messages.info(request, _("No mail to this address came back; there is nothing to correct."))
        return redirect(need)
    form = AddressForm(request.POST or None)
    success = _("The address is corrected; the link to the need is mailed there.")
    if run_action_form(request, partial(correct_requester_address, need_id=need.pk), form, success=success):
        return redirect(need)
    context = {"need": need, "form": form, "requester": requester}
    return render(request, "web/needs/requester_address.html", context, status=422 if form.errors else 200)
