"""The name under which a file is kept and given out: a label, never a path."""

import re
import unicodedata

from maillage.files.file_types import FileType

_LONGEST = 150
# Control characters, those that turn the direction of writing, halves of pairs, private ones, line breaks.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = re.compile(r'[<>:"|?*]+')


def clean_name(given: str, kind: FileType) -> str:
    """What is left of a name without its path and without unseen or forbidden characters, with an ending of its type.

    `../../Report\\u202efdp.exe` of a PDF gives `Reportfdp.exe.pdf`; a name of which nothing is left gives `file.pdf`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSEEN)
    bare = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(" .")
    stem, ending = bare, kind.endings[0]
    for known in kind.endings:
        if bare.lower().endswith(known):
            stem, ending = bare[: -len(known)], bare[-len(known) :]
    return f"{stem[:_LONGEST].strip(' .') or 'file'}{ending}"
