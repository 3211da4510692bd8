"""The types of fields that name organisations, places and identifiers."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from maillage.core.models import source_domain
from maillage.core.regions import country_code, is_region, region_code
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.values import Raw, Reference, ReferenceOrText, Text, ValueType, scalar_text
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier

ORGANISATION = Reference("organisations")
ORGANISATION_OR_TEXT = ReferenceOrText("organisations")


@dataclass(frozen=True)
class CountryCode(Text):
    """A country by its code of two letters (ISO 3166-1), or by its name in French or English."""

    limit: int = 2

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        code = text.upper() if len(text) == 2 else country_code(text)
        if text and (len(code) != 2 or not code.isalpha()):
            message = _("“%(code)s” is neither the name of a country nor a code of two letters (ISO 3166), such as FR")
            raise InvalidValueError(message, code=text[:60])
        return code


@dataclass(frozen=True)
class RegionCode(Text):
    """A region by its code (ISO 3166-2), or by a name that only one region has."""

    limit: int = 6

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        code = text.upper() if is_region(text.upper()) else region_code(text)
        if text and not code:
            message = _("“%(code)s” is neither the name of one region nor its code (ISO 3166-2), such as FR-IDF")
            raise InvalidValueError(message, code=text[:60])
        return code


@dataclass(frozen=True)
class WebDomainName(Text):
    """A domain of the web, without `www.`; an address gives its domain."""

    limit: int = 253

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        domain = source_domain(text)
        if text and not re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", domain):
            message = _("“%(domain)s” is no domain of the web, such as univ-rivemer.example")
            raise InvalidValueError(message, domain=text[:60])
        return super().parse(domain)


@dataclass(frozen=True)
class MailAddress(Text):
    """A mail address."""

    limit: int = 254

    def parse(self, raw: Raw) -> str:
        address = super().parse(raw)
        try:
            EmailValidator()(address or "nobody@example.org")
        except ValidationError as error:
            raise InvalidValueError(_("“%(address)s” is no mail address"), address=address) from error
        return address

    def json_schema(self) -> dict[str, object]:
        return {**super().json_schema(), "format": "email"}


@dataclass(frozen=True)
class IdentifierValue(ValueType):
    """An identifier of a scheme in its canonical form, with its checksum verified."""

    scheme: str

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> str:
        text = scalar_text(raw)
        try:
            return normalise_identifier(self.scheme, text) if text else ""
        except InvalidIdentifierError as error:
            raise InvalidValueError(str(error).replace("%", "%%")) from error
