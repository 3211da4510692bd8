"""Pages by which a need that was mailed to an organisation is answered, and by which officers mail it."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.partnerships.actions.addressee_mails import answer_by_link, decline_by_link, mail_need
from maillage.partnerships.addressee_mails import address_of_token
from maillage.partnerships.models import NeedAddress, Requester
from maillage.partnerships.queries import (
    files_by_message,
    files_with_requester,
    messages_with_requester,
    need_files,
    needs,
    sent_answers,
)
from maillage.presentation.action_forms import run_action_form
from maillage.web.files.downloads import file_response
from maillage.web.link_errors import LinkError
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.forms import LetterForm
from maillage.web.rate_limits import enforce_rate_limit


@never_cache
def answer_by_link_page(request: Request, token: str) -> HttpResponse:
    """The need, for whoever reads the contact of its addressee, with the form that answers or declines it."""
    address, form = _address(token), LetterForm(request.POST or None)
    declines = request.POST.get("do") == "decline"
    action, argument = (decline_by_link, "reason") if declines else (answer_by_link, "letter")
    if run_action_form(
        request,
        partial(action, address_id=address.pk),
        form,
        arguments=lambda: {argument: form.cleaned_data["letter"]},
        success=_("Your answer is sent to whoever states the need."),
        before=enforce_rate_limit,
    ):
        return redirect("answer-by-link", token)
    with read_everything():
        context = _page_context(address) | {"form": form, "token": token}
        return render(request, "web/needs/answer_by_link.html", context, status=422 if form.errors else 200)


def _address(token: str) -> NeedAddress:
    # The signed link gives access to this need; its holder may have no account.
    with read_everything():
        address = address_of_token(token)
    if address is None:
        raise LinkError(_("This link is cut or wrong, or the contact of the organisation has changed since."))
    return address


def _page_context(address: NeedAddress) -> dict[str, object]:
    need, names = address.need, ConceptNames()
    messages = messages_with_requester(need)
    files = files_by_message(messages)
    return {
        "address": address,
        "need": need,
        "requester": Requester.objects.filter(need=need).first(),
        "asked": [(names[asked.concept], asked.essential) for asked in need.asked.order_by("-essential", "pk")],
        "messages_written": [(message, files.get(message.pk, [])) for message in messages],
        "need_files": need_files(need) if address.dealt_at is None else [],
        "sent": next((one for one in sent_answers(need) if one.organisation_id == address.organisation_id), None),
    }


@never_cache
@require_safe
def addressee_file(request: Request, token: str, pk: int) -> HttpResponseBase:
    """A file of the need or of the conversation with its requester, for as long as the need waits for an answer."""
    address = _address(token)
    with read_everything():
        attached = files_with_requester(address.need) if address.dealt_at is None else []
        attachment = next((file for file in attached if file.pk == pk), None)
        if attachment is None:
            raise Http404
        return file_response(request, attachment)


@require_POST
def mail_need_page(request: Request, key: str, pk: int) -> HttpResponse:
    """Mail a need to the contact of its addressee (id)."""
    need = get_object_or_404(needs(actor=request.actor), key=key)
    action = partial(mail_need, need_id=need.pk, organisation_id=pk)
    run_action_form(request, action, success=lambda address: _("The need is mailed to %s.") % address.mailed_to)
    return redirect(need)
