"""Translation in the language of the shell. Standard library only, so that any room may use it.

Code that runs before Django is set up (`cli`, `database`) or without it (`matching`) takes `gettext` from here.
Everything else takes Django's, which reads the same catalogue in the language of the page, or of the command.
"""

import errno
import os
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802
    """Mark a text for the catalogue, to be translated when it is shown."""
    return text


_REASONS = {
    errno.ENOENT: N_("it is not there"),
    errno.EACCES: N_("this account may not use it"),
    errno.EPERM: N_("this account may not use it"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of its path is no folder"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the quota of the disk is reached"),
    errno.EROFS: N_("the disk can only be read"),
}


def shell_language() -> str:
    """`fr` or `en`, by LC_ALL, LC_MESSAGES and LANG, in this order."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "fr" if locale.lower().startswith("fr") else "en"


def gettext(text: str) -> str:
    """The text in the language of the shell."""
    return _translations(shell_language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The singular `one` or the plural `many`, in the language of the shell."""
    return _translations(shell_language()).ngettext(one, many, count)


def os_error_reason(error: OSError) -> str:
    """The reason of an error of the file system, in English, as a text to translate."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


@cache
def _translations(language: str) -> NullTranslations:
    """The catalogue of a language, read once; English is in the code."""
    compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
    if language == "en" or not compiled.exists():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)
