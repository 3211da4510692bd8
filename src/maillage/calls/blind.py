"""What reviewers read of a dossier where its call is blind: the same, without the names of the bodies that write it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.document import Kind, Question
from maillage.calls.models import Dossier
from maillage.calls.queries import parties_of
from maillage.register.models import Name

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Veil:
    """Takes the names of bodies out of what reviewers read; leaves all as it is where there is no pattern."""

    pattern: re.Pattern[str] | None = None

    def text(self, text: str) -> str:
        """A text with each name replaced by a word that says so."""
        return self.pattern.sub(_("[name withheld]"), text) if self.pattern else text

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

    Names are found as whole words, whatever their case and with or without accents; those of less than three letters
    are left, since they would be found everywhere.
    """
    if not dossier.version.call.last.says.review.blind:
        return UNVEILED
    bodies = [one.organisation for one in parties_of(dossier)]
    names = {name for one in bodies for name in (one.name_fr, one.name_en, one.acronym)}
    names |= set(Name.objects.filter(organisation__in=bodies).values_list("text", flat=True))
    wanted = sorted((name for name in names if len(name) >= _SHORTEST), key=_longest_first)
    if not wanted:
        return UNVEILED
    return Veil(re.compile(rf"(?<!\w)(?:{'|'.join(map(_loose, wanted))})(?!\w)", re.IGNORECASE))


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name


def _loose(name: str) -> str:
    """A pattern for a name however it is typed: any space, either apostrophe, with or without accents."""
    return "".join(_either(character) for character in " ".join(name.split()))


def _either(character: str) -> str:
    if character == " ":
        return r"\s+"
    if character in "'’":
        return "['’]"
    bare = unicodedata.normalize("NFKD", character)[0]
    return re.escape(character) if bare == character else f"[{re.escape(character)}{re.escape(bare)}]"
