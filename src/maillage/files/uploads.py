"""Uploads: files streamed to the disk while their SHA-256 is computed, and refused as soon as they are too large."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

from django.conf import settings
from django.core.files.base import File as DjangoFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from maillage.files.file_types import FileRejectedError, FileTooLargeError, FileType, detect_file_type
from maillage.files.models import Content
from maillage.files.storage import get_storage, lock_content

INCOMING_PREFIX = "incoming-"
MEGABYTE = 1024 * 1024
# Allowance for what a form adds to its file.
_AROUND = 64 * 1024


HandlerArgument: TypeAlias = Any  # Any: what Django tells a handler of uploads, given on as it came


class IncomingFile(DjangoFile):  # type: ignore[type-arg]  # Django’s class is generic in its stubs alone
    """A temporary file on the disk of the storage that receives an upload; deleted when closed, unless stored."""

    def __init__(self, name: str) -> None:
        folder = Path(settings.FILES_INCOMING)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix=INCOMING_PREFIX, dir=folder)
        self.bytes: IO[bytes] = os.fdopen(handle, "w+b")
        super().__init__(self.bytes, name)
        self.path, self.size, self._sha = path, 0, hashlib.sha256()

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes received so far, in hexadecimal."""
        return self._sha.hexdigest()

    def temporary_file_path(self) -> str:
        """The path of the file, which lets a storage on the same disk move it into place atomically."""
        return self.path

    def add(self, piece: bytes) -> None:
        """Write one piece. Raises `FileRejectedError` if the file becomes too large or the disk is full."""
        self.size += len(piece)
        if self.size > settings.FILES_MAX_BYTES:
            raise file_too_large_error()
        try:
            self.bytes.write(piece)
        except OSError as error:
            raise storage_full_error() from error
        self._sha.update(piece)

    def detect_type(self) -> FileType:
        """The type of the complete file. Raises `FileRejectedError`."""
        if self.size == 0:
            raise FileRejectedError(_("This file is empty; choose another."))
        try:
            self.bytes.flush()
            os.fsync(self.bytes.fileno())
        except OSError as error:
            raise storage_full_error() from error
        file_type = detect_file_type(self.bytes)
        self.bytes.seek(0)
        return file_type

    def close(self) -> None:
        """Close the file and delete it, unless the storage has moved it."""
        with suppress(OSError):
            super().close()
        with suppress(FileNotFoundError):
            os.unlink(self.path)


def is_too_long(request: HttpRequest, *, times: int = 1) -> bool:
    """Whether a form is declared longer than so many times the largest file that the site takes."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > times * settings.FILES_MAX_BYTES + _AROUND


def file_too_large_error() -> FileTooLargeError:
    """The error for a file that is larger than the site accepts."""
    limit = settings.FILES_MAX_BYTES // MEGABYTE
    return FileTooLargeError(
        _("The file is larger than the %d MB that this site takes; make it smaller or split it.") % limit
    )


def storage_full_error() -> FileRejectedError:
    """The error for a file that cannot be written to the disk or the storage."""
    return FileRejectedError(_("The file could not be stored: the disk is full or cannot be written. Tell an officer."))


@contextmanager
def receive_file(name: str, pieces: Iterable[bytes]) -> Iterator[IncomingFile]:
    """A file from its pieces, for the duration of the block. Raises `FileRejectedError`, as `IncomingFile.add` does."""
    incoming = IncomingFile(name)
    with discard_unless_stored(incoming):
        for piece in pieces:
            incoming.add(piece)
        yield incoming


@contextmanager
def discard_unless_stored(incoming: IncomingFile) -> Iterator[None]:
    """Close the file after the block, and delete its content from the storage unless a `Content` row refers to it."""
    try:
        yield
    finally:
        incoming.close()
        # If the storage fails, the nightly job removes content without a row.
        with suppress(OSError), transaction.atomic(), lock_content(incoming.digest) as path:
            if not Content.objects.filter(digest=incoming.digest).exists() and get_storage().exists(path):
                get_storage().delete(path)


class StreamingUploadHandler(FileUploadHandler):
    """Upload handler of a form with one file, which writes the bytes to the disk up to the size limit.

    `refused` is the error that stopped the upload, if any.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.refused: FileRejectedError | None = None
        self.incoming: IncomingFile | None = None

    def new_file(self, *arguments: HandlerArgument, **options: HandlerArgument) -> None:
        """Begin a file; a second file in a form replaces the first."""
        super().new_file(*arguments, **options)
        self.discard()
        self.incoming = IncomingFile(self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, or stop the upload."""
        if self.incoming is None:
            return
        try:
            self.incoming.add(raw_data)
        except FileRejectedError as error:
            self.refused = error
            self.discard()
            raise StopUpload(connection_reset=True) from error

    def file_complete(self, file_size: int) -> Any:  # Any: the library asks for a file of its own class
        """Return the received file."""
        return self.incoming

    def upload_interrupted(self) -> None:
        """Discard the file of an interrupted upload."""
        self.discard()

    def discard(self) -> None:
        """Close and delete the file received so far."""
        if self.incoming is not None:
            self.incoming.close()
            self.incoming = None
