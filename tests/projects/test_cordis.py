"""The load of CORDIS, on folders made up for it and, where it is, on the real one."""

import csv
import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.models import Citation
from maillage.core.rows.errors import InvalidFileError
from maillage.core.rows.file_load import RowCounts
from maillage.projects.actions.project_folders import load_projects
from maillage.projects.folder_load import ProjectsReport
from maillage.projects.models import EvidenceLoad, Funder, Participation, Party, Project
from maillage.projects.party_matching import registrable_domain
from maillage.register.models import Identifier, Organisation
from tests.projects.small_cordis import PROJECT, write_folder, write_sheet
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACTOR = Actor("Ada", frozenset({OFFICER}))


def load(folder: Path, *, dry_run: bool = False) -> ProjectsReport:
    return load_projects(funder=Funder.CORDIS, actor=ACTOR, at=timezone.now(), folder=folder, dry_run=dry_run)


def told(folder: Path) -> list[str]:
    return [str(refusal) for refusal in load(folder).refusals]


def body(key: str, **values: str) -> Organisation:
    return Organisation.objects.create(key=key, kind="institute", **values)


def test_a_folder_becomes_projects_parties_and_participations(tmp_path):
    report = load(write_folder(tmp_path, zipped=True))
    assert [vars_of(count) for count in report.counts.values()][:3] == [(1, 1, 0, 0, 0)] * 3
    project = Project.objects.get(key="cordis-101")
    assert (project.signed_on, project.cost) == (dt.date(2022, 5, 12), Decimal("2000.50"))
    assert (project.keywords, project.subjects) == (["cells", "stress", "answer"], ["/natural sciences/biology"])
    assert (project.days.lower, project.certain.upper) == (dt.date(2022, 9, 1), dt.date(2025, 9, 1))
    party = Party.objects.get(number="901")
    assert (party.small, party.latitude, party.visibility) == (False, 45.76, "public")
    one = Participation.objects.get(project=project, party=party)
    assert (one.role, one.contribution, one.ended) == ("coordinator", Decimal(900), False)
    assert Citation.objects.get(record_kind="projects.project").source.url.endswith("cordis.europa.eu/project/id/101")


def vars_of(count: RowCounts) -> tuple[int, ...]:
    return count.read, count.created, count.updated, count.unchanged, count.refused


def test_a_second_load_changes_nothing_and_a_changed_row_alone_is_updated(tmp_path):
    load(write_folder(tmp_path))
    again = load(tmp_path)
    assert again.written == 0
    assert [vars_of(count) for count in again.counts.values()][:3] == [(1, 0, 0, 1, 0)] * 3
    Project.objects.update(visibility="named")
    write_folder(tmp_path, projects=[{"status": "CLOSED"}, {"project_id": "102"}])
    report = load(tmp_path)
    assert vars_of(report.counts["projects"]) == (2, 1, 1, 0, 0)
    assert vars_of(report.counts["participations"]) == (1, 0, 0, 1, 0)
    project = Project.objects.get(number="101")
    assert (project.status, project.visibility) == ("CLOSED", "named")
    assert Citation.objects.filter(record_kind="projects.project").count() == 2


def test_subjects_stay_where_their_file_is_left_out(tmp_path):
    load(write_folder(tmp_path))
    (tmp_path / "project_euroscivoc.csv").unlink()
    assert load(tmp_path).written == 0
    assert Project.objects.get().subjects == ["/natural sciences/biology"]


def test_a_dry_run_reports_and_writes_nothing(tmp_path):
    report = load(write_folder(tmp_path, projects=[{}, {"project_id": "102", "title": ""}]), dry_run=True)
    assert (report.counts["projects"].created, report.counts["projects"].refused) == (1, 1)
    assert not Project.objects.exists()
    assert not EvidenceLoad.objects.exists()


def test_namibia_is_a_country(tmp_path):
    load(write_folder(tmp_path, organisations=[{"country": "NA"}, {"organisation_id": "902", "country": ""}]))
    assert list(Party.objects.order_by("number").values_list("country", flat=True)) == ["NA", ""]


def test_countries_get_their_codes_of_iso(tmp_path):
    load(write_folder(tmp_path, organisations=[{"country": "EL"}, {"organisation_id": "902", "country": "UK"}]))
    assert list(Party.objects.order_by("number").values_list("country", flat=True)) == ["GR", "GB"]


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"start_date": "2022-02-30"}, "projects.csv:2: start_date", "is no day; write it as"),
        ({"end_date": "2020-01-01"}, "projects.csv:2", "ends (2020-01-01) before it begins (2022-09-01)"),
        ({"total_cost": "a lot"}, "projects.csv:2: total_cost", "no amount"),
        ({"total_cost": "inf"}, "projects.csv:2: total_cost", "no amount"),
        ({"title": " "}, "projects.csv:2: title", "fill it in"),
        ({"status": "LOST"}, "projects.csv:2: status", "none of SIGNED"),
        ({"acronym": "A" * 101}, "projects.csv:2: acronym", "shorten it to 100"),
        ({"project_id": ""}, "projects.csv:2: project_id", "fill it in"),
    ],
)
def test_a_bad_project_is_refused_with_its_place_and_the_remedy(tmp_path, changes, place, reason):
    write_folder(tmp_path, projects=[changes, {"project_id": "102"}], participations=[{"project_id": "102"}])
    (refusal, *_rest) = told(tmp_path)
    assert refusal.startswith(place)
    assert reason in refusal
    assert Project.objects.get().number == "102"
    assert next(str(one.row) for one in EvidenceLoad.objects.get().refusals.all()) == "2"


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"country": "France"}, "organisations.csv:2: country", "two capitals"),
        ({"geolocation": "95,0"}, "organisations.csv:2: geolocation", "degrees"),
        ({"geolocation": "north"}, "organisations.csv:2: geolocation", "degrees"),
        ({"sme": "perhaps"}, "organisations.csv:2: sme", "neither true nor false"),
    ],
)
def test_a_bad_party_is_refused(tmp_path, changes, place, reason):
    write_folder(tmp_path, organisations=[changes])
    first, second = told(tmp_path)
    assert first.startswith(place)
    assert reason in first
    assert second.startswith("participations.csv:2: organisation_id: no row of organisations.csv has the number 901")


def test_the_same_number_twice_is_refused_the_second_time(tmp_path):
    assert told(write_folder(tmp_path, projects=[{}, {"title": "Other"}])) == [
        "projects.csv:3: project_id: the same project_id stands at row 2; keep one"
    ]
    assert Project.objects.get().title == "Cells under stress"


def test_rows_that_name_nothing_known_are_refused(tmp_path):
    write_folder(
        tmp_path, participations=[{"project_id": "7"}, {"order": "x"}], project_euroscivoc=[{"project_id": "8"}]
    )
    refusals = told(tmp_path)
    assert any(line.startswith("project_euroscivoc.csv:2: project_id: no row of projects.csv") for line in refusals)
    assert any(line.startswith("participations.csv:2: project_id: no row of projects.csv") for line in refusals)
    assert any(line.startswith("participations.csv:3: order: “x” is no number") for line in refusals)


def test_a_row_with_a_comma_too_many_is_refused(tmp_path):
    path = write_folder(tmp_path) / "participations.csv"
    path.write_text(path.read_text() + "101,901,participant,2,,,false,,\n")
    assert "the row has 9 columns instead of 7" in told(tmp_path)[0]


@pytest.mark.parametrize("name", ["projects", "organisations", "participations"])
def test_a_missing_file_is_told(tmp_path, name):
    (write_folder(tmp_path) / f"{name}.csv").unlink()
    with pytest.raises(InvalidFileError, match=rf"holds neither {name}.csv nor {name}.csv.gz"):
        load(tmp_path)


def test_a_missing_folder_a_missing_column_and_damage_are_told(tmp_path):
    with pytest.raises(InvalidFileError, match="no such folder"):
        load(tmp_path / "nowhere")
    write_folder(tmp_path)
    write_sheet(tmp_path, "projects", [{key: value for key, value in PROJECT.items() if key != "title"}])
    with pytest.raises(InvalidFileError, match="names no column “title”"):
        load(tmp_path)
    write_folder(tmp_path, zipped=True)
    (tmp_path / "projects.csv").unlink()
    whole = (tmp_path / "projects.csv.gz").read_bytes()
    (tmp_path / "projects.csv.gz").write_bytes(whole[:-12])
    with pytest.raises(InvalidFileError, match=r"projects.csv.gz: cannot be read after row \d"):
        load(tmp_path)
    (tmp_path / "projects.csv.gz").write_bytes(gzip.compress(b"project_id,title\n\xff,x\n"))
    with pytest.raises(InvalidFileError, match="cannot be read"):
        load(tmp_path)
    assert not Project.objects.exists()


def test_only_an_officer_loads(tmp_path):
    with pytest.raises(ActionForbiddenError):
        load_projects(funder=Funder.CORDIS, actor=PUBLIC, at=timezone.now(), folder=write_folder(tmp_path))


def test_parties_are_tied_by_vat_by_website_and_by_name(tmp_path):
    by_vat, by_site, by_name = (body(key, name_fr=key, country="FR") for key in ("vat", "site", "name"))
    Identifier.objects.create(organisation=by_vat, scheme="siren", value="180089013")
    Organisation.objects.filter(pk=by_site.pk).update(website="https://www.cellules.example/")
    Organisation.objects.filter(pk=by_name.pk).update(name_fr="École des Cellules")
    write_folder(
        tmp_path,
        organisations=[
            {"organisation_id": "1", "vat": "FR12180089013"},
            {"organisation_id": "2", "legal_name": "Autre", "url": "http://cellules.example"},
            {"organisation_id": "3", "legal_name": "ECOLE DES CELLULES"},
            {"organisation_id": "4", "legal_name": "ECOLE DES CELLULES", "country": "BE"},
        ],
        participations=[{"organisation_id": "1"}],
    )
    assert load(tmp_path).tied == 3
    found = {party.number: (party.organisation, party.tie) for party in Party.objects.order_by("number")}
    assert found == {"1": (by_vat, "vat"), "2": (by_site, "website"), "3": (by_name, "name"), "4": (None, "")}
    assert load(tmp_path).written == 0


def test_what_two_share_ties_nobody(tmp_path):
    body("one", name_fr="Institut des Cellules", country="FR")
    write_folder(tmp_path, organisations=[{"organisation_id": number} for number in ("1", "2")], participations=[])
    assert load(tmp_path).tied == 0
    body("two", name_fr="Institut des Cellules", country="FR")
    Party.objects.filter(number="2").delete()
    write_folder(tmp_path, organisations=[{"organisation_id": "1"}], participations=[])
    assert load(tmp_path).tied == 0


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("http://www.cea.fr/", "cea.fr"),
        ("cea.fr", "cea.fr"),
        ("https://www.facebook.com", ""),
        ("https://univ.example/lab", ""),
        ("none", ""),
    ],
)
def test_the_site_of_an_address(address, site):
    assert registrable_domain(address) == site


def test_the_real_folder_is_taken_whole():
    folder = shared_data("cordis")
    report = load(folder)
    assert report.refusals == []
    assert [report.counts[name].created for name in ("projects", "organisations", "participations")] == [
        15_186,
        27_731,
        101_329,
    ]
    with gzip.open(folder / "organisations.csv.gz", "rt", encoding="utf-8", newline="") as file:
        namibian = sum(row["country"] == "NA" for row in csv.DictReader(file))
    assert Party.objects.filter(country="NA").count() == namibian > 0
