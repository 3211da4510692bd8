"""The documentation as files, code spans, commands and links."""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "RESULTS.md"])
# What a page may tell about the past, such as names that are no more.
HISTORICAL = {ROOT / "CHANGELOG.md"}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"[A-Z_]+=\S*")


def page_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The text of a page without its blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def code_spans(page: Path) -> list[str]:
    return _SPAN.findall(prose(page))


def links(page: Path) -> list[str]:
    """Targets within the repository; addresses of the web are left out."""
    return [
        target for target in _LINK.findall(prose(page)) if not target.startswith(("http://", "https://", "mailto:"))
    ]


def _whole_lines(block: str) -> Iterator[str]:
    """The lines of a block, those that a quoted text joins taken together."""
    pending = ""
    for line in block.splitlines():
        pending = f"{pending}\n{line}" if pending else line
        with suppress(ValueError):
            shlex.split(pending, comments=True)
            yield pending
            pending = ""


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each command that a page shows, without comments and variables set before it."""
    blocks = [text for language, text in _FENCE.findall(page.read_text(encoding="utf-8")) if language in ("sh", "bash")]
    lines = [line for block in blocks for line in _whole_lines(block.replace("\\\n", " "))]
    spans = [span for span in code_spans(page) if span.startswith(("scripts/", "maillage ")) and " " in span]
    for line in [*lines, *spans]:
        words = shlex.split(line, comments=True)
        while words and _VARIABLE.fullmatch(words[0]):
            words = words[1:]
        if words:
            yield words


def heading_anchors(page: Path) -> set[str]:
    """The anchors that a Markdown page gives its headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
