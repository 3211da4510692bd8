"""The command itself: where `--data` may stand, and what is told without a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maillage.cli import COMMANDS, extract_data_folder
from maillage.errors import MaillageError
from tests.site_process import MAILLAGE, user_environment


@pytest.fixture(autouse=True)
def _same_variables_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_DATA", os.environ.get("MAILLAGE_DATA", ""))


@pytest.mark.parametrize("words", [["--data", "/srv/m", "db", "url"], ["db", "--data=/srv/m", "url"]])
def test_the_data_folder_may_stand_anywhere(words: list[str]) -> None:
    assert extract_data_folder(words) == ["db", "url"]
    assert os.environ["MAILLAGE_DATA"] == "/srv/m"


def test_what_follows_two_dashes_is_left_alone() -> None:
    assert extract_data_folder(["answer", "--", "--data", "sharing"]) == ["answer", "--", "--data", "sharing"]


@pytest.mark.parametrize("words", [["up", "--data"], ["up", "--data", "--empty"], ["up", "--data="]])
def test_a_missing_folder_is_told(words: list[str]) -> None:
    with pytest.raises(MaillageError, match="--data needs a folder"):
        extract_data_folder(words)


def test_help_names_every_command_and_imports_none() -> None:
    script = (
        "import sys; sys.argv = ['maillage', '--help']\n"
        "from maillage.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('django', 'psycopg', 'maillage.cli.up') if name in sys.modules])\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.endswith("[]\n")
    assert all(f"  {command.name}" in said for command in COMMANDS)


@pytest.mark.parametrize("command", ["up", "load", "db"])
def test_the_help_of_a_command_names_the_folder_of_the_data(command: str) -> None:
    said = subprocess.run([str(MAILLAGE), command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--data DIR" in said


def test_the_address_of_the_database_is_printed(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(MAILLAGE), "db", "url", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        env=user_environment() | {"DATABASE_URL": ""},
        check=True,
    )
    assert done.stdout.startswith("postgresql://maillage@/maillage?host=%2F")
