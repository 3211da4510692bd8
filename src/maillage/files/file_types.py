"""Which types are taken, decided by what the bytes are, never by what the name says.

What a browser would run (HTML, SVG, scripts) is not on the list, nor is what cannot be told from it: plain text.
"""

import os
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

import filetype
from django.utils.translation import gettext as _

_HEAD = 8192
_END = 65_557
# A directory longer than this names hundreds of thousands of parts: no document has them.
_DIRECTORY_BYTES, _PARTS = 4 * 1024 * 1024, 20_000
_UNPACKED_BYTES = 1024 * 1024 * 1024


class FileRejectedError(ValueError):
    """The file is refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken; `inline` ones may be shown by the browser, the others are only downloaded."""

    media_type: str
    endings: tuple[str, ...]
    inline: bool = False


PDF = FileType("application/pdf", (".pdf",), inline=True)
_IMAGES = (
    FileType("image/png", (".png",), inline=True),
    FileType("image/jpeg", (".jpg", ".jpeg"), inline=True),
    FileType("image/gif", (".gif",), inline=True),
    FileType("image/webp", (".webp",), inline=True),
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
# By the part of the package that only such a document has.
_MICROSOFT = {
    "word/document.xml": FileType(f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    "xl/workbook.xml": FileType(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    "ppt/presentation.xml": FileType(f"{_OFFICE}.presentationml.presentation", (".pptx",)),
}
_OPEN = {
    f"application/vnd.oasis.opendocument.{word}": FileType(f"application/vnd.oasis.opendocument.{word}", (ending,))
    for word, ending in (("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"))
}
FILE_TYPES = {kind.media_type: kind for kind in (PDF, *_IMAGES, *_MICROSOFT.values(), *_OPEN.values())}
_PLAIN_TYPES = {kind.media_type for kind in (PDF, *_IMAGES)}
_SIGNATURES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"PK\x03\x04")


def detect_file_type(content: IO[bytes]) -> FileType:
    """The type of some bytes, read without unpacking anything. Raises `NotTaken` for what is not on the list."""
    content.seek(0)
    head = content.read(_HEAD)
    if not head.startswith(_SIGNATURES):
        raise _type_rejected()
    if head.startswith(b"PK"):
        return _document(content)
    guessed = filetype.guess_mime(head)
    if guessed not in _PLAIN_TYPES:
        raise _type_rejected()
    if guessed == PDF.media_type and b"%%EOF" not in _tail(content, 2048):
        raise FileRejectedError(_("This PDF is cut off: its end is missing. Export it again, then upload it."))
    return FILE_TYPES[guessed]


def _type_rejected() -> FileRejectedError:
    return FileRejectedError(
        _(
            "This type of file is not taken, whatever its name says. Upload a PDF, an image (PNG, JPEG, GIF, WebP) or "
            "an Office or OpenDocument file without macros."
        )
    )


def _tail(content: IO[bytes], length: int) -> bytes:
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - length))
    return content.read(length)


def _document(content: IO[bytes]) -> FileType:
    """An Office document by the directory of its package; only the short `mimetype` of an OpenDocument is read."""
    _check_directory_length(_tail(content, _END))
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            parts = {part.filename: part for part in package.infolist()}
            _check_unpacked_size(package.infolist())
            kind = _microsoft(parts) or _opendocument(package, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, IndexError) as error:
        if isinstance(error, FileRejectedError):
            raise
        raise FileRejectedError(_("This document is damaged or cut off. Save it again, then upload it.")) from error
    if kind is None or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _type_rejected()
    return kind


def _microsoft(parts: dict[str, zipfile.ZipInfo]) -> FileType | None:
    if "[Content_Types].xml" not in parts:
        return None
    return next((kind for name, kind in _MICROSOFT.items() if name in parts), None)


def _opendocument(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> FileType | None:
    part = parts.get("mimetype")
    # Stored, not packed, as the standard wants it: nothing is unpacked to read it.
    if part is None or part.compress_type != zipfile.ZIP_STORED or part.file_size > 100:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in parts):
        return None
    return _OPEN.get(package.read(part).decode("ascii", "replace"))


def _check_directory_length(end: bytes) -> None:
    """Before the directory is read into memory: how long it says it is. Larger packages (zip64) are no documents."""
    mark = end.rfind(b"PK\x05\x06")
    if mark < 0 or len(end) < mark + 22:
        raise FileRejectedError(_("This document is damaged or cut off. Save it again, then upload it."))
    parts, length = struct.unpack("<HI", end[mark + 10 : mark + 16])
    if parts > _PARTS or length > _DIRECTORY_BYTES or end.find(b"PK\x06\x07", max(0, mark - 20), mark) >= 0:
        raise _package_too_large()


def _check_unpacked_size(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED_BYTES:
        raise _package_too_large()


def _package_too_large() -> FileRejectedError:
    return FileRejectedError(
        _("This package would unpack to far more than a document holds. Upload the document itself.")
    )
