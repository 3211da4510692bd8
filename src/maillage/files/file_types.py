"""The accepted types of files, detected from their content, never from their name.

Content that a browser would run (HTML, SVG, scripts) is not accepted, nor is plain text, which cannot be distinguished.
"""

import os
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

import filetype
from django.utils.translation import gettext as _

_HEAD_LENGTH = 8192
_END_LENGTH = 65_557
# Limits of a ZIP package that is a document.
_MAX_DIRECTORY_BYTES, _MAX_PARTS = 4 * 1024 * 1024, 20_000
_MAX_UNPACKED_BYTES = 1024 * 1024 * 1024


class FileRejectedError(ValueError):
    """The file is refused; the message says why and what to do."""


class FileTooLargeError(FileRejectedError):
    """The file is larger than the site takes."""


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted type of file. The browser may show an `inline` one; others are only downloaded."""

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
# By a part of the package that only documents of this type have.
_MICROSOFT_TYPES = {
    "word/document.xml": FileType(f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    "xl/workbook.xml": FileType(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    "ppt/presentation.xml": FileType(f"{_OFFICE}.presentationml.presentation", (".pptx",)),
}
_OPENDOCUMENT_TYPES = {
    f"application/vnd.oasis.opendocument.{word}": FileType(f"application/vnd.oasis.opendocument.{word}", (ending,))
    for word, ending in (("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"))
}
FILE_TYPES = {
    kind.media_type: kind for kind in (PDF, *_IMAGES, *_MICROSOFT_TYPES.values(), *_OPENDOCUMENT_TYPES.values())
}
_PLAIN_TYPES = {kind.media_type for kind in (PDF, *_IMAGES)}
_SIGNATURES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"PK\x03\x04")


def detect_file_type(content: IO[bytes]) -> FileType:
    """The type of a file, detected without unpacking it. Raises `FileRejectedError` for a type not accepted."""
    content.seek(0)
    head = content.read(_HEAD_LENGTH)
    if not head.startswith(_SIGNATURES):
        raise _type_rejected()
    if head.startswith(b"PK"):
        return _office_type(content)
    media_type = filetype.guess_mime(head)
    if media_type not in _PLAIN_TYPES:
        raise _type_rejected()
    if media_type == PDF.media_type and b"%%EOF" not in _tail(content, 2048):
        raise FileRejectedError(_("This PDF is cut off: its end is missing. Export it again, then upload it."))
    return FILE_TYPES[media_type]


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


def _office_type(content: IO[bytes]) -> FileType:
    """The type of an Office document, from the directory of its package and, for OpenDocument, the part `mimetype`."""
    _check_directory_length(_tail(content, _END_LENGTH))
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            parts = {part.filename: part for part in package.infolist()}
            _check_unpacked_size(package.infolist())
            file_type = _microsoft_type(parts) or _opendocument_type(package, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, IndexError) as error:
        if isinstance(error, FileRejectedError):
            raise
        raise FileRejectedError(_("This document is damaged or cut off. Save it again, then upload it.")) from error
    if file_type is None or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _type_rejected()
    return file_type


def _microsoft_type(parts: dict[str, zipfile.ZipInfo]) -> FileType | None:
    if "[Content_Types].xml" not in parts:
        return None
    return next((file_type for part_name, file_type in _MICROSOFT_TYPES.items() if part_name in parts), None)


def _opendocument_type(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> FileType | None:
    part = parts.get("mimetype")
    # The standard requires it uncompressed, so that reading it unpacks nothing.
    if part is None or part.compress_type != zipfile.ZIP_STORED or part.file_size > 100:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in parts):
        return None
    return _OPENDOCUMENT_TYPES.get(package.read(part).decode("ascii", "replace"))


def _check_directory_length(package_end: bytes) -> None:
    """Check the declared size of the directory before it is read into memory; zip64 packages are refused too."""
    position = package_end.rfind(b"PK\x05\x06")
    if position < 0 or len(package_end) < position + 22:
        raise FileRejectedError(_("This document is damaged or cut off. Save it again, then upload it."))
    part_count, directory_size = struct.unpack("<HI", package_end[position + 10 : position + 16])
    if (
        part_count > _MAX_PARTS
        or directory_size > _MAX_DIRECTORY_BYTES
        or package_end.find(b"PK\x06\x07", max(0, position - 20), position) >= 0
    ):
        raise _package_too_large()


def _check_unpacked_size(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED_BYTES:
        raise _package_too_large()


def _package_too_large() -> FileRejectedError:
    return FileRejectedError(
        _("This package would unpack to far more than a document holds. Upload the document itself.")
    )
