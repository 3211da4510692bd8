"""The types of the fields of a row: how a value is read from a file, a cell or JSON, stored, and written back.

A field of a row is annotated with one of them: `city: Annotated[str, Text(120), Described(_("Town"))] = ""`.
"""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic_core import core_schema

from maillage.core.date_words import read_date
from maillage.core.days import day_or_none
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, Period, span
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.list_register import find_record
from maillage.core.rows.lookup_cache import cached_lookup
from maillage.core.rows.text_values import has_control_character, normalise_text

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

# Any: what somebody wrote, checked by `parse`; a scalar, list or mapping of YAML or JSON, or the text of a cell.
Raw: TypeAlias = Any
# Any: what `parse` makes of it, whose type follows from the field, which only the list knows.
Value: TypeAlias = Any
Values: TypeAlias = dict[str, Value]
Choices = Sequence[tuple[str, str | Promise]]
MAX_TEXT_LENGTH = 100_000
_INTERVAL = re.compile(r"([0-9X]{4}[0-9X?~%-]*|\.\.)/([0-9X]{4}[0-9X?~%-]*|\.\.)")


@dataclass(frozen=True)
class ValueType:
    """The type of a field of a row. Subclasses say how it is read (`parse`) and which model fields hold it."""

    @property
    def is_stored(self) -> bool:
        """Whether model fields hold it; its list writes it and reads it back by functions of its own if not."""
        return True

    def parse(self, raw: Raw) -> Value:
        """The value of a scalar of YAML or JSON, or of the text of a cell. Raises `InvalidValueError`."""
        raise NotImplementedError

    def model_values(self, value: Value, into: str) -> Values:
        """The value as model fields; `into` is the model field, or the stem of several."""
        return {into: value}

    def read(self, record: object, into: str) -> Value:
        """The value of a record as it stands in a row of an export; empty for none."""
        return getattr(record, into)

    def to_text(self, value: Value) -> str:
        """The value of a row as the text of a cell, which `parse` reads back."""
        return "" if value is None else str(value)

    def json_schema(self) -> dict[str, object]:
        return {"type": "string"}

    def __get_pydantic_core_schema__(self, _source: object, _handler: "GetCoreSchemaHandler") -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)


def scalar_text(raw: Raw) -> str:
    """The text of a scalar, normalised; empty for none. Raises `InvalidValueError` for a list or a mapping."""
    if isinstance(raw, str):
        text = normalise_text(raw)
    elif raw is None:
        return ""
    elif isinstance(raw, list):
        raise InvalidValueError(_("“%(key)s” must be a text, not a list"))
    elif isinstance(raw, dict):
        raise InvalidValueError(_("“%(key)s” must be a text, not a mapping"))
    elif isinstance(raw, bool):
        return "yes" if raw else "no"
    else:
        text = normalise_text(raw.isoformat() if isinstance(raw, dt.date) else str(raw))
    if has_control_character(text):
        raise InvalidValueError(_("“%(key)s” holds a control character; retype the text"))
    return text


@dataclass(frozen=True)
class Text(ValueType):
    """A text of at most `limit` characters; `long` texts are written in several lines."""

    limit: int = MAX_TEXT_LENGTH
    long: bool = False

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        if len(text) > self.limit:
            message = _("“%(key)s” has %(count)d characters; shorten it to %(limit)d")
            raise InvalidValueError(message, count=len(text), limit=self.limit)
        return text

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "maxLength": self.limit}


@dataclass(frozen=True)
class WebAddress(Text):
    """An address that begins with http:// or https://."""

    limit: int = 1000

    def parse(self, raw: Raw) -> str:
        address = super().parse(raw)
        if address and not re.match(r"https?://[^\s/]+\.[^\s/]+", address):
            raise InvalidValueError(_("“%(address)s” is no web address; begin it with https://"), address=address)
        return address

    def json_schema(self) -> dict[str, object]:
        return {**super().json_schema(), "format": "uri"}


@dataclass(frozen=True)
class Key(Text):
    """The lasting key of a record in addresses and files: lower case letters, digits, hyphens."""

    limit: int = 80

    def parse(self, raw: Raw) -> str:
        key = super().parse(raw)
        if key and not re.fullmatch(r"[\w.+-]+", key):
            raise InvalidValueError(_("“%(value)s” is no key; use letters, digits and hyphens"), value=key)
        return key


@dataclass(frozen=True)
class UniqueKey(ValueType):
    """The lasting key of a fact: a UUID, made when it is first recorded and never reused."""

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        try:
            return str(uuid.UUID(text)) if text else ""
        except ValueError:
            message = _("“%(value)s” is no lasting key; leave the field empty for a new fact")
            raise InvalidValueError(message, value=text[:40]) from None

    def read(self, record: object, into: str) -> str:
        return str(getattr(record, into))

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True)
class Choice(ValueType):
    """One value of a vocabulary, given by its key or by its label in the active language."""

    choices: Choices

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        if not text or any(text == key for key, _label in self.choices):
            return text
        by_label = {str(label).casefold(): key for key, label in self.choices}
        key = by_label.get(text.casefold())
        if key is None:
            message = _("“%(value)s” is not a known value of “%(key)s”; use one of %(choices)s")
            raise InvalidValueError(message, value=text, choices=", ".join(key for key, _label in self.choices))
        return key

    def to_text(self, value: Value) -> str:
        return str(dict(self.choices).get(value, value))

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "enum": [key for key, _label in self.choices]}


@dataclass(frozen=True)
class PartialDate(ValueType):
    """A year, a month or a day in EDTF, `..` for open, or nothing for unknown.

    `end` is whether it ends a period. `absent` is the value of a new record whose row does not give it.
    """

    end: bool = False
    absent: str = UNKNOWN

    def parse(self, raw: Raw) -> str:
        text = read_date(scalar_text(raw))
        try:
            if text not in (OPEN, UNKNOWN):
                span(text)
        except InvalidPeriodError as error:
            raise InvalidValueError(str(error).replace("%", "%%")) from error
        return text

    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "integer"], "examples": ["2006", "2024-07", "2020-02-07", ".."]}


@dataclass(frozen=True)
class PartialDay(PartialDate):
    """A year, a month or a day in EDTF that is no end of a period."""

    def parse(self, raw: Raw) -> str:
        text = super().parse(raw)
        if text == OPEN:
            raise InvalidValueError(_("“%(key)s” is a date, not a period; write a year, a month or a day"))
        return text


@dataclass(frozen=True)
class DateOrInterval(ValueType):
    """A day, month or year, or an interval of two such as 2026-06-10/2026-06-12, as the two ends of a period."""

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        text = text if _INTERVAL.fullmatch(text) else read_date(text)
        try:
            if text:
                Period.parse(text)
        except InvalidPeriodError as error:
            raise InvalidValueError(str(error).replace("%", "%%")) from error
        return text

    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "integer"], "examples": ["2026-06-10", "2026-06-10/2026-06-12", "2026"]}

    def model_values(self, value: str, into: str) -> Values:
        start, _slash, end = value.partition("/")
        return {f"{into}_start": start, f"{into}_end": end or start}

    def read(self, record: object, into: str) -> str:
        start, end = getattr(record, f"{into}_start"), getattr(record, f"{into}_end")
        if not start:
            return ""
        return start if start == end else f"{start}/{end}"


@dataclass(frozen=True)
class Attestation(ValueType):
    """The date, or interval of two, at which evidence shows a fact true."""

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        try:
            if text:
                Period.parse(text)
        except InvalidPeriodError as error:
            raise InvalidValueError(str(error).replace("%", "%%")) from error
        return text

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["2024-07", "2020/2024"]}


@dataclass(frozen=True)
class Day(ValueType):
    """A day of the calendar: 2026-12-31."""

    def parse(self, raw: Raw) -> dt.date | None:
        text = scalar_text(raw)
        if text and (day := day_or_none(read_date(text))) is None:
            raise InvalidValueError(_("“%(text)s” is no day; write it as 2026-12-31"), text=text[:20])
        return day if text else None

    def read(self, record: object, into: str) -> str:
        day = getattr(record, into)
        return day.isoformat() if day else ""

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class WholeNumber(ValueType):
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 10**12

    def parse(self, raw: Raw) -> int | None:
        text = scalar_text(raw)
        if not text:
            return None
        if not re.fullmatch(r"\d{1,18}", text) or not self.least <= int(text) <= self.most:
            message = _("“%(value)s” is not a whole number from %(least)d to %(most)d; write “%(key)s” in digits")
            raise InvalidValueError(message, value=text[:20], least=self.least, most=self.most)
        return int(text)

    def json_schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Amount(ValueType):
    """An amount of money in the row's currency, with at most two decimals."""

    def parse(self, raw: Raw) -> Decimal | None:
        text = scalar_text(raw)
        try:
            amount = Decimal(text).quantize(Decimal("0.01")) if text else None
            if amount is not None and not amount.is_finite():
                raise InvalidOperation
            return amount
        except InvalidOperation as error:
            message = _("“%(value)s” is not an amount; write a number such as 300000")
            raise InvalidValueError(message, value=text) from error

    def read(self, record: object, into: str) -> str:
        amount = getattr(record, into)
        return "" if amount is None else str(amount)

    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "number"]}


@dataclass(frozen=True)
class Degrees(ValueType):
    """An angle in degrees, with its sign, of at most `limit` on either side."""

    limit: int = 180

    def parse(self, raw: Raw) -> float | None:
        text = scalar_text(raw)
        if not text:
            return None
        if not re.fullmatch(r"[+-]?[0-9.]+(e-?\d+)?", text) or not self._in_range(text):
            message = _("“%(value)s” is no angle from -%(limit)d to %(limit)d degrees; write it such as 48.8566")
            raise InvalidValueError(message, value=text[:20], limit=self.limit)
        return float(text)

    def _in_range(self, text: str) -> bool:
        try:
            return abs(float(text)) <= self.limit
        except ValueError:
            return False

    def json_schema(self) -> dict[str, object]:
        return {"type": "number", "minimum": -self.limit, "maximum": self.limit}


@dataclass(frozen=True)
class Moment(ValueType):
    """A moment with its time zone: 2026-12-31T12:00:00+01:00."""

    def parse(self, raw: Raw) -> dt.datetime | None:
        text = scalar_text(raw)
        try:
            moment = dt.datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        if text and (moment is None or moment.tzinfo is None):
            message = _("“%(text)s” is no moment; write it as 2026-12-31T12:00:00+01:00")
            raise InvalidValueError(message, text=text[:40])
        return moment

    def read(self, record: object, into: str) -> str:
        moment: dt.datetime | None = getattr(record, into)
        return moment.astimezone(dt.UTC).isoformat() if moment else ""

    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class YesNo(ValueType):
    """Yes or no."""

    def parse(self, raw: Raw) -> bool:
        text = scalar_text(raw).casefold()
        if text in ("yes", "true", "1", "oui", "vrai"):
            return True
        if text in ("", "no", "false", "0", "non", "faux"):
            return False
        raise InvalidValueError(_("“%(key)s” must be yes or no"))

    def to_text(self, value: Value) -> str:
        return _("yes") if value else _("no")

    def json_schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Several(ValueType):
    """Several values of one type: a list in files and JSON, separated by `;` or line ends in a cell."""

    of: ValueType
    separator: str = r"[;\n]"

    @property
    def is_stored(self) -> bool:
        return self.of.is_stored

    def parse(self, raw: Raw) -> list[Value]:
        if raw is None:
            return []
        items = raw if isinstance(raw, list) else re.split(self.separator, raw) if isinstance(raw, str) else [raw]
        values = [self.of.parse(item) for item in items]
        return [value for value in values if value not in ("", None)]

    def read(self, record: object, into: str) -> Value:
        return list(getattr(record, into))

    def to_text(self, value: Value) -> str:
        return "; ".join(self.of.to_text(item) for item in value or [])

    def json_schema(self) -> dict[str, object]:
        item = self.of.json_schema()
        return {"anyOf": [{"type": "array", "items": item}, item]}


@dataclass(frozen=True)
class Reference(ValueType):
    """A record of a list, by its key; a record that was merged leads to the one that it was merged into."""

    list: str

    def parse(self, raw: Raw) -> str:
        return Text(400).parse(raw)

    def find(self, key: str) -> Model | None:
        """The record with this key, or `None`."""
        record = cached_lookup((self.list, key), lambda: find_record(self.list, key))
        current: Model | None = getattr(record, "merged_into", None) or record
        return current

    def model_values(self, value: str, into: str) -> Values:
        record = self.find(value) if value else None
        if value and record is None:
            raise self.not_found(value)
        return {into: record}

    def not_found(self, value: str) -> InvalidValueError:
        """The error of a key that no record of the list has."""
        message = _("“%(value)s” is not the key of a record of “%(list)s”; add it there or correct the key")
        if self.list == "organisations":
            message = _("“%(value)s” is not the key of an organisation; add it to “organisations” or correct the key")
        if self.list == "labels":
            message = _("“%(value)s” is not the key of a label; add it to “labels” or correct the key")
        return InvalidValueError(message, value=value, list=self.list)

    def read(self, record: object, into: str) -> str:
        target = getattr(record, into)
        return str(target.key) if target else ""


@dataclass(frozen=True)
class ReferenceOrText(Reference):
    """A record by its key, or the text of one that is not in the register, as the source gives it."""

    def model_values(self, value: str, into: str) -> Values:
        record = self.find(value) if value else None
        return {into: record, f"{into}_text": "" if record else value}

    def read(self, record: object, into: str) -> str:
        return super().read(record, into) or getattr(record, f"{into}_text")


@dataclass(frozen=True)
class Part(ValueType):
    """A field that is no model field: its list writes it and reads it back by functions of its own.

    `shape` describes it in JSON Schema.
    """

    shape: Literal["texts", "mappings", "text", "any"] = "texts"

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> Value:
        if self.shape == "texts":
            return Several(Text()).parse(raw)
        return scalar_text(raw) if self.shape == "text" else raw

    def to_text(self, value: Value) -> str:
        return Several(Text()).to_text(value) if isinstance(value, list) else super().to_text(value)

    def json_schema(self) -> dict[str, object]:
        shapes: dict[str, dict[str, object]] = {
            "texts": Several(Text()).json_schema(),
            "mappings": {"type": "array", "items": {"type": "object"}},
            "text": {"type": "string"},
        }
        return shapes.get(self.shape, {})
