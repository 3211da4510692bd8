"""Remove the names of organisations from what reviewers of a blind call read."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.models import Application
from maillage.calls.queries import application_parties
from maillage.core.json_types import Json
from maillage.register.models import Name

_MIN_NAME_LENGTH = 3
_APOSTROPHES = "'’"
_LETTER = re.compile("oe|ae|.", re.IGNORECASE)
# What follows a letter with accents, in decomposed text.
_ACCENTS = r"[\u0300-\u036f]*"
_LETTERS = r"[\w\u0300-\u036f]"
_OE, _AE = f"(?:œ|o{_ACCENTS}e)", f"(?:æ|a{_ACCENTS}e)"
_LIGATURES = {"œ": _OE, "oe": _OE, "æ": _AE, "ae": _AE}
# Between the words of a name, spaces, hyphens and dashes stand for each other.
_WORD_BREAK = r"[\s\-\u2010-\u2015]+"


@dataclass(frozen=True, slots=True)
class NameMask:
    """Replaces the names of organisations in what reviewers read; without a pattern, changes nothing."""

    pattern: re.Pattern[str] | None = None

    def text(self, text: str) -> str:
        """The text with each name replaced by “[name withheld]”, translated."""
        if not self.pattern:
            return text
        masked = self.pattern.sub(_("[name withheld]"), unicodedata.normalize("NFD", text))
        return unicodedata.normalize("NFC", masked)

    def reply(self, question: Question, value: Json) -> Json:
        """A reply as reviewers read it; a file is named for its question."""
        if self.pattern and question.kind is QuestionKind.FILE and value:
            return value | {"name": self.file_name(question, value["name"])}
        return self._value(value)

    def file_name(self, question: Question, name: str) -> str:
        """What an attached file is called for reviewers."""
        return f"{question.key}.{name.rpartition('.')[2]}" if self.pattern else name

    def _value(self, value: object) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return {key: self._value(item) for key, item in value.items()} if isinstance(value, dict) else value


NO_MASK = NameMask()


def name_mask_of(application: Application) -> NameMask:
    """The mask of an application for its reviewers: current and former names and acronyms of its organisations.

    Names match as whole words, whatever their case and typing. Names of fewer than three letters are not masked, since
    they would match everywhere.
    """
    if not application.version.call.last.document.review.blind:
        return NO_MASK
    organisations = [party.organisation for party in application_parties(application)]
    names = {
        name
        for organisation in organisations
        for name in (organisation.name_fr, organisation.name_en, organisation.acronym)
    }
    names |= set(Name.objects.filter(organisation__in=organisations).values_list("text", flat=True))
    maskable_names = {name for name in names if len(name) >= _MIN_NAME_LENGTH and any(map(str.isalnum, name))}
    return name_mask_for(maskable_names) if maskable_names else NO_MASK


def name_mask_for(names: Collection[str]) -> NameMask:
    """The mask of these names, of which there must be at least one."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return NameMask(
        re.compile(rf"(?<!{_LETTERS})(?:{'|'.join(map(_name_pattern, longest_first))})(?!{_LETTERS})", re.IGNORECASE)
    )


def _name_pattern(name: str) -> str:
    """A pattern for a name in decomposed text, however it is typed.

    Any space or hyphen, either apostrophe, œ and æ as one letter or as two, with or without accents.
    """
    decomposed = unicodedata.normalize("NFD", name)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = (word for word in re.split(_WORD_BREAK, bare) if word)
    return _WORD_BREAK.join("".join(map(_letter_pattern, _LETTER.findall(word))) for word in words)


def _letter_pattern(letter: str) -> str:
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    return _LIGATURES.get(letter.lower(), re.escape(letter)) + _ACCENTS
