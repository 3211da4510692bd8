"""Texts as people and programs bring them, made uniform."""

import re
import unicodedata

# Marks that change the direction of a text, and spaces without width: invisible, they make two equal names differ.
_INVISIBLE = re.compile("[\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Joiners have a meaning between letters of Arabic and Indic scripts only.
_STRAY_JOINER = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def normalise_text(text: str) -> str:
    """A text in Unicode NFC, stripped, with LF line ends, without invisible marks of direction and width."""
    if text.isprintable():  # Most are: neither line ends nor marks.
        return unicodedata.normalize("NFC", text).strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _STRAY_JOINER.sub("", _INVISIBLE.sub("", text)).strip()


def has_control_character(text: str) -> bool:
    """Whether a text holds a control character other than a tab or a line end."""
    return _CONTROL.search(text) is not None
