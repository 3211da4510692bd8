"""Texts of the site as blocks: headings, paragraphs and lists. They hold no markup, so that nothing in them can run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of a text; `kind` is `heading`, `list` or `paragraph`."""

    kind: str
    lines: tuple[str, ...]


def text_blocks(text: str) -> Iterator[TextBlock]:
    """The blocks of a text: an empty line parts them, `## ` begins a heading, `- ` a point of a list."""
    for block in _BLANK.split(text.strip()):
        yield from _blocks_of(block.splitlines())


def _blocks_of(lines: list[str]) -> Iterator[TextBlock]:
    group: list[str] = []
    kind = ""
    for line in lines:
        line_kind = _kind(line)
        if group and (line_kind != kind or kind == "heading"):
            yield TextBlock(kind, tuple(group))
            group = []
        kind = line_kind
        group.append(_without_mark(line, kind))
    if group:
        yield TextBlock(kind, tuple(group))


def _kind(line: str) -> str:
    if line.startswith("## "):
        return "heading"
    return "list" if line.startswith("- ") else "paragraph"


def _without_mark(line: str, kind: str) -> str:
    return line if kind == "paragraph" else line.partition(" ")[2].strip()
