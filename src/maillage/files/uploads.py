"""Taking a file in: streamed to the disk while its SHA-256 is computed, refused as soon as it is too large."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File as DjangoFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.files.file_types import FileRejectedError, FileType, detect_file_type
from maillage.files.models import Content
from maillage.files.storage import get_storage, lock_content

INCOMING_PREFIX = "incoming-"
MEGABYTE = 1024 * 1024


class IncomingFile(DjangoFile):  # type: ignore[type-arg]  # Django’s class is generic in its stubs alone
    """A file on its way in, on the disk of the storage; it goes away when closed, unless it was kept."""

    def __init__(self, name: str) -> None:
        folder = Path(settings.FILES_INCOMING)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix=INCOMING_PREFIX, dir=folder)
        self.bytes: IO[bytes] = os.fdopen(handle, "w+b")
        super().__init__(self.bytes, name)
        self.path, self.size, self._sha = path, 0, hashlib.sha256()

    @property
    def digest(self) -> str:
        """The SHA-256 of what came in, in hexadecimal."""
        return self._sha.hexdigest()

    def temporary_file_path(self) -> str:
        """By this a storage on the same disk takes the file by renaming it: whole, or not at all."""
        return self.path

    def add(self, piece: bytes) -> None:
        """Write one piece. Raises `NotTaken` where the file is larger than the site takes, or the disk is full."""
        self.size += len(piece)
        if self.size > settings.FILES_MAX_BYTES:
            raise file_too_large_error()
        try:
            self.bytes.write(piece)
        except OSError as error:
            raise storage_full_error() from error
        self._sha.update(piece)

    def detect_type(self) -> FileType:
        """What the bytes are, all of them being on the disk. Raises `NotTaken`."""
        if self.size == 0:
            raise FileRejectedError(_("This file is empty; choose another."))
        try:
            self.bytes.flush()
            os.fsync(self.bytes.fileno())
        except OSError as error:
            raise storage_full_error() from error
        kind = detect_file_type(self.bytes)
        self.bytes.seek(0)
        return kind

    def close(self) -> None:
        """Close it and leave nothing on the disk of a file that was not kept."""
        with suppress(OSError):
            super().close()
        with suppress(FileNotFoundError):
            os.unlink(self.path)


def file_too_large_error() -> FileRejectedError:
    """The refusal of what is larger than the site takes."""
    limit = settings.FILES_MAX_BYTES // MEGABYTE
    return FileRejectedError(
        _("The file is larger than the %d MB that this site takes; make it smaller or split it.") % limit
    )


def storage_full_error() -> FileRejectedError:
    """The refusal of what the disk does not take."""
    return FileRejectedError(_("The file could not be stored: the disk is full or cannot be written. Tell an officer."))


@contextmanager
def receive_file(name: str, pieces: Iterable[bytes]) -> Iterator[IncomingFile]:
    """A file from its pieces, for the length of the block. Raises `NotTaken`, as `Incoming.add` does."""
    incoming = IncomingFile(name)
    with discard_unless_stored(incoming):
        for piece in pieces:
            incoming.add(piece)
        yield incoming


@contextmanager
def discard_unless_stored(incoming: IncomingFile) -> Iterator[None]:
    """After the block, nothing is left of a file that no row speaks of, whatever went wrong in between."""
    try:
        yield
    finally:
        incoming.close()
        # Where the storage does not answer, the nightly sweep finds bytes without a row.
        with suppress(OSError), transaction.atomic(), lock_content(incoming.digest) as place:
            if not Content.objects.filter(digest=incoming.digest).exists() and get_storage().exists(place):
                get_storage().delete(place)


class StreamingUploadHandler(FileUploadHandler):
    """Django's way in for a form with a file: the bytes go to the disk as they arrive, and no further than allowed."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.refused: FileRejectedError | None = None
        self.incoming: IncomingFile | None = None

    def new_file(self, *arguments: Any, **more: Any) -> None:
        """One file in a form: a second one takes the place of the first."""
        super().new_file(*arguments, **more)
        self.discard()
        self.incoming = IncomingFile(self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, or stop reading from the sender."""
        if self.incoming is None:
            return
        try:
            self.incoming.add(raw_data)
        except FileRejectedError as error:
            self.refused = error
            self.discard()
            raise StopUpload(connection_reset=True) from error

    def file_complete(self, file_size: int) -> Any:
        """The file, once all of it is here."""
        return self.incoming

    def upload_interrupted(self) -> None:
        """The sender went away."""
        self.discard()

    def discard(self) -> None:
        """Leave nothing of what came in."""
        if self.incoming is not None:
            self.incoming.close()
            self.incoming = None
