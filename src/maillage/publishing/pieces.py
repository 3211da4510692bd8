"""The typed pieces of a sentence, so that a page can link, mark and format each safely."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import NoReverseMatch

from maillage.core import formats
from maillage.core.addresses import AddressedRecord


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


def record_link(record: AddressedRecord, text: str) -> Piece:
    """A link to a record, or its name where the site has no page for its kind."""
    try:
        return LinkPiece(text, record.get_absolute_url())
    except NoReverseMatch:
        return TextPiece(text)


def enumeration_pieces(items: Sequence[Piece]) -> tuple[Piece, ...]:
    """An enumeration: `A, B and C`."""
    return enumeration_of([(item,) for item in items])


def enumeration_of(items: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """An enumeration of items of several pieces each."""
    parts = formats.enumeration_parts(len(items))
    return tuple(piece for part in parts for piece in ((TextPiece(part),) if isinstance(part, str) else items[part]))


def plain_text(pieces: Iterable[Piece]) -> str:
    """The sentence as a reader sees it, without its links."""
    return "".join(piece.text for piece in pieces)
