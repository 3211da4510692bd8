"""The form by which an officer, or a manager of an organisation concerned, says who sees a record."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.kernel.actions import Impossible
from maillage.kernel.disclosure import may_disclose, set_visibility
from maillage.kernel.listing import LISTINGS, Listing
from maillage.kernel.request import Request
from maillage.kernel.visibility import Visibility
from maillage.web import records


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(label=gettext_lazy("Who sees this record"), choices=Visibility.choices)
    reason = forms.CharField(label=gettext_lazy("Reason, kept in the history"), max_length=2000, required=False)


def form_of(request: Request, record: Any) -> VisibilityForm | None:
    """The form, for those who may use it on a record of today."""
    if request.reading.known or not hasattr(record, "visibility") or not may_disclose(request.actor, record):
        return None
    return VisibilityForm(initial={"visibility": record.visibility})


@require_POST
def disclose(request: Request, name: str, pk: int) -> HttpResponse:
    """Set the visibility, and go back to the record, or to its list where its own reader no longer sees it."""
    listing = LISTINGS.get(name)
    form = VisibilityForm(request.POST)
    if listing is None or listing.visible(request.actor).filter(pk=pk).first() is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    if not form.is_valid():
        messages.error(request, _("Choose one of the visibilities listed."))
        return _back(request, listing, pk)
    kind = listing.model._meta.label_lower
    try:
        set_visibility(actor=request.actor, at=timezone.now(), record_kind=kind, record_id=pk, **form.cleaned_data)
        messages.success(request, _("Who sees this record is changed; the history says so."))
    except Impossible as error:
        messages.error(request, str(error))
    return _back(request, listing, pk)


def _back(request: Request, listing: Listing, pk: int) -> HttpResponse:
    record = listing.visible(request.actor).filter(pk=pk).first()
    return redirect(records.address(listing, record) if record else f"{listing.name}:list")
