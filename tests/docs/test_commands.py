"""Every command that the documentation shows can be run as it stands there."""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from django.core.management import get_commands

from benchmarks.__main__ import measure_names
from maillage.cli import COMMANDS
from tests.docs.documents import HISTORICAL, PAGES, ROOT, commands, page_name

# Programs of the system; what they are given is not looked at.
SYSTEM_PROGRAMS = {"curl", "git", "cd", "pip", "python", "sha256sum"}
SHOWN = [(page_name(page), words) for page in PAGES if page not in HISTORICAL for words in commands(page)]


def command_of(name: str) -> click.Command:
    """The command `maillage NAME`, or the group of commands."""
    module: Any = importlib.import_module(next(command.module for command in COMMANDS if command.name == name))
    if hasattr(module, "app"):
        return typer.main.get_command(module.app)
    single = typer.Typer(add_completion=False)
    single.command()(module.run)
    return typer.main.get_command(single)


def option_faults(command: click.Command, words: list[str]) -> list[str]:
    by_itself = getattr(command, "invoke_without_command", False) and words[:1] != [] and words[0].startswith("-")
    if not by_itself and isinstance(subcommands := getattr(command, "commands", None), dict):
        if not words or words[0] not in subcommands:
            return [f"no subcommand {words[:1]}"]
        return option_faults(subcommands[words[0]], words[1:])
    known = {option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]}
    used = {word.lstrip("[").rstrip("]").partition("=")[0] for word in words if word.lstrip("[").startswith("--")}
    return [f"no option {option}" for option in sorted(used - known - {"--help", "--data"})]


def maillage_faults(words: list[str]) -> list[str]:
    if not words or words[0] == "--help":
        return []
    if words[0] not in {command.name for command in COMMANDS}:
        return [f"no command {words[0]}"]
    if words[0] == "manage":
        return [] if words[1] in get_commands() else [f"no command of Django {words[1]}"]
    return option_faults(command_of(words[0]), words[1:])


def run_faults(words: list[str]) -> list[str]:
    tool = words[0]
    if not (ROOT / ".venv" / "bin" / tool).exists():
        return [f"no tool {tool}"]
    if words[:2] != ["python", "-m"]:
        return []
    if words[2] == "benchmarks":
        return [f"no measure {name}" for name in words[3:] if name != "NAME" and name not in measure_names()]
    return [] if importlib.util.find_spec(words[2]) else [f"no module {words[2]}"]


def pytest_faults(words: list[str]) -> list[str]:
    tests = [word.partition("::")[0] for word in words if word.startswith("tests/")]
    return [f"no tests {path}" for path in tests if not (ROOT / path).exists()]


def faults(words: list[str]) -> list[str]:
    """What is wrong with a command, as far as can be told without running it."""
    program, arguments = words[0], words[1:]
    if program in SYSTEM_PROGRAMS:
        return []
    if program == "maillage":
        return maillage_faults(arguments)
    script = ROOT / program
    if not program.startswith(("scripts/", ".ci/")) or not script.is_file() or not os.access(script, os.X_OK):
        return [f"no program {program}"]
    checks: dict[str, Any] = {"maillage": maillage_faults, "run": run_faults, "test": pytest_faults,
                              "up": lambda given: maillage_faults(["up", *given])}  # fmt: skip
    return list(checks[Path(program).name](arguments)) if Path(program).name in checks else []


@pytest.mark.parametrize(("page", "words"), SHOWN, ids=[f"{page}: {' '.join(words)[:60]}" for page, words in SHOWN])
def test_a_command_shown_exists_with_its_options(page: str, words: list[str]) -> None:
    assert faults(words) == [], page


@pytest.mark.parametrize(
    "words",
    [
        ["scripts/nothing"],
        ["scripts/maillage", "lod", "file.yaml"],
        ["scripts/maillage", "load", "file.yaml", "--wet-run"],
        ["scripts/maillage", "import", "nothing"],
        ["scripts/maillage", "manage", "nothing"],
        ["scripts/up", "--prt", "8080"],
        ["scripts/test", "tests/nothing"],
        ["scripts/run", "nothing"],
        ["scripts/run", "python", "-m", "benchmarks", "nothing"],
        ["uv", "run", "ruff"],
    ],
)
def test_a_command_that_does_not_exist_is_noticed(words: list[str]) -> None:
    assert faults(words) != []
