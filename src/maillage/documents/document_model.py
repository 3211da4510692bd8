"""The base of document models: parse a YAML text or stored data, or report every fault with its line."""

import functools
from collections.abc import Iterator, Mapping
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import InitErrorDetails

from maillage.core.json_types import JsonObject
from maillage.documents.faults import Fault, InvalidDocumentError, faults_of
from maillage.documents.field_types import ReadingContext, checking_context, invalid
from maillage.documents.json_schema import cached_json_schema
from maillage.documents.plain_yaml import DocumentPath, UnreadableYamlError, read_yaml

_SOURCE_ALIAS = "(source)"

Inconsistencies = Iterator[tuple[DocumentPath, str]]
DocumentType = TypeVar("DocumentType", bound="DocumentModel")


class DocumentPart(BaseModel):
    """A part of a document. In code, fields are set by their names; YAML is read by its keys (aliases) alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        """Yield (path from here, message) for parts that do not fit together; not called for stored documents."""
        yield from ()

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_optional_keys(cls, value: object) -> object:
        if isinstance(value, dict) and None in value.values():
            optional = _optional_keys(cls)
            return {key: part for key, part in value.items() if part is not None or key not in optional}
        return value

    @model_validator(mode="after")
    def _raise_inconsistencies(self, info: ValidationInfo) -> Self:
        context = checking_context(info)
        if context and (faults := list(self.inconsistencies(context))):
            details = [InitErrorDetails(type=invalid(message), loc=path, input=None) for path, message in faults]
            raise ValidationError.from_exception_data(type(self).__name__, details)
        return self


@functools.cache
def _optional_keys(part: type[DocumentPart]) -> frozenset[str]:
    fields = part.model_fields.items()
    return frozenset(str(field.validation_alias or name) for name, field in fields if not field.is_required())


class DocumentModel(DocumentPart):
    """A whole document. `source_mapping` is its source as plain data."""

    source_mapping: Annotated[JsonObject, SkipJsonSchema()] = Field(
        default_factory=dict, validation_alias=_SOURCE_ALIAS, repr=False
    )


def parse_document(model: type[DocumentType], text: str) -> DocumentType:
    """The document of a YAML text. Raises `InvalidDocumentError` with every fault."""
    try:
        source, lines = read_yaml(text)
    except UnreadableYamlError as error:
        raise InvalidDocumentError([Fault(error.line, str(error))]) from error
    try:
        return _validate(model, source, stored=False)
    except ValidationError as error:
        raise InvalidDocumentError(faults_of(error, cached_json_schema(model), lines)) from error


def read_stored_document(model: type[DocumentType], source: Mapping[str, object]) -> DocumentType:
    """The document of stored plain data, without the checks of a new one: words that are no longer known stay in it.

    Keys that are no longer known are left out. Raises `InvalidDocumentError`, without lines, for invalid data.
    """
    try:
        return _validate(model, source, stored=True)
    except ValidationError as error:
        raise InvalidDocumentError(faults_of(error, cached_json_schema(model), {})) from error


def _validate(model: type[DocumentType], source: object, *, stored: bool) -> DocumentType:
    mapping = source if isinstance(source, dict) else {}
    return model.model_validate(
        {**mapping, _SOURCE_ALIAS: mapping} if mapping else source,
        context=ReadingContext(mapping, stored),
        extra="ignore" if stored else "forbid",
        by_alias=True,
        by_name=False,
    )
