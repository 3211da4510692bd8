"""Compile the French translations, and check that none is missing.

English is written in the code and the templates; `locale/fr/LC_MESSAGES/django.po` holds the French. No gettext program
is needed. `python -m maillage.web.translations check` fails on a missing, empty, fuzzy or left-over translation;
`… update` adds new texts to the file and removes those no longer in the code.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from maillage.language import gettext as _
from maillage.language import os_error_reason

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

PACKAGE = Path(__file__).parent.parent
FRENCH = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
LAZY = {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}


def list_stale(locale: Path) -> list[Path]:
    """The translations whose compiled form is missing or older than their source."""
    return [file for file in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_stale(file, file.with_suffix(".mo"))]


def _is_stale(source: Path, compiled: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_stale(locale: Path) -> None:
    """Compile the stale translations; each file is replaced at once."""
    for file in list_stale(locale):
        _compile(file, file.with_suffix(".mo"))


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo

    from maillage.errors import MaillageError

    draft = compiled.with_suffix(f".{os.getpid()}")
    try:
        with draft.open("wb") as out:
            write_mo(out, read_catalogue(source))
        draft.replace(compiled)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise MaillageError(
            _("The translations cannot be compiled into %(folder)s: %(reason)s.")
            % {"folder": compiled.parent, "reason": _(os_error_reason(error))},
            _("Let the account that starts Maillage write there, or start it once from the account that installed it."),
        ) from error


def read_catalogue(file: Path) -> Catalog:
    """The catalogue of a .po file; an empty one if the file is missing."""
    from babel.messages.pofile import read_po

    text = file.read_bytes() if file.exists() else b""
    return read_po(BytesIO(text), locale=file.parent.parent.name, domain="django", abort_invalid=True)


def extract_texts(package: Path = PACKAGE) -> Catalog:
    """The catalogue of every text to translate in the code and the templates."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(domain="django", project="Maillage")
    for message, context in _texts(package):
        catalog.add(message, context=context)
    return catalog


def _texts(package: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    from django.utils.translation.template import templatize

    for file in sorted(package.rglob("*.py")):
        yield from _extracted("python", file.read_bytes())
        code = ast.parse(file.read_bytes())
        helps = _helps(code) if file.parent.name == "cli" else ()
        yield from ((text, None) for text in chain(helps, _texts_in_f_strings(code)))
    for file in sorted(
        template for end in ("html", "txt", "xml") for template in package.rglob(f"templates/**/*.{end}")
    ):
        calls = templatize(file.read_text("utf-8"), origin=str(file))
        # Django turns a template into calls amid filler, which only the tolerant JavaScript reader accepts.
        yield from _extracted("javascript", calls.encode())


def _helps(code: ast.Module) -> Iterator[str]:
    """The help texts of the command line: docstrings of commands, `help` of options, third argument of a `Command`."""
    for node in ast.walk(code):
        if isinstance(node, ast.FunctionDef) and any(
            "app.command" in ast.unparse(decorator) for decorator in node.decorator_list
        ):
            yield ast.get_docstring(node) or ""
        elif isinstance(node, ast.Call):
            function_name = ast.unparse(node.func)
            arguments = [
                keyword.value
                for keyword in node.keywords
                if keyword.arg == "help" and function_name.startswith("typer.")
            ]
            arguments += node.args[2:3] if function_name == "Command" else []
            yield from (
                argument.value
                for argument in arguments
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def _texts_in_f_strings(code: ast.Module) -> Iterator[str]:
    """The texts of calls within f-strings, which the reader of Babel does not see."""
    for text in (node for node in ast.walk(code) if isinstance(node, ast.JoinedStr)):
        for call in (node for node in ast.walk(text) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) in ("_", "gettext") and isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value)


def _extracted(method: str, code: bytes) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    from babel.messages.extract import DEFAULT_KEYWORDS, extract

    options = {"encoding": "utf-8"}
    for _line, message, _comments, context in extract(method, BytesIO(code), {**DEFAULT_KEYWORDS, **LAZY}, (), options):
        yield message, context


def list_faults(package: Path = PACKAGE, french: Path = FRENCH) -> list[str]:
    """The faults of the French file, one line each."""
    expected, catalogue = extract_texts(package), read_catalogue(french)
    faults = []
    for message in expected:
        if message.id:
            faults += _fault(message, catalogue.get(message.id, message.context))
    for message in catalogue:
        if message.id and expected.get(message.id, message.context) is None:
            faults.append(f"left over, no longer in the code: {_quoted(message)}")
    return faults + [f"left over, marked obsolete: {_quoted(message)}" for message in catalogue.obsolete.values()]


def _fault(message: Message, translation: Message | None) -> list[str]:
    if translation is None:
        return [f"missing: {_quoted(message)}"]
    if translation.fuzzy:
        return [f"fuzzy: {_quoted(message)}"]
    texts = _strings(translation)
    if not all(texts):
        return [f"empty: {_quoted(message)}"]
    return _placeholder_fault(message, texts)


def _placeholder_fault(message: Message, texts: tuple[str, ...]) -> list[str]:
    ids = (message.id,) if isinstance(message.id, str) else message.id
    known = {name for message_id in ids for name in PLACEHOLDER.findall(message_id)}
    unknown = {name for text in texts for name in PLACEHOLDER.findall(text)} - known
    return [f"unknown placeholder {' '.join(sorted(unknown))}: {_quoted(message)}"] if unknown else []


def _quoted(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return repr(text) + (f" (context {message.context!r})" if message.context else "")


def update_french(package: Path = PACKAGE, french: Path = FRENCH) -> int:
    """Add new texts to the French file, drop unused ones, and return the number of texts still to translate."""
    from babel.messages.pofile import write_po

    catalog = read_catalogue(french)
    catalog.update(extract_texts(package), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    french.parent.mkdir(parents=True, exist_ok=True)
    with french.open("wb") as out:
        write_po(out, catalog, width=110, sort_output=True, no_location=True, ignore_obsolete=True, omit_header=False)
    return sum(1 for message in catalog if message.id and not all(_strings(message)))


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def main() -> int:
    """Run `check` or `update`; return the exit code."""
    verb = sys.argv[1] if len(sys.argv) == 2 else ""
    if verb == "update":
        print(f"{FRENCH}: {update_french()} to translate")
        return 0
    if verb != "check":
        print("Usage: python -m maillage.web.translations check|update", file=sys.stderr)
        return 2
    faults = list_faults()
    for fault in faults:
        print(f"{FRENCH}: {fault}", file=sys.stderr)
    print(f"Translations: {len(faults)} faults." if faults else "Translations: complete.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
