"""The typed pieces of a sentence, so that a page can link, mark and format each safely."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import ngettext

from maillage.core import formats


@dataclass(frozen=True, slots=True)
class TextPiece:
    text: str


@dataclass(frozen=True, slots=True)
class LinkPiece:
    """A name that links to its record."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class DatePiece:
    """A partial date, in EDTF as given."""

    edtf: str

    @property
    def text(self) -> str:
        return formats.date_words(self.edtf)

    @property
    def machine(self) -> str:
        """The date for a `time` element, without marks of doubt; empty where HTML cannot express it."""
        bare = self.edtf.rstrip("?~%")
        return "" if "X" in bare else bare


@dataclass(frozen=True, slots=True)
class NumberPiece:
    value: int

    @property
    def text(self) -> str:
        return formats.number(self.value)


@dataclass(frozen=True, slots=True)
class AmountPiece:
    value: Decimal
    currency: str

    @property
    def text(self) -> str:
        return formats.amount_words(self.value, self.currency)


Piece = TextPiece | LinkPiece | DatePiece | NumberPiece | AmountPiece


def record_link(record: Any, text: str) -> Piece:
    """A link to a record, or its name where the site has no page for its kind."""
    try:
        return LinkPiece(text, record.get_absolute_url())
    except NoReverseMatch:
        return TextPiece(text)


def enumeration_pieces(items: Sequence[Piece], most: int | None = None) -> tuple[Piece, ...]:
    """An enumeration: `A, B and C`, or beyond `most`, `A, B and 4 others`."""
    shown = list(items)
    if most is not None and len(shown) > most:
        rest = len(shown) - most
        others = ngettext("%(count)s other", "%(count)s others", rest) % {"count": formats.number(rest)}
        shown = [*shown[:most], TextPiece(others)]
    return tuple(
        TextPiece(part) if isinstance(part, str) else shown[part] for part in formats.enumeration_parts(len(shown))
    )


def plain_text(pieces: Iterable[Piece]) -> str:
    """The sentence as a reader sees it, without its links."""
    return "".join(piece.text for piece in pieces)
