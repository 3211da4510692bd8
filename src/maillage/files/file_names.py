"""Names under which files are stored and downloaded: labels, never paths."""

import re
import unicodedata

from maillage.files.file_types import FileType

_MAX_LENGTH = 150
# Unicode categories: control, format (bidirectional marks), surrogates, private use, unassigned, line breaks.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = re.compile(r'[<>:"|?*]+')


def clean_name(given: str, kind: FileType) -> str:
    """A file name without path, invisible or forbidden characters, with an ending of its type.

    `../../Report\\u202efdp.exe` of a PDF gives `Reportfdp.exe.pdf`; a name of which nothing is left gives `file.pdf`.
    """
    base_name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(
        character for character in base_name if unicodedata.category(character) not in _INVISIBLE_CATEGORIES
    )
    cleaned = _FORBIDDEN.sub("_", " ".join(visible.split())).strip(" .")
    stem, ending = cleaned, kind.endings[0]
    for known_ending in kind.endings:
        if cleaned.lower().endswith(known_ending):
            stem, ending = cleaned[: -len(known_ending)], cleaned[-len(known_ending) :]
    return f"{stem[:_MAX_LENGTH].strip(' .') or 'file'}{ending}"
