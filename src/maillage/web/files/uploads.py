"""Forms that carry a file."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.files.file_types import FILE_TYPES
from maillage.files.uploads import (
    MEGABYTE,
    IncomingFile,
    StreamingUploadHandler,
    discard_unless_stored,
    file_too_large_error,
)

Value = TypeVar("Value")

# What a form adds to the file it carries.
_AROUND = 64 * 1024


def upload_limits() -> dict[str, Any]:
    """What the site takes, as a form names it."""
    endings = (ending for kind in FILE_TYPES.values() for ending in kind.endings)
    return {"file_megabytes": settings.FILES_MAX_BYTES // MEGABYTE, "file_endings": ", ".join(endings)}


def accepts_upload(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view whose form may carry one file: it gets the `intake`, and what it does not keep is gone afterwards.

    What declares itself too large is refused before a byte of it is read.
    """

    def read(request: Request, *arguments: Any, **more: Any) -> HttpResponse:
        request.FILES.keys()  # the file comes in as the form is read, which a view that needs no other field forgets
        return view(request, *arguments, **more)

    protected = csrf_protect(read)

    @csrf_exempt  # The file must find its way in before the form is read for its token, which is then demanded.
    @wraps(view)
    def taken(request: Request, *arguments: Any, **more: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILES_MAX_BYTES + _AROUND:
            return _refused(request, str(file_too_large_error()), 413)
        intake = StreamingUploadHandler(request)
        request.upload_handlers = [intake]
        try:
            return protected(request, *arguments, intake=intake, **more)
        finally:
            intake.discard()

    return taken


def get_incoming_file(intake: StreamingUploadHandler) -> IncomingFile:
    """The file that a form carried. Raises `ActionError` where it was refused, or none was chosen."""
    if intake.refused or intake.incoming is None:
        raise ActionError(str(intake.refused or _("Choose a file first.")))
    return intake.incoming


def run_with_upload(action: Callable[..., Value], intake: StreamingUploadHandler, **arguments: Any) -> Value:
    """Run an action with the file that a form carried as `incoming`. Raises `ActionError` if there is none."""
    incoming = get_incoming_file(intake)
    with discard_unless_stored(incoming):
        return action(incoming=incoming, **arguments)


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse others before anything they send is read."""

    @wraps(view)
    def checked(request: Request, *arguments: Any, **more: Any) -> HttpResponse:
        if not request.actor.is_officer:
            return _refused(request, _("Only an officer of the site attaches files here."), 403)
        return view(request, *arguments, **more)

    return checked


def _refused(request: Request, reason: str, status: int) -> HttpResponse:
    context = {"title": _("This file is not taken"), "advice": reason, "sign_in": not request.user.is_authenticated}
    return render(request, "web/refusal.html", context, status=status)
