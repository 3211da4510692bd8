"""Normalisation and checks of the identifiers of organisations."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from stdnum import isni, luhn
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siren, siret

from maillage.register.vocabulary import IDENTIFIER_SCHEMES

_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class InvalidIdentifierError(ValueError):
    """An invalid identifier; the message gives the value and what is wrong with it."""


def normalise_identifier(scheme: str, value: str) -> str:
    """The canonical form of an identifier: `https://ror.org/02VJKV261` gives `02vjkv261`.

    Raises `InvalidIdentifierError` for an unknown scheme, a wrong shape or a wrong checksum.
    """
    if scheme not in _CHECKS:
        raise InvalidIdentifierError(
            _("“%(scheme)s” is not a known identifier scheme; use one of %(schemes)s")
            % {"scheme": scheme, "schemes": ", ".join(IDENTIFIER_SCHEMES)}
        )
    try:
        return _CHECKS[scheme](value.strip())
    except (ValidationError, ValueError) as error:
        raise InvalidIdentifierError(
            _("“%(value)s” is not a valid %(scheme)s identifier: %(reason)s")
            % {"value": value, "scheme": IDENTIFIER_SCHEMES[scheme].label, "reason": _reason_text(error)}
        ) from error


def _reason_text(error: Exception) -> str:
    """The reason in the active language: `stdnum` has English messages only."""
    if isinstance(error, InvalidChecksum):
        return _("its checksum is wrong")
    if isinstance(error, InvalidLength):
        return _("its length is wrong")
    return _("its shape is wrong") if isinstance(error, ValidationError) else str(error)


def _ror(value: str) -> str:
    """ROR: `0`, six characters of Crockford's base 32, two check digits (ISO/IEC 7064, modulus 97-10)."""
    text = value.lower().removeprefix("https://").removeprefix("http://").removeprefix("ror.org/")
    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", text):
        raise ValueError(_("it must be 0, six letters or digits, and two digits"))
    number = 0
    for character in text[:7]:
        number = number * 32 + _ROR_DIGITS.index(character)
    if 98 - (number * 100) % 97 != int(text[7:]):
        raise ValueError(_("its checksum is wrong; look the record up on ror.org"))
    return text


def _rnsr(value: str) -> str:
    """RNSR: nine digits and a check letter."""
    text = value.upper().replace(" ", "")
    if not re.fullmatch(r"[0-9]{9}[A-Z]", text):
        raise ValueError(_("it must be nine digits and a letter"))
    if text[9] != _check_letter(text[:9]):
        raise ValueError(_("its check letter is wrong; compare it with the register of structures"))
    return text


def _uai(value: str) -> str:
    """UAI: seven digits and a check letter."""
    text = value.upper().replace(" ", "")
    if not re.fullmatch(r"[0-9]{7}[A-Z]", text):
        raise ValueError(_("it must be seven digits and a letter"))
    if text[7] != _check_letter(text[:7]):
        raise ValueError(_("its check letter is wrong; compare it with the register of establishments"))
    return text


def _check_letter(digits: str) -> str:
    """The letter of a number modulo 23 in the alphabet without I, O and Q."""
    return _CHECK_LETTERS[int(digits) % len(_CHECK_LETTERS)]


def _finess(value: str) -> str:
    """FINESS: nine characters, the last a Luhn check digit (2A and 2B stand for Corsica)."""
    text = value.upper().replace(" ", "")
    if not re.fullmatch(r"(\d{2}|2A|2B)\d{7}", text):
        raise ValueError(_("it must be nine digits"))
    luhn.validate(text.replace("2A", "20").replace("2B", "20"))
    return text


def _pattern_check(shape: str, clean: Callable[[str], str] = str) -> Callable[[str], str]:
    def check(value: str) -> str:
        text = clean(value)
        if not re.fullmatch(shape, text):
            raise ValueError(_("its shape is wrong"))
        return text

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "ror": _ror,
    "siren": siren.validate,
    "siret": siret.validate,
    "rnsr": _rnsr,
    "uai": _uai,
    "finess": _finess,
    "isni": isni.validate,
    "wikidata": _pattern_check(r"Q[1-9]\d*"),
    "grid": _pattern_check(r"grid\.\d+\.[0-9a-f]+", lambda value: value.lower().rpartition("/")[2]),
    "fundref": _pattern_check(r"\d+"),
    "orgref": _pattern_check(r"\d+"),
    "cnrs": _pattern_check(r"[A-Z]+ ?\d+", str.upper),
    "hesa": _pattern_check(r"\d{4}"),
    "ukprn": _pattern_check(r"\d{8}"),
    "ucas": _pattern_check(r"[A-Z]\d{2}", str.upper),
}
