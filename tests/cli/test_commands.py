"""The commands, run as a person runs them, on the served site's data."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.cli.action_table import actions_table
from maillage.cli.hook_table import hooks_page
from maillage.cli.list_table import lists_page
from tests.site_process import MAILLAGE, user_environment

ROOT = Path(__file__).parents[2]


def maillage(data: Path, *words: str, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [MAILLAGE, *words, "--data", str(data)],
        capture_output=True,
        text=True,
        input=text,
        env=user_environment() | {"COLUMNS": "200"},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("name", "page"), [("actions", actions_table), ("hooks", hooks_page), ("lists", lists_page)])
def test_the_generated_pages_are_current(name: str, page: Callable[[], str]) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    assert text == page(), f"run: scripts/maillage {name} > docs/{name}.md"


def test_an_example_loaded_again_is_unchanged_and_exports(cluster: Path, site: object, tmp_path: Path) -> None:
    example = ROOT / "src" / "maillage" / "example" / "ecosystem.yaml"
    loaded = maillage(cluster, "load", str(example), "--dry-run")
    assert loaded.returncode == 0, loaded.stderr
    assert "199" in loaded.stdout
    out = tmp_path / "out.yaml"
    exported = maillage(cluster, "export", str(out))
    assert exported.returncode == 0, exported.stderr
    assert "opale" in out.read_text()
    refused = maillage(cluster, "export", "/proc/no/such/place.yaml")
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr


def test_bad_rows_fail_the_load_with_file_line_and_remedy(cluster: Path, site: object, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("organisations:\n- {key: x, name_fr: X, kind: instutite}\n")
    loaded = maillage(cluster, "load", str(bad), "--dry-run")
    assert loaded.returncode == 1
    assert "bad.yaml:2" in loaded.stdout
    bad.write_text("organisations: [")
    broken = maillage(cluster, "load", str(bad))
    assert broken.returncode == 1
    assert "bad.yaml:2: not readable as YAML" in broken.stderr


def test_a_need_is_answered_from_words_a_file_or_the_input(cluster: Path, site: object, tmp_path: Path) -> None:
    need = "paired samples at relapse in adult AML"
    file = tmp_path / "need.txt"
    file.write_text(need)
    answers = {
        maillage(cluster, "answer", need, "--language", "en").stdout,
        maillage(cluster, "answer", str(file), "--language", "en").stdout,
        maillage(cluster, "answer", "-", "--language", "en", text=need).stdout,
    }
    assert len(answers) == 1
    assert "ALFA" in answers.pop()


def test_stale_and_contradicted_statements_are_listed(cluster: Path, site: object) -> None:
    checked = maillage(cluster, "check", "statements")
    assert checked.returncode == 1
    assert "68" in checked.stdout


def test_a_vocabulary_is_loaded_and_bad_ones_explained(cluster: Path, site: object, tmp_path: Path) -> None:
    words = tmp_path / "words.yaml"
    words.write_text("concepts:\n  sea-trial:\n    fr: [essai en mer]\n    en: [sea trial]\n")
    loaded = maillage(cluster, "vocabulary", "load", str(words))
    assert loaded.returncode == 0, loaded.stderr
    assert "1 concepts" in loaded.stdout
    assert maillage(cluster, "vocabulary", "load", str(tmp_path / "absent.csv")).returncode == 1
