"""The form by which an officer, or a manager of an organisation concerned, says who sees a record."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.disclosure import grant, has_a_say, may_disclose, named_for, set_visibility, withdraw_grant
from maillage.kernel.listing import LISTINGS, Listing
from maillage.kernel.request import Request
from maillage.kernel.versions import as_read, version_of
from maillage.kernel.visibility import Visibility
from maillage.web import records


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(label=gettext_lazy("Who sees this record"), choices=Visibility.choices)
    reason = forms.CharField(label=gettext_lazy("Reason, kept in the history"), max_length=2000)
    version = forms.CharField(widget=forms.HiddenInput, required=False)


class NamingForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Mail address of another who may read it"), max_length=254)


def section(request: Request, record: Any) -> dict[str, Any]:
    """The forms, for those who may use them on a record of today, and the persons named for it."""
    if request.reading.known or not hasattr(record, "visibility") or not has_a_say(type(record)):
        return {}
    if not may_disclose(request.actor, record):
        return {}
    given = {"visibility": record.visibility, "version": version_of(type(record), record.pk)}
    shown: dict[str, Any] = {"visibility_form": VisibilityForm(initial=given)}
    if record.visibility == Visibility.NAMED:
        shown |= {"named": named_for(record, actor=request.actor), "naming_form": NamingForm()}
    return shown


@require_POST
def disclose(request: Request, name: str, pk: int) -> HttpResponse:
    """Set the visibility, and go back to the record, or to its list where its own reader no longer sees it."""
    listing = _listing(request, name, pk)
    kind = listing.model._meta.label_lower
    REGISTRY["kernel.set_visibility"].refuse(request.actor, timezone.now(), {"record_kind": kind, "record_id": pk})
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the visibilities listed, and say why."))
        return _back(request, listing, pk)
    given = form.cleaned_data
    try:
        with as_read(kind, pk, given.pop("version")):
            set_visibility(actor=request.actor, at=timezone.now(), record_kind=kind, record_id=pk, **given)
        messages.success(request, _("Who sees this record is changed; the history says so."))
    except Impossible as error:
        messages.error(request, str(error))
    return _back(request, listing, pk)


@require_POST
def name(request: Request, name: str, pk: int) -> HttpResponse:
    """Let a person read the record."""
    form = NamingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a mail address."))
        return _back(request, _listing(request, name, pk), pk)
    return _named(request, name, pk, grant, _("This person reads the record now."), **form.cleaned_data)


@require_POST
def unname(request: Request, name: str, pk: int, person: int) -> HttpResponse:
    """Let a person read it no more."""
    return _named(request, name, pk, withdraw_grant, _("This person reads the record no more."), person_id=person)


def _named(request: Request, name: str, pk: int, act: Callable[..., Any], said: str, **more: Any) -> HttpResponse:
    listing = _listing(request, name, pk)
    try:
        act(actor=request.actor, at=timezone.now(), record_kind=listing.model._meta.label_lower, record_id=pk, **more)
        messages.success(request, said)
    except Impossible as error:
        messages.error(request, str(error))
    return _back(request, listing, pk)


def _listing(request: Request, name: str, pk: int) -> Listing:
    listing = LISTINGS.get(name)
    if listing is None or listing.visible(request.actor).filter(pk=pk).first() is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    return listing


def _back(request: Request, listing: Listing, pk: int) -> HttpResponse:
    record = listing.visible(request.actor).filter(pk=pk).first()
    return redirect(records.address(listing, record) if record else f"{listing.name}:list")
