"""What reviewers read of a dossier where its call is blind: the same, without the names of the bodies that write it."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.document import Kind, Question
from maillage.calls.models import Dossier
from maillage.calls.queries import parties_of
from maillage.register.models import Name

_SHORTEST = 3
_APOSTROPHES = "'’"
_LETTER = re.compile("oe|ae|.", re.IGNORECASE)
# What follows a letter with accents, in decomposed text.
_ACCENTS = r"[\u0300-\u036f]*"
_LETTERS = r"[\w\u0300-\u036f]"
_OE, _AE = f"(?:œ|o{_ACCENTS}e)", f"(?:æ|a{_ACCENTS}e)"
_LIGATURES = {"œ": _OE, "oe": _OE, "æ": _AE, "ae": _AE}
# Between the words of a name, spaces, hyphens and dashes stand for each other.
_BETWEEN = r"[\s\-\u2010-\u2015]+"


@dataclass(frozen=True, slots=True)
class Veil:
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
        if self.pattern and question.kind is Kind.FILE and value:
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


UNVEILED = Veil()


def veil_of(dossier: Dossier) -> Veil:
    """The veil over a dossier for its reviewers: its bodies' names and acronyms, of today and before.

    Names are found as whole words, whatever their case and however they are typed; those of less than three letters are
    left, since they would be found everywhere.
    """
    if not dossier.version.call.last.says.review.blind:
        return UNVEILED
    bodies = [one.organisation for one in parties_of(dossier)]
    names = {name for one in bodies for name in (one.name_fr, one.name_en, one.acronym)}
    names |= set(Name.objects.filter(organisation__in=bodies).values_list("text", flat=True))
    wanted = {name for name in names if len(name) >= _SHORTEST and any(map(str.isalnum, name))}
    return veil_over(wanted) if wanted else UNVEILED


def veil_over(names: Collection[str]) -> Veil:
    """The veil over these names, of which there is one at least."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return Veil(re.compile(rf"(?<!{_LETTERS})(?:{'|'.join(map(_loose, longest_first))})(?!{_LETTERS})", re.IGNORECASE))


def _loose(name: str) -> str:
    """A pattern for a name in decomposed text, however it is typed.

    Any space or hyphen, either apostrophe, œ and æ as one letter or as two, with or without accents.
    """
    bare = "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    words = (word for word in re.split(_BETWEEN, bare) if word)
    return _BETWEEN.join("".join(map(_either, _LETTER.findall(word))) for word in words)


def _either(letter: str) -> str:
    if letter in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    return _LIGATURES.get(letter.lower(), re.escape(letter)) + _ACCENTS
