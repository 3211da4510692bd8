"""Forms to set who sees a record, for officers and for managers of an organisation concerned."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.actions.visibility import grant, set_visibility, withdraw_grant
from maillage.core.request import Request
from maillage.listing.listing import LISTINGS, Listing
from maillage.presentation import record_links
from maillage.presentation.action_forms import check_action_allowed, run_action_form
from maillage.web.core.forms import NamedReaderForm, VisibilityForm


@require_POST
def change_visibility(request: Request, name: str, pk: int) -> HttpResponse:
    """Set the visibility, then redirect to the record, or to its list if the reader no longer sees the record."""
    listing = _get_listing(request, name, pk)
    kind = listing.model._meta.label_lower
    check_action_allowed(request, "core.set_visibility", record_kind=kind, record_id=pk)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the visibilities listed, and say why."))
        return _redirect_to_record(request, listing, pk)
    fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    run_action_form(
        request,
        set_visibility,
        arguments={"record_kind": kind, "record_id": pk, **fields},
        success=_("Who sees this record is changed; the history records it."),
        version_of=listing.model(pk=pk),
    )
    return _redirect_to_record(request, listing, pk)


@require_POST
def name_reader(request: Request, name: str, pk: int) -> HttpResponse:
    """Let a person read the record."""
    form = NamedReaderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a mail address."))
        return _redirect_to_record(request, _get_listing(request, name, pk), pk)
    return _change_reader(request, name, pk, grant, _("This person reads the record now."), **form.cleaned_data)


@require_POST
def remove_reader(request: Request, name: str, pk: int, person: int) -> HttpResponse:
    """Withdraw a person's permission to read the record."""
    return _change_reader(
        request, name, pk, withdraw_grant, _("This person reads the record no more."), person_id=person
    )


def _change_reader(
    request: Request, name: str, pk: int, action: Callable[..., object], success: str, **reader: object
) -> HttpResponse:
    listing = _get_listing(request, name, pk)
    arguments = {"record_kind": listing.model._meta.label_lower, "record_id": pk, **reader}
    run_action_form(request, action, arguments=arguments, success=success)
    return _redirect_to_record(request, listing, pk)


def _get_listing(request: Request, name: str, pk: int) -> Listing:
    listing = LISTINGS.get(name)
    if listing is None or listing.visible(request.actor).filter(pk=pk).first() is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    return listing


def _redirect_to_record(request: Request, listing: Listing, pk: int) -> HttpResponse:
    record = listing.visible(request.actor).filter(pk=pk).first()
    return redirect(record_links.page_address(listing, record) if record else f"{listing.name}:list")
