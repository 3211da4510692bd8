"""The files of a record: listed on its page, uploaded and removed by an officer, given out to whoever may see them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.files import queries
from maillage.files.actions.files import attach_file, remove_file
from maillage.files.models import File
from maillage.files.uploads import StreamingUploadHandler, discard_unless_stored
from maillage.listing.listing import LISTINGS, Listing, listing_of_kind
from maillage.presentation import record_links
from maillage.register.models import Organisation
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, get_incoming_file, officers_only


@require_safe
def file_download(request: Request, pk: int, name: str = "") -> HttpResponseBase:
    """The bytes of a file, to whoever may see it and its record; shown by the browser only where its type is safe."""
    if request.as_of.known:
        # What was removed since is removed: a file is given out as it is today or not at all.
        return redirect(request.path)
    return file_response(request, _visible(request, pk))


def _visible(request: Request, pk: int) -> File:
    file = queries.files(actor=request.actor).filter(pk=pk).first()
    listing = listing_of_kind(file.record_kind) if file else None
    if file is None or listing is None or not listing.visible(request.actor).filter(pk=file.record_id).exists():
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file


@require_POST
@officers_only
@accepts_upload
def attach(request: Request, name: str, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Take a file for a record."""
    listing = LISTINGS.get(name)
    record = listing.visible(request.actor).filter(pk=pk).first() if listing else None
    if listing is None or record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    request.POST.get("visibility")  # reads the form, and with it the file
    try:
        _keep(request, listing, record, intake)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect(f"{record_links.page_address(listing, record)}#files")


def _keep(request: Request, listing: Listing, record: Any, intake: StreamingUploadHandler) -> None:
    incoming = get_incoming_file(intake)
    with discard_unless_stored(incoming):
        file = attach_file(
            actor=request.actor,
            at=timezone.now(),
            incoming=incoming,
            record_kind=listing.model._meta.label_lower,
            record_id=record.pk,
            organisation_id=_organisation(listing, record),
            visibility=request.POST.get("visibility", ""),
        )
    messages.success(request, _("“%s” is attached.") % file.name)


def _organisation(listing: Listing, record: Any) -> int | None:
    """The organisation whose file it is: the record itself, or the one body it is about."""
    bodies = [record] if isinstance(record, Organisation) else listing.organisations(record)
    return bodies[0].pk if len(bodies) == 1 else None


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a file from its record."""
    file = _visible(request, pk)
    listing = listing_of_kind(file.record_kind)
    try:
        reason = request.POST.get("reason", "").strip()[:2000]
        remove_file(actor=request.actor, at=timezone.now(), file_id=pk, reason=reason)
        messages.success(request, _("“%s” is removed.") % file.name)
    except ActionError as error:
        messages.error(request, str(error))
    except ObjectDoesNotExist as error:
        raise Http404(_("This is no longer in the list.")) from error
    record = listing.visible(request.actor).filter(pk=file.record_id).first() if listing else None
    return redirect(f"{record_links.page_address(listing, record)}#files" if listing and record else "home")
