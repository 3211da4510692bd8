"""Text helpers: folding for sorting and search, normalised lines, fingerprints, labels before values."""

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
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    folded = "".join(character for character in folded if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", folded.casefold()).strip()


def normalise_lines(text: str) -> str:
    """A text stripped, with LF line ends (browsers send CRLF)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fingerprint(content: object) -> str:
    """The SHA-256 (hexadecimal) of a JSON value with sorted keys, which is the same wherever the data is."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def label_and_value(label: object, value: object) -> str:
    """A label and its value with the colon of the active language: `Sponsor: Inserm`, `Promoteur : Inserm`.

    A question needs no colon.
    """
    if str(label).endswith("?"):
        return f"{label} {value}"
    return pgettext("label and value", "%(label)s: %(value)s") % {"label": label, "value": value}


def label_and_value_html(label: str, value: str) -> SafeString:
    """`label_and_value` as HTML; arguments not marked as safe are escaped."""
    return mark_safe(label_and_value(conditional_escape(label), conditional_escape(value)))  # noqa: S308 - both are escaped
