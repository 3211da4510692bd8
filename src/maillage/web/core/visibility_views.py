"""The form by which an officer, or a manager of an organisation concerned, says who sees a record."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import REGISTRY, ActionError
from maillage.core.actions.visibility import grant, set_visibility, withdraw_grant
from maillage.core.record_versions import version_guard
from maillage.core.request import Request
from maillage.listing.listing import LISTINGS, Listing
from maillage.presentation import record_links
from maillage.web.core.forms import NamedReaderForm, VisibilityForm


@require_POST
def change_visibility(request: Request, name: str, pk: int) -> HttpResponse:
    """Set the visibility, and go back to the record, or to its list where its own reader no longer sees it."""
    listing = _listing(request, name, pk)
    kind = listing.model._meta.label_lower
    REGISTRY["core.set_visibility"].check_allowed(request.actor, timezone.now(), {"record_kind": kind, "record_id": pk})
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the visibilities listed, and say why."))
        return _back(request, listing, pk)
    given = form.cleaned_data
    try:
        with version_guard(kind, pk, given.pop("version")):
            set_visibility(actor=request.actor, at=timezone.now(), record_kind=kind, record_id=pk, **given)
        messages.success(request, _("Who sees this record is changed; the history says so."))
    except ActionError as error:
        messages.error(request, str(error))
    return _back(request, listing, pk)


@require_POST
def name_reader(request: Request, name: str, pk: int) -> HttpResponse:
    """Let a person read the record."""
    form = NamedReaderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a mail address."))
        return _back(request, _listing(request, name, pk), pk)
    return _named(request, name, pk, grant, _("This person reads the record now."), **form.cleaned_data)


@require_POST
def remove_reader(request: Request, name: str, pk: int, person: int) -> HttpResponse:
    """Let a person read it no more."""
    return _named(request, name, pk, withdraw_grant, _("This person reads the record no more."), person_id=person)


def _named(request: Request, name: str, pk: int, act: Callable[..., Any], said: str, **more: Any) -> HttpResponse:
    listing = _listing(request, name, pk)
    try:
        act(actor=request.actor, at=timezone.now(), record_kind=listing.model._meta.label_lower, record_id=pk, **more)
        messages.success(request, said)
    except ActionError as error:
        messages.error(request, str(error))
    return _back(request, listing, pk)


def _listing(request: Request, name: str, pk: int) -> Listing:
    listing = LISTINGS.get(name)
    if listing is None or listing.visible(request.actor).filter(pk=pk).first() is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    return listing


def _back(request: Request, listing: Listing, pk: int) -> HttpResponse:
    record = listing.visible(request.actor).filter(pk=pk).first()
    return redirect(record_links.page_address(listing, record) if record else f"{listing.name}:list")
