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


class NotTaken(ValueError):
    """The file is refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that is taken; `inline` ones may be shown by the browser, the others are only downloaded."""

    media_type: str
    endings: tuple[str, ...]
    inline: bool = False


PDF = Kind("application/pdf", (".pdf",), inline=True)
_IMAGES = (
    Kind("image/png", (".png",), inline=True),
    Kind("image/jpeg", (".jpg", ".jpeg"), inline=True),
    Kind("image/gif", (".gif",), inline=True),
    Kind("image/webp", (".webp",), inline=True),
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
# By the part of the package that only such a document has.
_MICROSOFT = {
    "word/document.xml": Kind(f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    "xl/workbook.xml": Kind(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    "ppt/presentation.xml": Kind(f"{_OFFICE}.presentationml.presentation", (".pptx",)),
}
_OPEN = {
    f"application/vnd.oasis.opendocument.{word}": Kind(f"application/vnd.oasis.opendocument.{word}", (ending,))
    for word, ending in (("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"))
}
KINDS = {kind.media_type: kind for kind in (PDF, *_IMAGES, *_MICROSOFT.values(), *_OPEN.values())}
_PLAIN = {kind.media_type for kind in (PDF, *_IMAGES)}
_SIGNATURES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"PK\x03\x04")


def kind_of(content: IO[bytes]) -> Kind:
    """The type of some bytes, read without unpacking anything. Raises `NotTaken` for what is not on the list."""
    content.seek(0)
    head = content.read(_HEAD)
    if not head.startswith(_SIGNATURES):
        raise _refusal()
    if head.startswith(b"PK"):
        return _document(content)
    guessed = filetype.guess_mime(head)
    if guessed not in _PLAIN:
        raise _refusal()
    if guessed == PDF.media_type and b"%%EOF" not in _tail(content, 2048):
        raise NotTaken(_("This PDF is cut off: its end is missing. Export it again, then upload it."))
    return KINDS[guessed]


def _refusal() -> NotTaken:
    return NotTaken(
        _(
            "This type of file is not taken, whatever its name says. Upload a PDF, an image (PNG, JPEG, GIF, WebP) or "
            "an Office or OpenDocument file without macros."
        )
    )


def _tail(content: IO[bytes], length: int) -> bytes:
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - length))
    return content.read(length)


def _document(content: IO[bytes]) -> Kind:
    """An Office document by the directory of its package; only the short `mimetype` of an OpenDocument is read."""
    _refuse_long_directory(_tail(content, _END))
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            parts = {part.filename: part for part in package.infolist()}
            _refuse_bomb(package.infolist())
            kind = _microsoft(parts) or _opendocument(package, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, IndexError) as error:
        if isinstance(error, NotTaken):
            raise
        raise NotTaken(_("This document is damaged or cut off. Save it again, then upload it.")) from error
    if kind is None or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _refusal()
    return kind


def _microsoft(parts: dict[str, zipfile.ZipInfo]) -> Kind | None:
    if "[Content_Types].xml" not in parts:
        return None
    return next((kind for name, kind in _MICROSOFT.items() if name in parts), None)


def _opendocument(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Kind | None:
    part = parts.get("mimetype")
    # Stored, not packed, as the standard wants it: nothing is unpacked to read it.
    if part is None or part.compress_type != zipfile.ZIP_STORED or part.file_size > 100:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in parts):
        return None
    return _OPEN.get(package.read(part).decode("ascii", "replace"))


def _refuse_long_directory(end: bytes) -> None:
    """Before the directory is read into memory: how long it says it is. Larger packages (zip64) are no documents."""
    mark = end.rfind(b"PK\x05\x06")
    if mark < 0 or len(end) < mark + 22:
        raise NotTaken(_("This document is damaged or cut off. Save it again, then upload it."))
    parts, length = struct.unpack("<HI", end[mark + 10 : mark + 16])
    if parts > _PARTS or length > _DIRECTORY_BYTES or end.find(b"PK\x06\x07", max(0, mark - 20), mark) >= 0:
        raise _bomb()


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED_BYTES:
        raise _bomb()


def _bomb() -> NotTaken:
    return NotTaken(_("This package would unpack to far more than a document holds. Upload the document itself."))
