"""Partners from a folder of CORDIS to a run that anyone can score; and French needs against English evidence."""

import datetime as dt
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import yaml
from django.utils import timezone
from typer.testing import CliRunner

from maillage.cli import evaluate as evaluating
from maillage.cli import rank as ranking
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.errors import MaillageError
from maillage.matching.partners.evidence import PartnerEvidence
from maillage.matching.partners.masked_texts import MaskedTexts
from maillage.matching.partners.metrics import measure_rankings
from maillage.matching.partners.ranker import PartnerRanker
from maillage.matching.partners.training import encode_evidence
from maillage.matching.partners.translation import Translator
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.vocabulary_files import read_eurovoc_csv, read_hpo
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.models import Funder
from maillage.projects.partner_evidence import evidence_from_folder, evidence_from_register
from tests.projects.small_cordis import write_folder
from tests.shared_data import shared_data

ACTOR = Actor("Ada", frozenset({OFFICER}))
FRENCH_NEEDS = Path(__file__).parent.parent / "matching" / "partners" / "french_needs.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty projects of two subjects in turn, three parties each, signed every ten days from 2022 on."""
    said = [
        {"title": "Cells under stress", "objective": "How cells answer stress.", "topic_title": "Stress"},
        {"title": "Waves at sea", "objective": "Energy of ocean waves.", "topic_title": "Oceans"},
    ]
    days = [dt.date(2022, 1, 3) + dt.timedelta(10 * number) for number in range(40)]
    place = tmp_path / "cordis"
    place.mkdir()
    return write_folder(
        place,
        zipped=True,
        projects=[
            {"project_id": str(100 + n), "ec_signature_date": day.isoformat(), **said[n % 2]}
            for n, day in enumerate(days)
        ],
        organisations=[{"organisation_id": str(900 + n), "legal_name": f"BODY {n}"} for n in range(6)],
        participations=[
            {"project_id": str(100 + n), "organisation_id": str(900 + 3 * (n % 2) + at), "order": str(at + 1)}
            for n in range(40)
            for at in range(3)
        ],
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_the_register_gives_the_evidence_of_the_folder_it_was_loaded_from(folder):
    load_projects(funder=Funder.CORDIS, actor=ACTOR, at=timezone.now(), folder=folder)
    loaded, lying = evidence_from_register(PUBLIC), evidence_from_folder(folder)
    assert loaded == lying
    assert loaded.fingerprint == lying.fingerprint
    assert len(loaded.projects) == 40


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_file_of_needs_becomes_a_run(folder, tmp_path, monkeypatch):
    load_projects(funder=Funder.CORDIS, actor=ACTOR, at=timezone.now(), folder=folder)
    monkeypatch.setattr(ranking, "running_site", lambda: nullcontext(tmp_path))
    needs, run = tmp_path / "needs.csv", tmp_path / "out.run"
    needs.write_text("identifier,text\nsea,ocean waves\ncell,Le stress des cellules et de la cellule\n", "utf-8")
    done = CliRunner().invoke(ranking.app, ["--queries", str(needs), "--run", str(run)])
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in run.read_text().splitlines()]
    assert [line[1::4] for line in lines] == [["Q0", "maillage"]] * 12
    assert [int(line[3]) for line in lines] == [*range(1, 7)] * 2
    first = {(line[0], line[2]) for line in lines if int(line[3]) <= 3}
    assert first == {("sea", number) for number in ("903", "904", "905")} | {
        ("cell", number) for number in ("900", "901", "902")
    }
    assert [file.suffix for file in (tmp_path / "partners").iterdir()] == [".npz"]
    done = CliRunner().invoke(
        ranking.app, ["--queries", str(needs), "--run", str(run), "--members", "903", "--members", "1"]
    )
    assert "passed over: 1." in done.output
    assert "903" not in {line.split()[2] for line in run.read_text().splitlines()}


@pytest.mark.django_db
def test_without_past_projects_one_is_told_to_import_some(tmp_path, monkeypatch):
    monkeypatch.setattr(ranking, "running_site", lambda: nullcontext(tmp_path))
    needs = tmp_path / "needs.csv"
    needs.write_text("identifier,text\nsea,ocean waves\n")
    done = CliRunner().invoke(ranking.app, ["--queries", str(needs), "--run", str(tmp_path / "out.run")])
    assert isinstance(done.exception, MaillageError)
    assert "maillage import cordis" in done.exception.remedy


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_an_evaluation_is_a_table(folder, monkeypatch):
    monkeypatch.setattr(evaluating, "set_up_django", nullcontext)
    done = CliRunner().invoke(evaluating.app, ["partners", "--until", "2022-10-31", "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    head, line, *rows = [row for row in done.stdout.splitlines() if row.startswith("|")]
    assert head.count("|") == line.count("|") == rows[0].count("|")
    # Three forms, five rankings; for all, laboratories, French organisations, and research actions.
    assert len(rows) == 3 * 4 * 5
    assert "| topic | masked | all | learned | 9 | 1.000 (1.000–1.000) |" in rows[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_day_after_which_nothing_was_signed_is_told(folder, monkeypatch):
    monkeypatch.setattr(evaluating, "set_up_django", nullcontext)
    done = CliRunner().invoke(evaluating.app, ["partners", "--until", "2030-01-01", "--folder", str(folder)])
    assert isinstance(done.exception, MaillageError)
    assert "choose another day" in done.exception.remedy


@pytest.mark.programs
def test_french_needs_lose_less_than_a_quarter():
    """Fifty needs, each answered by a project signed after the evidence, in English and in French."""
    cordis = evidence_from_folder(shared_data("cordis"))
    known = cordis.until(dt.date(2023, 12, 31))
    ranker = PartnerRanker(encode_evidence(known, MaskedTexts(known)))
    translator = Translator.of(_vocabulary(), ranker.reader.index.held_stems())
    needs = yaml.safe_load(FRENCH_NEEDS.read_text("utf-8"))
    english, french = (_ndcg(ranker, cordis, needs, texts) for texts in (
        [need["english"] for need in needs],
        [translator.english(need["french"]) for need in needs],
    ))  # fmt: skip
    assert [need["english"] for need in needs] == [translator.english(need["english"]) for need in needs]
    assert french > 0.75 * english > 0.05


def _ndcg(ranker: PartnerRanker, cordis: PartnerEvidence, needs: list[dict[str, str]], texts: list[str]) -> float:
    projects = {project.key: project for project in cordis.projects}
    right = [ranker.reader.index.columns(projects[need["project"]]) for need in needs]
    return float(np.mean(measure_rankings([one.columns for one in ranker.reader.candidates(texts)], right)[:, 0]))


def _vocabulary() -> Vocabulary:
    eurovoc = read_eurovoc_csv(shared_data("eurovoc_fr_en", "eurovoc_concepts_fr_en.csv.gz"))
    hpo = read_hpo(shared_data("hpo_fr", "hp-fr.babelon.tsv.gz"), shared_data("hpo_fr", "hp-fr.synonyms.tsv.gz"))
    return Vocabulary.of(eurovoc.concepts, hpo.concepts)
