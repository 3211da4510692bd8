"""Commands speak the language of the shell."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from maillage.cli import extract_data_folder, translate_help
from maillage.errors import MaillageError
from maillage.language import shell_language
from tests.site_process import MAILLAGE, user_environment

ROWS = """\
organisations:
- {key: a, name_fr: A, kind: instutite}
- {key: b, name_fr: B, kidn: hospital}
- {name_fr: C, kind: hospital}
- {key: d, name_fr: D, kind: hospital, website: nowhere}
- {key: e, name_fr: E, kind: hospital, source: nowhere}
- {key: f, name_fr: F, kind: hospital, siren: "123456789"}
memberships:
- {member: nobody, of: nothing, role: member}
teems: [{key: g}]
"""
REASONS = {
    "fr_FR.UTF-8": [
        "« instutite » n’est pas une valeur connue de « kind »\u202f; utilisez",
        "clé inconnue « kidn »\u202f; vouliez-vous dire « kind »\u202f?",
        "« key » manque\u202f; ajoutez cette clé",
        "« nowhere » n’est pas une adresse web\u202f; commencez-la par",
        "la source « nowhere » n’est pas une adresse web",
        "sa clé de contrôle est fausse",
        "« nobody » n’est la clé d’aucune organisation",
        "« teems » n’est pas une liste du registre",
        "Essai à blanc : rien n’a été écrit.",
    ],
    "en_GB.UTF-8": [
        "“instutite” is not a known value of “kind”; use",
        "unknown key “kidn”; did you mean “kind”?",
        "“key” is missing; add it",
        "“nowhere” is no web address; begin it with",
        "the source “nowhere” is no web address",
        "its checksum is wrong",
        "“nobody” is not the key of an organisation",
        "“teems” is not a list of the register",
        "Dry run: nothing was written.",
    ],
}


# Options that Typer adds by itself.
OF_TYPER = {"help", "install_completion", "show_completion"}


@pytest.fixture(autouse=True)
def _own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "fr_BE", "LC_ALL": ""}, "fr"),
    ],
)
def test_the_language_is_that_of_the_shell(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], spoken: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert shell_language() == spoken


@pytest.mark.parametrize(
    ("spoken", "told"), [("fr_FR.UTF-8", "--data attend un dossier."), ("C", "--data needs a folder.")]
)
def test_a_problem_is_told_in_it(monkeypatch: pytest.MonkeyPatch, spoken: str, told: str) -> None:
    monkeypatch.setenv("LC_ALL", spoken)
    with pytest.raises(MaillageError, match=told):
        extract_data_folder(["up", "--data"])


def test_the_help_of_every_command_is_french_in_a_french_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    for name in ("check", "db", "import_", "vocabulary", "up", "load", "export", "answer", "rank", "evaluate"):
        module = __import__(f"maillage.cli.{name}", fromlist=["app"])
        app = getattr(module, "app", None) or typer.Typer()
        if not hasattr(module, "app"):
            app.command()(module.run)
        command = typer.main.get_command(app)
        below = list(getattr(command, "commands", {}).values())
        options = [option for each in (command, *below) for option in each.params]
        parts = [*below, *(option for option in options if option.name not in OF_TYPER)]
        before = {id(part): part.help for part in parts if getattr(part, "help", None)}
        translate_help(command)
        assert [part.help for part in parts if id(part) in before and part.help == before[id(part)]] == [], name


@pytest.mark.parametrize("spoken", sorted(REASONS))
def test_a_load_reports_refused_rows_in_it(spoken: str, cluster: Path, site: object, tmp_path: Path) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text(ROWS)
    loaded = subprocess.run(
        [str(MAILLAGE), "load", str(file), "--dry-run", "--data", str(cluster)],
        capture_output=True,
        text=True,
        env=user_environment() | {"LC_ALL": spoken, "COLUMNS": "200"},
        timeout=120,
        check=False,
    )
    assert loaded.returncode == 1, loaded.stderr
    said = re.sub(r"[\xa0]", " ", loaded.stdout)
    assert [reason for reason in REASONS[spoken] if reason not in said] == [], loaded.stdout
