"""Each `Any` of the package has its reason: a comment `# Any: …` in its statement or right above it."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "maillage"
_IN_TEXT = re.compile(r"\[[^\"']*\bAny\b")


def list_unexplained(file: Path) -> Iterator[str]:
    """The lines of statements with an `Any` and without its reason; a decorator belongs to what it decorates."""
    if b"Any" not in file.read_bytes():
        return  # Taking all files apart takes seconds.
    statement: list[tokenize.TokenInfo] = []
    with file.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type == tokenize.NL and not token.line.strip():
                statement.clear()  # A comment above an empty line is about something else.
            statement.append(token)
            if token.type == tokenize.NEWLINE and not _is_decorator(statement):
                yield from (f"{file}:{line}" for line in _unexplained_lines(statement))
                statement.clear()


def _code(statement: list[tokenize.TokenInfo]) -> list[tokenize.TokenInfo]:
    left_out = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
    return [token for token in statement if token.type not in left_out]


def _is_decorator(statement: list[tokenize.TokenInfo]) -> bool:
    words = {token.string for token in _code(statement)}
    return _code(statement)[0].string == "@" and not words & {"def", "class"}


def _unexplained_lines(statement: list[tokenize.TokenInfo]) -> list[int]:
    code = _code(statement)
    if code[0].string in ("from", "import") or any(token.string.startswith("# Any: ") for token in statement):
        return []
    return [
        token.start[0]
        for token in code
        if (token.type == tokenize.NAME and token.string == "Any")
        or (token.type == tokenize.STRING and _IN_TEXT.search(token.string))
    ]


def test_each_any_has_its_reason() -> None:
    files = [file for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts]
    unexplained = [place for file in files for place in list_unexplained(file)]
    assert unexplained == [], "Give a precise type, or the reason in a comment `# Any: …`."


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def read(value: Any) -> None: ...\n", [1]),
        ("def read(value: Any) -> None: ...  # Any: whatever a file holds\n", []),
        ("# Any: whatever a file holds\n@cache\ndef read(value: Any) -> None: ...\n", []),
        ("# Any: whatever a file holds\n\nvalue: Any = 1\n", [3]),
        ("# Any value\nvalue: Any = 1\n", [2]),
        ('def read(rows: "list[Any]",\n         row: Any) -> None: ...\n', [1, 2]),
        ("from typing import Any\n", []),
    ],
)
def test_an_any_without_a_reason_is_found(tmp_path: Path, code: str, lines: list[int]) -> None:
    file = tmp_path / "code.py"
    file.write_text(code, encoding="utf-8")
    assert list(list_unexplained(file)) == [f"{file}:{line}" for line in lines]
