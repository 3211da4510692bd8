"""Types of the fields of documents: names, texts in both languages, words from a list, numbers, named parts.

Checks against the rest of the document or against a register are skipped for stored documents, since what they name
may no longer exist.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic import WithJsonSchema as JsonSchemaOf
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from maillage.core.days import parse_day
from maillage.core.json_types import Json
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.faults import FAULT, unknown_word_message
from maillage.documents.json_schema import JsonSchema

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,59}$"
# The key under which a part gets its name in its mapping; not a valid name, so it cannot clash with one.
KEY_ALIAS = "(key)"

Name = Annotated[str, Field(strict=True, pattern=NAME_PATTERN)]
Key = Annotated[str, SkipJsonSchema(), Field(validation_alias=KEY_ALIAS)]
YesNo = Annotated[bool, Field(strict=True)]


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The context of validation: the source of the document as plain data, and whether it is a stored one."""

    source: Mapping[str, Json]
    stored: bool = False
    seen: set[tuple[str, str]] = field(default_factory=set)

    def is_first(self, kind: str, name: str = "") -> bool:
        """Whether this kind and name was not seen before; marks it as seen."""
        first = (kind, name) not in self.seen
        self.seen.add((kind, name))
        return first


def invalid(message: str) -> PydanticCustomError:
    """The error to raise in a validator, with our own message."""
    return PydanticCustomError(FAULT, "{text}", {"text": message})


def checking_context(info: ValidationInfo) -> ReadingContext | None:
    """The context of a document that is being checked; `None` for a stored one, or a part made in code."""
    context = info.context
    return context if isinstance(context, ReadingContext) and not context.stored else None


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages, of at most `most` characters each."""

    most: int = 120

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, strip_whitespace=True, min_length=1, max_length=self.most)
        fields = {language: core_schema.typed_dict_field(text) for language in ("fr", "en")}
        both = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
        return core_schema.no_info_wrap_validator_function(_bilingual_text, both)


def _bilingual_text(value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> BilingualText:
    if isinstance(value, BilingualText):
        return value
    texts = validate(value)
    return BilingualText(texts["fr"], texts["en"])


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some known words; `known` may be a register, which is read at the time of validation."""

    known: Collection[str]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {"type": "string", "enum": [str(word) for word in self.known]}

    def _check(self, value: object, info: ValidationInfo) -> str:
        if isinstance(value, str) and (value in self.known or checking_context(info) is None):
            return value
        raise invalid(unknown_word_message(value, self.known))


@dataclass(frozen=True, slots=True)
class OneOfKeys:
    """A name that is a key of another part of the same document, such as `states`."""

    part: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {"type": "string", "pattern": NAME_PATTERN}

    def _check(self, value: object, info: ValidationInfo) -> str:
        context = checking_context(info)
        keys = context.source.get(self.part) if context else None
        known = keys if isinstance(keys, dict) else {}
        if not isinstance(value, str) or (context and value not in known):
            raise invalid(unknown_word_message(value, known))
        return value


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """One item, or a list of items without duplicates, as a tuple; empty where the key has no value."""

    may_be_empty: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._items, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}

    def _items(self, value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> tuple[object, ...]:
        items = value if isinstance(value, list | tuple) else [] if value is None else [value]
        if not items and value is not None and not self.may_be_empty:
            raise invalid(_("The list is empty; name at least one."))
        return tuple(dict.fromkeys(validate(tuple(items))))


@dataclass(frozen=True, slots=True)
class Named:
    """Parts by their name, as a mapping in YAML: `dict[str, Part]` or, in order, `tuple[Part, ...]`.

    A part that has a field of type `Key` gets its name there.
    """

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        in_order = get_origin(source) is tuple
        part = handler.generate_schema(get_args(source)[0 if in_order else 1])
        names = core_schema.str_schema(strict=True, pattern=NAME_PATTERN)
        mapping = core_schema.dict_schema(names, part, min_length=1)
        return core_schema.no_info_wrap_validator_function(_parts_in_order if in_order else _parts_by_name, mapping)


def _parts_by_name(value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> dict[str, object]:
    if isinstance(value, dict):
        value = {name: {**part, KEY_ALIAS: name} if isinstance(part, dict) else part for name, part in value.items()}
    parts: dict[str, object] = validate(value)
    return parts


def _parts_in_order(value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else tuple(_parts_by_name(value, validate).values())


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping read as a tuple, in order, of `make(key, value)`."""

    # Any: the key and the value of an entry of the document, and what is made of them.
    make: Callable[[Json, Json], object]
    key: Json
    value: Json

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        mapping = core_schema.dict_schema(handler.generate_schema(self.key), handler.generate_schema(self.value))
        return core_schema.no_info_wrap_validator_function(self._values, mapping)

    def _values(self, value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> tuple[object, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(self.make(key, part) for key, part in validate(value).items())


def _exact_decimal(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise invalid(_("Expected here: a number such as 2.5."))
    return number


def _day(value: object) -> dt.date:
    return parse_day(str(value), invalid)


ExactDecimal = Annotated[Decimal, BeforeValidator(_exact_decimal), JsonSchemaOf({"type": ["number", "string"]})]
Day = Annotated[dt.date, BeforeValidator(_day)]
# A code or address that YAML may read as a number.
PlainText = Annotated[str, BeforeValidator(str), JsonSchemaOf({"type": ["string", "integer"]})]
SortedNumbers = AfterValidator(lambda numbers: tuple(sorted(numbers)))


def whole_number(low: int, high: int) -> Any:  # Any: a type made when the program runs
    """The constraint of a whole number from `low` to `high`; not a number written as text, nor yes or no."""
    return Field(strict=True, ge=low, le=high)
