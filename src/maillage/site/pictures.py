"""Pictures for the logo: their real type and size, read from their bytes. What a browser would run is refused."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.site.site_values import InvalidSettingError

MAX_BYTES, MAX_SIDE = 512 * 1024, 4_000
_PNG = b"\x89PNG\r\n\x1a\n"
# Markers of a JPEG that begin a frame, and so hold its size.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class PictureError(InvalidSettingError):
    """A picture that is refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read: its type and its size in pixels."""

    media_type: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """The type and size of a PNG, a JPEG or a WebP. Raises `PictureError` for anything else, and for a damaged one."""
    if len(content) > MAX_BYTES:
        raise PictureError(_("The picture is larger than %d kB; make it smaller.") % (MAX_BYTES // 1024))
    try:
        picture = _read(content)
    except (struct.error, IndexError, StopIteration) as error:
        raise _damaged() from error
    if not (0 < picture.width <= MAX_SIDE and 0 < picture.height <= MAX_SIDE):
        raise PictureError(_("The picture is larger than %d pixels a side; make it smaller.") % MAX_SIDE)
    return picture


def _read(content: bytes) -> Picture:
    if content.startswith(_PNG):
        return _read_png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _read_jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _read_webp(content)
    if b"<svg" in content[:4096].lower():
        raise PictureError(_("An SVG picture may hold a script, so it is not taken. Save it as PNG, then upload that."))
    raise PictureError(_("This is no PNG, JPEG or WebP picture, whatever its name says. Save the picture as PNG."))


def _damaged() -> PictureError:
    return PictureError(_("This picture is damaged, or something else follows it. Save it again as PNG."))


def _read_png(content: bytes) -> Picture:
    """The first chunk gives the size; each must be whole, and the last be the end of the file."""
    chunks = list(_png_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise _damaged()
    width, height = struct.unpack(">II", chunks[0][1][:8])
    return Picture("image/png", width, height)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG)
    while position < len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        data = content[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack(">I", content[position + 8 + length : position + 12 + length])
        if checksum != zlib.crc32(kind + data):
            raise _damaged()
        yield kind, data
        position += 12 + length
        if kind == b"IEND" and position != len(content):
            raise _damaged()


def _read_jpeg(content: bytes) -> Picture:
    if not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise _damaged()
    position = 2
    while content[position] == 0xFF:
        marker, length = content[position + 1], struct.unpack(">H", content[position + 2 : position + 4])[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return Picture("image/jpeg", width, height)
        position += 2 + length
    raise _damaged()


def _read_webp(content: bytes) -> Picture:
    if struct.unpack("<I", content[4:8])[0] + 8 != len(content):
        raise _damaged()
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(content[place : place + 3], "little") for place in (24, 27))
    elif kind == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    else:
        raise _damaged()
    return Picture("image/webp", width, height)
