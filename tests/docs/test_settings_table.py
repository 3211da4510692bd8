"""The variables of the environment that the code reads are those that the documentation lists."""

import re
from pathlib import Path

from tests.docs.documents import ROOT

_NAME = re.compile(r"\b(?:MAILLAGE_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL)\b")
# Set by the commands for their own processes.
INTERNAL = {"MAILLAGE_PARENT"}


def names_read(*folders: str) -> set[str]:
    """The names in the code below these folders, in Python and in the scripts."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in files if _is_code(path)]
    return {name for text in texts for name in _NAME.findall(text)} - INTERNAL


def _is_code(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_file() and path.parent == ROOT / "scripts")


def names_listed(page: str) -> set[str]:
    """The names in the first column of the tables of a page."""
    rows = re.findall(r"^\|([^|]*)\|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    return {name for cell in rows for name in _NAME.findall(cell)}


def test_the_readme_lists_every_setting_of_the_site() -> None:
    assert names_listed("README.md") == names_read("src")


def test_contributing_lists_what_only_tests_and_benchmarks_read() -> None:
    # The tests of the documentation name what they look for.
    read = names_read("tests", "benchmarks", "scripts") - names_read("src") - {"MAILLAGE_OIDC"}
    assert names_listed("CONTRIBUTING.md") == read
