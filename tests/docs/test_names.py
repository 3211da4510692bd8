"""What the documentation names exists: modules, functions, files, actions; and links lead somewhere."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from maillage.core.action_registry import REGISTRY
from tests.docs.documents import HISTORICAL, PAGES, ROOT, code_spans, heading_anchors, links, page_name

PACKAGE = ROOT / "src" / "maillage"
CHECKED = [page for page in PAGES if page not in HISTORICAL]
ROOMS = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
FOLDERS = {"src", "tests", "docs", "scripts", "benchmarks"}
_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?:\(.*\))?")
_FILE = re.compile(r"[\w./-]+\.(?:py|yaml|toml|typ|po|md|html|json)|[\w-]+(?:/[\w.-]+)*/|[\w-]+(?:/[\w.-]+)+")


@cache
def file_names() -> frozenset[str]:
    folders = [ROOT / name for name in FOLDERS]
    return frozenset(
        [*(path.name for folder in folders for path in folder.rglob("*")), *(path.name for path in ROOT.iterdir())]
    )


def is_file_here(name: str) -> bool:
    """Whether a path leads somewhere from the repository, the package or a room of it; a bare name may be anywhere."""
    if "/" not in name.rstrip("/"):
        return name.rstrip("/") in file_names()
    return any((folder / name).exists() for folder in [ROOT, PACKAGE, *(PACKAGE / room for room in ROOMS)])


def is_named_in_package(name: str) -> bool:
    """Whether a dotted name is an action, a model, a module, or something within a module."""
    parts = name.removeprefix("maillage.").split(".")
    if ".".join(parts) in REGISTRY or is_model(parts):
        return True
    for length in range(len(parts), 0, -1):
        try:
            value: object = importlib.import_module(".".join(["maillage", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(value, part):
                return False
            value = getattr(value, part)
        return True
    return False


def is_model(parts: list[str]) -> bool:
    return len(parts) == 2 and parts[0] in apps.app_configs and parts[1].lower() in apps.all_models[parts[0]]


def wrong_names(page: Path) -> list[str]:
    wrong = []
    for span in code_spans(page):
        dotted = _DOTTED.fullmatch(span)
        if dotted and dotted[1].split(".")[0] in {*ROOMS, "maillage"} and not _is_file_span(span):
            wrong += [] if is_named_in_package(dotted[1]) else [span]
        elif _is_file_span(span):
            wrong += [] if is_file_here(span) else [span]
    return wrong


def _is_file_span(span: str) -> bool:
    """Whether a span looks like a file of the repository: by its ending, or by the folder that it begins with."""
    if not _FILE.fullmatch(span) or span.startswith("/"):
        return False
    folder, slash, _rest = span.partition("/")
    return span.endswith((".py", ".typ", ".po", ".toml")) or bool(slash and folder in {*ROOMS, *FOLDERS})


@pytest.mark.parametrize("page", CHECKED, ids=page_name)
def test_names_and_files_of_a_page_exist(page: Path) -> None:
    assert wrong_names(page) == []


def test_names_that_do_not_exist_are_noticed() -> None:
    assert is_named_in_package("core.periods.Period")
    assert is_named_in_package("register.organisation")
    assert not is_named_in_package("core.nothing.Period")
    assert not is_named_in_package("core.periods.Nothing")
    assert not is_file_here("core/nothing.py")


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_to_a_file_and_to_a_heading_of_it(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in heading_anchors(target)):
            dead.append(link)
    assert dead == []
