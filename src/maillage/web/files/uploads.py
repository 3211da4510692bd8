"""Views of forms that may include a file."""

from collections.abc import Callable
from functools import partial, wraps
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, StopUpload
from django.http import HttpResponse
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
    is_too_long,
)
from maillage.web.error_views import refusal_page
from maillage.web.mandate_choice import answer_form

Value = TypeVar("Value")


def upload_limits() -> dict[str, object]:
    """The largest size (megabytes) and the file endings that the site accepts, for a form."""
    endings = (ending for file_type in FILE_TYPES.values() for ending in file_type.endings)
    return {"file_megabytes": settings.FILES_MAX_BYTES // MEGABYTE, "file_endings": ", ".join(endings)}


def accepts_upload(
    view: Callable[..., HttpResponse], *, handler: type[StreamingUploadHandler] = StreamingUploadHandler, times: int = 1
) -> Callable[..., HttpResponse]:
    """Decorate a view whose form may include one file: it gets the upload as `intake`, discarded if not stored.

    A request whose declared length is more than so many `times` the largest file is refused (413) before it is read.
    """

    def read_form(request: Request, *arguments: object, **more: object) -> HttpResponse:
        request.FILES.keys()  # reading the form receives the file, even for a view that uses no other field
        return answer_form(request, lambda read: view(read, *arguments, **more))

    protected = csrf_protect(read_form)

    @csrf_exempt  # The upload handler must be set before the form is read; `protected` then checks the token.
    @wraps(view)
    def wrapper(request: Request, *arguments: object, **more: object) -> HttpResponse:
        if is_too_long(request, times=times):
            return _refused(request, str(file_too_large_error()), 413)
        intake = handler(request)
        request.upload_handlers = [intake]
        try:
            return protected(request, *arguments, intake=intake, **more)
        finally:
            intake.discard()

    return wrapper


class LenientUploadHandler(StreamingUploadHandler):
    """An upload handler that reads the fields of a form to their end, also those after a file that is too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, or leave out the rest of the file."""
        try:
            super().receive_data_chunk(raw_data, start)
        except StopUpload as error:
            raise SkipFile from error


# For long forms: what was typed is kept if the file is refused. A file of several times the limit is not read.
accepts_document = partial(accepts_upload, handler=LenientUploadHandler, times=4)


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
    return refusal_page(request, status, _("This file is not taken"), reason, sign_in=not request.user.is_authenticated)
