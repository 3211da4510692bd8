"""Texts of every room: folding for sorting and finding, and labels set before what they label."""

import hashlib
import json
import re
import unicodedata

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_NOT_WORD = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """Lower case without accents or punctuation, one space between words: `L’École d’Été` gives `l ecole d ete`."""
    bare = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare.casefold()).strip()


def normalise_lines(text: str) -> str:
    """A text as it was typed, its lines ended in one way (browsers send CRLF), nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fingerprint(content: object) -> str:
    """SHA-256 (hexadecimal) of a value of JSON, its keys sorted: who has the same data finds the same digest."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def label_and_value(label: object, value: object) -> str:
    """A label and what it labels, as the language spaces its colon: `Sponsor: Inserm`, `Promoteur : Inserm`."""
    return pgettext("label and value", "%(label)s: %(value)s") % {"label": label, "value": value}


def label_and_value_html(label: str, value: str) -> SafeString:
    """The same for a page; what is not marked as safe is escaped."""
    return mark_safe(label_and_value(conditional_escape(label), conditional_escape(value)))  # noqa: S308 - both are escaped
