"""The picture of a badge with the signed token in it, as SVG and as PNG."""

import re
import struct
import textwrap
import unicodedata
import zlib

from django.conf import settings
from django.template.loader import render_to_string

from maillage.core import formats
from maillage.labels.models import Award

# Characters in a line, lines at most, and the height of a line.
_HOLDER, _LABEL = (34, 3, 30), (28, 2, 38)
_WIDTH, _HEIGHT, _PIXELS_PER_INCH = 640, 400, 108.0
_PAGE = f"""#set page(width: {_WIDTH}pt, height: {_HEIGHT}pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.drawn), format: "svg", width: 100%)"""
# A PNG begins with its signature and its header, of fixed length; other chunks may follow.
_HEAD = 33
_KEYWORD = b"openbadgecredential" + bytes(5)
_BAKED = re.compile(rb"(.{4})iTXt" + re.escape(_KEYWORD), re.DOTALL)


def badge_svg(award: Award, token: str) -> str:
    """The picture in the active language, the token in its element `openbadges:credential`."""
    label, holder = _without_control_characters(str(award.label)), _without_control_characters(str(award.holder))
    label_lines, bottom = _placed_lines(label, 96, *_LABEL)
    holder_lines, bottom = _placed_lines(holder, bottom + 18, *_HOLDER)
    context = {
        "award": award,
        "token": token,
        "title": f"{label} – {holder}",
        "label_lines": label_lines,
        "holder_lines": holder_lines,
        "term": _without_control_characters(formats.period(award.period_start, award.period_end)),
        "below": bottom + 12,
        "by": _without_control_characters(str(award.label.authority or award.label.authority_text)),
        "address": f"{settings.SITE_URL.split('://')[-1]}/badges/{award.pk}",
    }
    return render_to_string("web/badges/badge.xml", context)


def _placed_lines(text: str, top: int, width: int, max_lines: int, height: int) -> tuple[list[tuple[int, str]], int]:
    """Wrap a text into lines with their vertical positions; also return the position below the last line."""
    lines = textwrap.wrap(text, width, max_lines=max_lines, placeholder=" …")
    placed = [(top + number * height, line) for number, line in enumerate(lines)]
    return placed, top + len(lines) * height


def _without_control_characters(text: str) -> str:
    """A text without control characters, which XML does not allow."""
    return "".join(character for character in text if not unicodedata.category(character).startswith("C"))


def badge_png(drawn: str, token: str) -> bytes:
    """The SVG as a PNG of 960 by 600 pixels, the token in its chunk `iTXt` of the keyword `openbadgecredential`."""
    import typst  # slow to load, and rarely needed

    # Only the typefaces included in typst, so that the picture is the same on every machine.
    png: bytes = typst.compile(
        _PAGE.encode(), format="png", ppi=_PIXELS_PER_INCH, sys_inputs={"drawn": drawn}, ignore_system_fonts=True
    )
    return png[:_HEAD] + _chunk(b"iTXt", _KEYWORD + token.encode()) + png[_HEAD:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG: length, kind, content, CRC-32 (section 5.3 of its specification)."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def extract_token(content: bytes) -> bytes:
    """The token in the chunk of a PNG; content without such a chunk is returned unchanged."""
    match = _BAKED.search(content)
    if match is None:
        return content
    end = match.end(1) + len(b"iTXt") + int.from_bytes(match[1], "big")
    return content[match.end() : end]
