"""What reviewers read of a dossier where its call is blind: the same, without the names of the bodies that write it."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.models import Application
from maillage.calls.queries import application_parties
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
    """Takes the names of bodies out of what reviewers read; leaves all as it is where there is no pattern."""

    pattern: re.Pattern[str] | None = None

    def text(self, text: str) -> str:
        """A text with each name replaced by a word that says so."""
        if not self.pattern:
            return text
        masked = self.pattern.sub(_("[name withheld]"), unicodedata.normalize("NFD", text))
        return unicodedata.normalize("NFC", masked)

    def reply(self, question: Question, value: Any) -> Any:
        """A reply as reviewers read it; a file is named for its question."""
        if self.pattern and question.kind is QuestionKind.FILE and value:
            return value | {"name": self.file_name(question, value["name"])}
        return self._value(value)

    def file_name(self, question: Question, name: str) -> str:
        """What an attached file is called for reviewers."""
        return f"{question.key}.{name.rpartition('.')[2]}" if self.pattern else name

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return {key: self._value(one) for key, one in value.items()} if isinstance(value, dict) else value


NO_MASK = NameMask()


def name_mask_of(application: Application) -> NameMask:
    """The veil over a dossier for its reviewers: its bodies' names and acronyms, of today and before.

    Names are found as whole words, whatever their case and however they are typed; those of less than three letters are
    left, since they would be found everywhere.
    """
    if not application.version.call.last.says.review.blind:
        return NO_MASK
    bodies = [one.organisation for one in application_parties(application)]
    names = {name for one in bodies for name in (one.name_fr, one.name_en, one.acronym)}
    names |= set(Name.objects.filter(organisation__in=bodies).values_list("text", flat=True))
    wanted = {name for name in names if len(name) >= _MIN_NAME_LENGTH and any(map(str.isalnum, name))}
    return name_mask_for(wanted) if wanted else NO_MASK


def name_mask_for(names: Collection[str]) -> NameMask:
    """The veil over these names, of which there is one at least."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return NameMask(
        re.compile(rf"(?<!{_LETTERS})(?:{'|'.join(map(_name_pattern, longest_first))})(?!{_LETTERS})", re.IGNORECASE)
    )


def _name_pattern(name: str) -> str:
    """A pattern for a name in decomposed text, however it is typed.

    Any space or hyphen, either apostrophe, œ and æ as one letter or as two, with or without accents.
    """
    bare = "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    words = (word for word in re.split(_WORD_BREAK, bare) if word)
    return _WORD_BREAK.join("".join(map(_letter_pattern, _LETTER.findall(word))) for word in words)


def _letter_pattern(letter: str) -> str:
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    return _LIGATURES.get(letter.lower(), re.escape(letter)) + _ACCENTS
