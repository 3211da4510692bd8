"""Views of forms that may include a file."""

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
from maillage.web.mandate_choice import answer_form

Value = TypeVar("Value")

# Allowance for what a form adds to its file.
_AROUND = 64 * 1024


def upload_limits() -> dict[str, Any]:
    """The largest size (megabytes) and the file endings that the site accepts, for a form."""
    endings = (ending for file_type in FILE_TYPES.values() for ending in file_type.endings)
    return {"file_megabytes": settings.FILES_MAX_BYTES // MEGABYTE, "file_endings": ", ".join(endings)}


def accepts_upload(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose form may include one file: it gets the upload as `intake`, discarded if not stored.

    A request whose declared length is too large is refused (413) before it is read.
    """

    def read_form(request: Request, *arguments: object, **more: object) -> HttpResponse:
        request.FILES.keys()  # reading the form receives the file, even for a view that uses no other field
        return answer_form(request, lambda read: view(read, *arguments, **more))

    protected = csrf_protect(read_form)

    @csrf_exempt  # The upload handler must be set before the form is read; `protected` then checks the token.
    @wraps(view)
    def wrapper(request: Request, *arguments: object, **more: object) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILES_MAX_BYTES + _AROUND:
            return _refused(request, str(file_too_large_error()), 413)
        intake = StreamingUploadHandler(request)
        request.upload_handlers = [intake]
        try:
            return protected(request, *arguments, intake=intake, **more)
        finally:
            intake.discard()

    return wrapper


def get_incoming_file(intake: StreamingUploadHandler) -> IncomingFile:
    """The uploaded file. Raises `ActionError` where it was refused, or none was chosen."""
    if intake.refused or intake.incoming is None:
        raise ActionError(str(intake.refused or _("Choose a file first.")))
    return intake.incoming


def run_with_upload(action: Callable[..., Value], intake: StreamingUploadHandler, **arguments: object) -> Value:
    """Run an action with the uploaded file as `incoming`. Raises `ActionError` if there is none."""
    incoming = get_incoming_file(intake)
    with discard_unless_stored(incoming):
        return action(incoming=incoming, **arguments)


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view to refuse others than officers (403) before their upload is read."""

    @wraps(view)
    def wrapper(request: Request, *arguments: object, **more: object) -> HttpResponse:
        if not request.actor.is_officer:
            return _refused(request, _("Only an officer of the site attaches files here."), 403)
        return view(request, *arguments, **more)

    return wrapper


def _refused(request: Request, reason: str, status: int) -> HttpResponse:
    context = {"title": _("This file is not taken"), "advice": reason, "sign_in": not request.user.is_authenticated}
    return render(request, "web/refusal.html", context, status=status)
