"""What every reader of a document does: take its parts, and note each fault on its line."""

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.plain_yaml import DocumentPath, UnreadableYamlError, read_yaml

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_TITLE = 120

Parsed = TypeVar("Parsed")
ReaderType = TypeVar("ReaderType", bound="DocumentReader")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong on a line (from 1), and what to do."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class InvalidDocumentError(ActionError):
    """A text that is no such document, with all its faults in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DocumentReader:
    """Reads one document and collects what is wrong with it, so that all is said at once.

    A stored document has no lines and is read as it stands: what it names may be gone since.
    """

    def __init__(self, lines: dict[DocumentPath, int] | None = None) -> None:
        self.lines, self.stored = lines or {}, lines is None
        self.faults: list[Fault] = []

    @classmethod
    def from_text(cls: type[ReaderType], text: str, part: Callable[[ReaderType, Any], Parsed]) -> Parsed:
        """What `part` makes of a YAML text. Raises `InvalidDocumentError` with every fault."""
        try:
            document, lines = read_yaml(text)
        except UnreadableYamlError as error:
            raise InvalidDocumentError([Fault(error.line, str(error))]) from error
        reader = cls(lines)
        found = part(reader, document)
        if reader.faults:
            raise InvalidDocumentError(reader.faults)
        return found

    def fault(self, path: DocumentPath, message: str) -> None:
        """Note a fault on the line of a path, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        self.faults.append(Fault(self.lines.get(path, 1), message))

    def mapping(self, value: Any, path: DocumentPath, keys: set[str], *, optional: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fault(path, _("Expected here: %s.") % ", ".join(f"{key}:" for key in sorted(keys)))
            return {}
        for key in value:
            if key not in keys:
                self.fault((*path, key), _("“%(word)s” is not known here; use %(known)s.") % _suggestion(key, keys))
        for key in sorted(keys - optional - set(value)):
            self.fault(path, _("“%s:” is missing; add it.") % key)
        return value

    def named(self, value: Any, path: DocumentPath) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            self.fault(path, _("Expected here: names, each with what it stands for."))
            return {}
        return value

    def name(self, value: Any, path: DocumentPath) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            self.fault(path, _("“%s” is no name; use small letters, digits and hyphens.") % value)
            return ""
        return value

    def words(
        self, holder: dict[str, Any], path: DocumentPath, name: str = "title", most: int = _TITLE
    ) -> BilingualText:
        """A text in both languages, of `most` characters; nothing where it is not there."""
        given, path = holder.get(name), (*path, name)
        if not isinstance(given, dict):
            if name in holder:
                self.fault(path, _("Give the text in both languages: {fr: …, en: …}."))
            return BilingualText("", "")
        given = self.mapping(given, path, {"fr", "en"}, optional=set())
        for language, text in given.items():
            if not isinstance(text, str) or not 0 < len(text.strip()) <= most:
                self.fault((*path, language), _("This is a text of 1 to %s characters.") % most)
        return BilingualText(str(given.get("fr", "")).strip(), str(given.get("en", "")).strip())

    def choice(self, value: Any, path: DocumentPath, known: Collection[str]) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or value not in known:
            self.fault(path, _("“%(word)s” is not known here; use %(known)s.") % _suggestion(value, known))
            return ""
        return value

    def choices(self, value: Any, path: DocumentPath, known: Collection[str], *, some: bool = True) -> tuple[str, ...]:
        """One word or a list of words, each of which must be known."""
        words = value if isinstance(value, list) else [] if value is None else [value]
        if some and not words and value is not None:
            self.fault(path, _("The list is empty; name at least one."))
        chosen = (self.choice(word, (*path, number), known) for number, word in enumerate(words))
        return tuple(dict.fromkeys(word for word in chosen if word))

    def number(self, value: Any, path: DocumentPath, low: int, high: int) -> int:
        """A whole number between two."""
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            told = _("Expected here: a whole number from %(low)s to %(high)s.")
            self.fault(path, told % {"low": low, "high": high})
            return low
        return value

    def decimal(self, value: Any, path: DocumentPath) -> Decimal:
        """A number as it is written, exactly."""
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = Decimal("NaN")
        if isinstance(value, bool) or not found.is_finite():
            self.fault(path, _("Expected here: a number such as 2.5."))
            return Decimal(0)
        return found

    def yes_or_no(self, value: Any, path: DocumentPath) -> bool:
        if value not in (None, True, False):
            self.fault(path, _("Expected here: yes or no."))
        return value is True


def _suggestion(word: Any, known: Collection[str]) -> dict[str, str]:
    """A word and what it may have meant: the nearest that is known, else all."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return {"word": str(word)[:60], "known": "“" + (close[0] if close else ", ".join(sorted(known)[:30])) + "”"}
