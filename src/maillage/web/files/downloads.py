"""Responses with the bytes of a file."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.files.file_types import FILE_TYPES
from maillage.files.models import File
from maillage.files.storage import get_storage

# A file must not act in the name of the site: no script, no form, no frame, an origin of its own.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def file_response(request: Request, file: File) -> HttpResponseBase:
    """The bytes of a file; the caller has checked that the reader may see it. Raises `Http404` if they are missing."""
    etag = f'"{file.content.digest}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    kind = FILE_TYPES.get(file.content.media_type)
    try:
        response = FileResponse(get_storage().open(file.content.storage_path), content_type=file.content.media_type)
    except FileNotFoundError as error:
        raise Http404(_("The bytes of this file are missing from the storage; tell an officer of the site.")) from error
    disposition = "inline" if kind and kind.inline and "download" not in request.GET else "attachment"
    for header, value in {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.content.size),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }.items():
        response.headers[header] = value
    return response
