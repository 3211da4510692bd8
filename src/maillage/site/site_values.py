"""The settings of a site: one typed description, with the checks of each value."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from maillage.core import formats
from maillage.core.rows.text_values import has_control_character, normalise_text
from maillage.site import colours

SOFTWARE = "Maillage"
MAX_NAME, MAX_LINES = 60, 2_000
# For how many years after the end of a need it may be kept who stated it.
LEAST_YEARS, MOST_YEARS = 1, 10


class InvalidSettingError(ValueError):
    """A value of a setting that is refused; `field` is the name of the setting."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SiteValues(BaseModel):
    """The settings of a site. Without a name it bears that of the software; `logo` is the digest of a `Logo`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name_en: str = ""
    name_fr: str = ""
    languages: tuple[str, ...] = ("fr", "en")
    contact_mail: str = ""
    contact: str = ""
    colour: str = ""
    dark_colour: str = ""
    sender: str = ""
    examples_en: str = ""
    examples_fr: str = ""
    logo: str = ""
    # Years after the end of a need for which it is kept who stated it, and in what words.
    requester_years: int = 3

    @property
    def name(self) -> str:
        """The name of the network in the active language, else in the other."""
        names = (self.name_en, self.name_fr) if (get_language() or "fr")[:2] == "en" else (self.name_fr, self.name_en)
        return names[0] or names[1] or SOFTWARE

    @property
    def examples(self) -> str:
        """Needs to try the site with in the active language, one a line."""
        return self.examples_en if (get_language() or "fr")[:2] == "en" else self.examples_fr

    @property
    def colour_sheet(self) -> str:
        """The style sheet of the site's colours; empty for those of the software."""
        light = self.colour or (colours.nearest_legible(self.dark_colour, colours.LIGHT) if self.dark_colour else "")
        return colours.colour_sheet(light, self.dark_colour) if light else ""

    @field_validator("name_en", "name_fr")
    @classmethod
    def _check_name(cls, name: str) -> str:
        return limited_text(" ".join(name.split()), MAX_NAME)

    @field_validator("contact", "examples_en", "examples_fr")
    @classmethod
    def _check_lines(cls, text: str) -> str:
        return limited_text("\n".join(line.strip() for line in text.splitlines() if line.strip()), MAX_LINES)

    @field_validator("languages", mode="before")
    @classmethod
    def _check_languages(cls, languages: str | Iterable[str]) -> tuple[str, ...]:
        codes = languages.replace(" ", "").split(",") if isinstance(languages, str) else list(languages)
        known = dict(settings.LANGUAGES)
        if not codes or set(codes) - set(known) or len(set(codes)) < len(codes):
            raise InvalidSettingError(_("Give languages of this list, each once: %s.") % ", ".join(known))
        return tuple(codes)

    @field_validator("contact_mail")
    @classmethod
    def _check_contact_mail(cls, address: str) -> str:
        return _checked_address(address.strip())

    @field_validator("sender")
    @classmethod
    def _check_sender(cls, sender: str) -> str:
        if any(character in sender for character in "\r\n"):
            raise InvalidSettingError(_("A sender is one line: an address, or a name and an address in < >."))
        _name, bracket, rest = sender.strip().rpartition("<")
        _checked_address(rest.removesuffix(">").strip() if bracket else sender.strip())
        return sender.strip()

    @field_validator("requester_years", mode="before")
    @classmethod
    def _check_years(cls, years: object) -> int:
        text = str(years).strip()
        if text.isascii() and text.isdecimal() and LEAST_YEARS <= int(text[:4]) <= MOST_YEARS:
            return int(text)
        message = _("“%(text)s” cannot be kept to: write a whole number of years, from %(least)d to %(most)d.")
        raise InvalidSettingError(message % {"text": text[:20], "least": LEAST_YEARS, "most": MOST_YEARS})

    @field_validator("colour")
    @classmethod
    def _check_colour(cls, colour: str) -> str:
        return _checked_colour(colour, colours.LIGHT)

    @field_validator("dark_colour")
    @classmethod
    def _check_dark_colour(cls, colour: str) -> str:
        return _checked_colour(colour, colours.DARK)


def checked_values(given: Mapping[str, object]) -> SiteValues:
    """The settings from plain values, all checked. Raises `InvalidSettingError`."""
    try:
        return SiteValues.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error", first["msg"])
        raise InvalidSettingError(str(cause), str(first["loc"][0])) from error


def limited_text(text: str, most: int) -> str:
    """A text in one form of Unicode. Raises `InvalidSettingError` if it is too long or holds a control character."""
    text = normalise_text(text)
    if has_control_character(text):
        raise InvalidSettingError(_("This holds a character that is no text; retype it."))
    if len(text) > most:
        message = _("This has %(length)d characters; shorten it to %(most)d.")
        raise InvalidSettingError(message % {"length": len(text), "most": most})
    return text


def _checked_address(address: str) -> str:
    try:
        if address:
            validate_email(address)
    except DjangoValidationError as error:
        message = _("“%s” is no mail address; write it like info@network.example.")
        raise InvalidSettingError(message % address[:100]) from error
    return address


def _checked_colour(text: str, scheme: colours.Scheme) -> str:
    colour = text.strip().lower()
    if not colour:
        return ""
    colour = colour if colour.startswith("#") else f"#{colour}"
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not colours.is_colour(colour):
        raise InvalidSettingError(_("“%s” is no colour; write six hexadecimal digits, like #0b6e63.") % text[:40])
    ratio = colours.least_contrast(colour, scheme)
    if ratio < colours.LEAST_CONTRAST:
        raise InvalidSettingError(_contrast_message(colour, ratio, scheme))
    return colour


def _contrast_message(colour: str, ratio: float, scheme: colours.Scheme) -> str:
    message = _(
        "%(colour)s cannot be read by everyone: its contrast with the background of pages is %(ratio)s to 1, and text "
        "needs 4.5 to 1. The nearest that does is %(other)s."
    )
    shown = formats.number(int(ratio * 100) / 100)
    return message % {"colour": colour, "ratio": shown, "other": colours.nearest_legible(colour, scheme)}
