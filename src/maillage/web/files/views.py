"""Files of records: download, and upload and removal by an officer."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.files.access import readable_file
from maillage.files.actions.files import attach_file, remove_file
from maillage.files.models import File
from maillage.files.uploads import StreamingUploadHandler
from maillage.listing.listing import LISTINGS, Listing, listing_of_kind
from maillage.presentation import record_links
from maillage.presentation.action_forms import run_action_form
from maillage.register.models import Organisation
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, officers_only, run_with_upload


@require_safe
def file_download(request: Request, pk: int, name: str = "") -> HttpResponseBase:
    """Download a file, for those who may see it and its record; the browser shows it only where its type is safe."""
    if request.as_of.known:
        # A file removed since stays removed: only the current state of files is served.
        return redirect(request.path)
    return file_response(request, _get_file(request, pk))


def _get_file(request: Request, pk: int) -> File:
    file = readable_file(pk, actor=request.actor)
    if file is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file


@require_POST
@officers_only
@accepts_upload
def attach(request: Request, name: str, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Attach an uploaded file to a record."""
    listing = LISTINGS.get(name)
    record = listing.visible(request.actor).filter(pk=pk).first() if listing else None
    if listing is None or record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    run_action_form(
        request,
        partial(run_with_upload, attach_file, intake),
        arguments={
            "visibility": request.POST.get("visibility", ""),
            "record_kind": listing.model._meta.label_lower,
            "record_id": record.pk,
            "organisation_id": _owner_id(listing, record),
        },
        success=lambda file: _("“%s” is attached.") % file.name,
    )
    return redirect(f"{record_links.page_address(listing, record)}#files")


def _owner_id(listing: Listing, record: object) -> int | None:
    """The id of the organisation that owns the file: the record itself, or the only organisation it is about."""
    organisations = [record] if isinstance(record, Organisation) else listing.organisations(record)
    return organisations[0].pk if len(organisations) == 1 else None


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove a file from its record."""
    file = _get_file(request, pk)
    listing = listing_of_kind(file.record_kind)
    arguments = {"file_id": pk, "reason": request.POST.get("reason", "").strip()[:2000]}
    run_action_form(request, remove_file, arguments=arguments, success=_("“%s” is removed.") % file.name)
    record = listing.visible(request.actor).filter(pk=file.record_id).first() if listing else None
    return redirect(f"{record_links.page_address(listing, record)}#files" if listing and record else "home")
