"""The files of a record: listed on its page, uploaded and removed by an officer, given out to whoever may see them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from maillage.kernel.actions import Impossible
from maillage.kernel.files import queries
from maillage.kernel.files.actions import attach_file, remove_file
from maillage.kernel.files.intake import MEGABYTE, Incoming, Intake, settled, too_large
from maillage.kernel.files.models import File
from maillage.kernel.files.storage import storage
from maillage.kernel.files.types import KINDS
from maillage.kernel.listing import LISTINGS, Listing, listing_of
from maillage.kernel.request import Request
from maillage.kernel.visibility import Visibility
from maillage.register.models import Organisation
from maillage.web import records

# Nothing of a file may act in the name of the site: no script, no form, no frame, an origin of its own.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
# What a form adds to the file it carries.
_AROUND = 64 * 1024


def section(request: Request, listing: Listing, record: Any) -> dict[str, Any]:
    """The files of a record as its page shows them, and to an officer the form that adds one."""
    if request.reading.known:
        return {}
    kind = listing.model._meta.label_lower
    return {
        "files": queries.files_of(kind, record.pk, actor=request.actor),
        "file_visibilities": Visibility.choices,
        **limits(),
    }


def limits() -> dict[str, Any]:
    """What the site takes, as a form names it."""
    endings = (ending for kind in KINDS.values() for ending in kind.endings)
    return {"file_megabytes": settings.FILES_LARGEST // MEGABYTE, "file_endings": ", ".join(endings)}


@require_safe
def give_out(request: Request, pk: int, name: str = "") -> HttpResponseBase:
    """The bytes of a file, to whoever may see it and its record; shown by the browser only where its type is safe."""
    if request.reading.known:
        # What was removed since is removed: a file is given out as it is today or not at all.
        return redirect(request.path)
    return handed_out(request, _visible(request, pk))


def handed_out(request: Request, file: File) -> HttpResponseBase:
    """The bytes of a file that the reader may see."""
    etag = f'"{file.content.digest}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    kind = KINDS.get(file.content.media_type)
    try:
        response = FileResponse(storage().open(file.content.place), content_type=file.content.media_type)
    except FileNotFoundError as error:
        raise Http404(_("The bytes of this file are missing from the storage; tell an officer of the site.")) from error
    shown = "inline" if kind and kind.inline and "download" not in request.GET else "attachment"
    for header, value in {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.content.size),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }.items():
        response.headers[header] = value
    return response


def _visible(request: Request, pk: int) -> File:
    file = queries.files(actor=request.actor).filter(pk=pk).first()
    listing = listing_of(file.record_kind) if file else None
    if file is None or listing is None or not listing.visible(request.actor).filter(pk=file.record_id).exists():
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file


def taking_a_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view whose form may carry one file: it gets the `intake`, and what it does not keep is gone afterwards.

    What declares itself too large is refused before a byte of it is read.
    """
    protected = csrf_protect(view)

    @csrf_exempt  # The file must find its way in before the form is read for its token, which is then demanded.
    @wraps(view)
    def taken(request: Request, *arguments: Any, **more: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILES_LARGEST + _AROUND:
            return _refused(request, str(too_large()), 413)
        intake = Intake(request)
        request.upload_handlers = [intake]
        try:
            return protected(request, *arguments, intake=intake, **more)
        finally:
            intake.discard()

    return taken


def came_in(intake: Intake) -> Incoming:
    """The file that a form carried. Raises `Impossible` where it was refused, or none was chosen."""
    if intake.refused or intake.incoming is None:
        raise Impossible(str(intake.refused or _("Choose a file first.")))
    return intake.incoming


def only_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse others before anything they send is read."""

    @wraps(view)
    def checked(request: Request, *arguments: Any, **more: Any) -> HttpResponse:
        if not request.actor.is_officer:
            return _refused(request, _("Only an officer of the site attaches files here."), 403)
        return view(request, *arguments, **more)

    return checked


@require_POST
@only_officers
@taking_a_file
def attach(request: Request, name: str, pk: int, intake: Intake) -> HttpResponse:
    """Take a file for a record."""
    listing = LISTINGS.get(name)
    record = listing.visible(request.actor).filter(pk=pk).first() if listing else None
    if listing is None or record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    request.POST.get("visibility")  # reads the form, and with it the file
    try:
        _keep(request, listing, record, intake)
    except Impossible as error:
        messages.error(request, str(error))
    return redirect(f"{records.address(listing, record)}#files")


def _keep(request: Request, listing: Listing, record: Any, intake: Intake) -> None:
    incoming = came_in(intake)
    with settled(incoming):
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
    bodies = [record] if isinstance(record, Organisation) else listing.bodies(record)
    return bodies[0].pk if len(bodies) == 1 else None


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a file from its record."""
    file = _visible(request, pk)
    listing = listing_of(file.record_kind)
    try:
        reason = request.POST.get("reason", "").strip()[:2000]
        remove_file(actor=request.actor, at=timezone.now(), file_id=pk, reason=reason)
        messages.success(request, _("“%s” is removed.") % file.name)
    except Impossible as error:
        messages.error(request, str(error))
    except ObjectDoesNotExist as error:
        raise Http404(_("This is no longer in the list.")) from error
    record = listing.visible(request.actor).filter(pk=file.record_id).first() if listing else None
    return redirect(f"{records.address(listing, record)}#files" if listing and record else "home")


def _refused(request: Request, reason: str, status: int) -> HttpResponse:
    context = {"title": _("This file is not taken"), "advice": reason, "sign_in": not request.user.is_authenticated}
    return render(request, "web/refusal.html", context, status=status)
