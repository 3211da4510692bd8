"""The import of the ANR, on folders made up for it and, where it is, on the real one."""

import csv
import datetime as dt
import gzip
import html
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from maillage.core.actors import OFFICER, SYSTEM, Actor
from maillage.core.models import Citation
from maillage.core.rows.errors import InvalidFileError
from maillage.core.text import fold
from maillage.projects.actions.project_folders import load_projects, match_project_parties
from maillage.projects.folder_load import ProjectsReport
from maillage.projects.models import EvidenceLoad, Funder, Participation, Party, Project
from maillage.projects.party_matching import folded_town
from maillage.register.models import Identifier, Organisation
from tests.projects.small_anr import PARTNER, PROJECT, partner, write_anr_file, write_anr_folder
from tests.projects.small_cordis import write_folder
from tests.shared_data import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACTOR = Actor("Ada", frozenset({OFFICER}))
RNSR = "200611689J"


def load(folder: Path, *, dry_run: bool = False) -> ProjectsReport:
    return load_projects(actor=ACTOR, at=timezone.now(), funder=Funder.ANR, folder=folder, dry_run=dry_run)


def write_partners(folder: Path, *partners: dict[str, str]) -> Path:
    """A folder of one project of these partners."""
    return write_anr_folder(folder, anr_projects=[{"partners": str(len(partners))}], anr_partners=list(partners))


def organisation(key: str, **values: str) -> Organisation:
    return Organisation.objects.create(key=key, kind="research-unit", name_fr=values.pop("name", key), **values)


def with_rnsr(key: str, number: str = RNSR) -> Organisation:
    created = organisation(key)
    Identifier.objects.create(organisation=created, scheme="rnsr", value=number)
    return created


def counts(report: ProjectsReport) -> dict[str, tuple[int, int, int, int, int]]:
    return {
        name: (count.read, count.created, count.updated, count.unchanged, count.refused)
        for name, count in report.counts.items()
    }


def test_a_folder_becomes_projects_parties_and_participations(tmp_path):
    report = load(write_anr_folder(tmp_path, zipped=True, years="_2010_2022"))
    assert counts(report) == dict.fromkeys(("projects", "participations", "organisations"), (2, 2, 0, 0, 0))
    assert (report.refusals, report.row_remarks, report.remarks) == ([], [], [])
    project = Project.objects.get(key="anr-18-ce18-0001")
    assert (project.funder, project.title, project.year, project.period_start) == ("anr", "ALPHA", 2018, "2018~")
    assert (project.programme, project.committee, project.committee_title) == ("AAPG", "CE18", "Innovation biomédicale")
    assert (project.stems, project.subjects) == (["leukemia", "stress"], ["Medecine"])
    one = Participation.objects.get(project=project)
    assert (one.role, one.name, one.party.city, one.party.kind) == (
        "coordinator", "Institut des Cellules", "Lyon", "LAB",
    )  # fmt: skip
    assert (one.party.country, one.party.region, one.party.category) == ("FR", "FRK", "Laboratoire public")
    cited = Citation.objects.filter(record_kind="projects.project", record_id=project.pk).get()
    assert (cited.source.url, cited.source.domain) == ("https://anr.fr/Projet-ANR-18-CE18-0001", "anr.fr")


def test_investments_of_the_state_have_their_title_start_and_amount(tmp_path):
    load(write_anr_folder(tmp_path))
    project = Project.objects.get(number="ANR-10-LABX-0002")
    assert (project.kind, project.programme, project.scheme) == ("investment", "PIA", "LABX")
    assert (project.title, project.language) == ("Les vagues de la mer et des îles", "fr")
    assert (project.days.lower, project.year, project.contribution) == (dt.date(2011, 4, 13), 2010, Decimal(9_000_000))


def test_the_amount_of_a_carnot_institute_is_said_to_be_no_yearly_support(tmp_path):
    load(write_anr_folder(tmp_path, anr_pia_projects=[{"action_fr": "CARN", "amount_eur": "31365"}]))
    assert "not the yearly support" in Project.objects.get(scheme="CARN").note_en


@pytest.mark.parametrize("code", ["LCV2", "LAB1", "LCCO"])
def test_labcom_is_a_joint_laboratory_with_a_company(tmp_path, code):
    load(write_anr_folder(tmp_path, anr_projects=[{"programme": code, "theme_fr": "", "discipline": ""}]))
    project = Project.objects.get(number=PROJECT["project_id"])
    assert (project.kind, project.programme, project.call) == ("joint-lab", "LabCom", code)


def test_a_second_import_changes_nothing_and_a_changed_row_alone_is_updated(tmp_path):
    load(write_anr_folder(tmp_path))
    again = load(tmp_path)
    assert again.written == 0
    assert counts(again)["participations"] == (2, 0, 0, 2, 0)
    report = load(write_anr_folder(tmp_path, anr_projects=[{"theme_fr": "Autre"}]))
    assert counts(report)["projects"] == (2, 0, 1, 1, 0)
    assert Citation.objects.filter(record_kind="projects.project").count() == 2


def test_a_dry_run_writes_nothing(tmp_path):
    assert counts(load(write_anr_folder(tmp_path), dry_run=True))["projects"] == (2, 2, 0, 0, 0)
    assert not Project.objects.exists()
    assert not EvidenceLoad.objects.exists()


def test_columns_may_stand_in_another_order(tmp_path):
    write_anr_folder(tmp_path)
    for name, plain in (("anr_projects", PROJECT), ("anr_partners", PARTNER)):
        write_anr_file(tmp_path, name, [dict(reversed(plain.items()))])
    assert load(tmp_path).refusals == []
    assert Participation.objects.get(project__number=PROJECT["project_id"]).party.city == "Lyon"


def test_a_project_without_a_partner_is_kept(tmp_path):
    report = load(write_anr_folder(tmp_path, anr_projects=[{}, {"project_id": "ANR-18-CE18-0002", "partners": "0"}]))
    assert report.remarks == report.refusals == []
    assert not Project.objects.get(number="ANR-18-CE18-0002").participations.exists()


def test_a_partner_without_a_name_is_left_out_with_a_remark(tmp_path):
    report = load(
        write_partners(
            tmp_path, {}, partner(2, organisation="", town="Paris"), partner(3, organisation="Non renseigné")
        )
    )
    assert [(remark.row, remark.column) for remark in report.row_remarks] == [(3, "organisation"), (4, "organisation")]
    assert (report.refusals, report.remarks) == ([], [])
    assert Participation.objects.filter(project__number=PROJECT["project_id"]).count() == 1


def test_spellings_of_one_name_in_one_town_are_one_party_that_keeps_each(tmp_path):
    names = ("Institut d’Électronique", "INSTITUT DELECTRONIQUE", "Institut d'Electronique", "Institut d’Électronique")
    towns = ("Villeneuve-d'Ascq", "VILLENEUVE D ASCQ CEDEX", "Villeneuve d'Ascq Cedex 02", "Villeneuve-d'Ascq")
    rows = [partner(n, organisation=name, town=town) for n, (name, town) in enumerate(zip(names, towns, strict=True))]
    load(write_partners(tmp_path, *rows, partner(9, organisation="Institut d’Électronique", town="Lyon")))
    parties = Party.objects.filter(participations__project__number=PROJECT["project_id"]).distinct()
    assert {(party.name, party.city): party.participations.count() for party in parties} == {
        ("Institut d’Électronique", "Villeneuve-d'Ascq"): 4,
        ("Institut d’Électronique", "Lyon"): 1,
    }
    assert set(names) <= set(Participation.objects.values_list("name", flat=True))


def test_one_rnsr_number_is_one_party_whatever_its_name(tmp_path):
    rows = [{"rnsr_id": RNSR}, partner(2, rnsr_id=RNSR.lower(), organisation="UMR 8212", town="Gif")]
    report = load(write_partners(tmp_path, *rows))
    assert report.row_remarks == []
    assert Party.objects.get(rnsr=RNSR).participations.count() == 2


def test_a_wrong_rnsr_number_is_left_out_with_a_remark_and_the_partner_goes_by_its_name(tmp_path):
    report = load(
        write_partners(tmp_path, {"rnsr_id": "200611689K"}, partner(2, rnsr_id="493902662", organisation="X"))
    )
    assert [remark.column for remark in report.row_remarks] == ["rnsr_id", "rnsr_id"]
    assert "check letter is wrong" in report.row_remarks[0].reason
    assert not Party.objects.exclude(rnsr="").exists()
    assert Party.objects.filter(name__in=("Institut des Cellules", "X")).count() == 2


def test_an_unknown_country_or_region_is_left_out_with_a_remark(tmp_path):
    report = load(write_partners(tmp_path, {"country": "Atlantide", "region": "Lyonesse"}))
    assert {remark.column for remark in report.row_remarks} == {"country", "region"}
    assert Party.objects.get(name="Institut des Cellules").country == ""


@pytest.mark.parametrize(("name", "code"), [("Corée (République de)", "KR"), ("Russie", "RU"), ("Réunion", "RE")])
def test_countries_are_read_by_their_french_names(tmp_path, name, code):
    load(write_partners(tmp_path, {"country": name, "region": ""}))
    assert Party.objects.get(name="Institut des Cellules").country == code


def test_a_partner_is_tied_by_its_rnsr_number_before_its_name(tmp_path):
    organisation("namesake", name="Institut des Cellules", city="Lyon", country="FR")
    by_number = with_rnsr("by-number")
    report = load(write_partners(tmp_path, {"rnsr_id": RNSR}))
    party = Party.objects.get(rnsr=RNSR)
    assert (party.organisation, party.tie) == (by_number, "rnsr")
    assert (report.tied, report.untied) == (1, 1)


def test_a_partner_without_a_number_is_tied_by_name_and_town_alone(tmp_path):
    elsewhere = organisation("elsewhere", name="Institut de Mer", city="Brest", country="FR")
    lyon = organisation("lyon", name="INSTITUT DES CELLULES", city="Lyon Cedex 07", country="FR")
    load(write_partners(tmp_path, {}, partner(2, organisation="Institut de Mer", town="Paris")))
    assert Party.objects.get(name="Institut des Cellules").organisation == lyon
    assert Party.objects.get(name="Institut de Mer").organisation is None
    assert not elsewhere.parties.exists()


def test_a_name_that_two_organisations_of_a_town_bear_ties_nobody(tmp_path):
    for key in ("one", "two"):
        organisation(key, name="Institut des Cellules", city="Lyon", country="FR")
    assert load(write_anr_folder(tmp_path)).tied == 0


def test_an_organisation_that_comes_later_is_tied_by_the_next_import_or_by_the_command(tmp_path):
    load(write_partners(tmp_path, {"rnsr_id": RNSR}, partner(2, organisation="Institut de Mer")))
    first = with_rnsr("later")
    assert load(tmp_path).tied == 1
    assert Party.objects.get(rnsr=RNSR).organisation == first
    second = organisation("sea", name="Institut de Mer", city="Lyon", country="FR")
    assert match_project_parties(actor=SYSTEM, at=timezone.now()) == 1
    assert Party.objects.get(name="Institut de Mer").organisation == second


def test_a_rnsr_number_that_comes_later_replaces_a_tie_by_name(tmp_path):
    by_name = organisation("by-name", name="Institut des Cellules", city="Lyon", country="FR")
    load(write_partners(tmp_path, {"rnsr_id": RNSR}))
    assert Party.objects.get(rnsr=RNSR).organisation == by_name
    by_number = with_rnsr("by-number")
    load(tmp_path)
    assert Party.objects.get(rnsr=RNSR).organisation == by_number


def test_a_partner_that_gets_its_number_later_leaves_no_party_without_projects(tmp_path):
    load(write_partners(tmp_path, {}))
    load(write_partners(tmp_path, {"rnsr_id": RNSR}))
    project = Project.objects.get(number=PROJECT["project_id"])
    assert project.participations.get().party.rnsr == RNSR
    assert not Party.objects.filter(participations=None).exists()


def test_two_teams_of_one_partner_take_part_twice(tmp_path):
    load(write_partners(tmp_path, {}, partner(2)))
    assert Party.objects.get(name="Institut des Cellules").participations.count() == 2


def many(rows: int, *, of: int = 40) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Projects of one partner each; the rows of the first ones of their partners."""
    numbers = [f"ANR-18-CE18-{n:04}" for n in range(of)]
    partners = [{"project_id": number, "partner_id": f"{number}-01"} for number in numbers[:rows]]
    return [{"project_id": number} for number in numbers], partners


def test_a_file_of_partners_of_half_its_size_is_refused_whole(tmp_path):
    projects, partners = many(20)
    with pytest.raises(InvalidFileError, match="state 40 partners, the file of partners has 20: it is cut"):
        load(write_anr_folder(tmp_path, anr_projects=projects, anr_partners=partners))
    assert not Project.objects.exists()


def test_a_file_of_projects_of_half_its_size_is_refused_whole(tmp_path):
    projects, partners = many(40)
    with pytest.raises(InvalidFileError, match="20 of 41 partners name a project that the files"):
        load(write_anr_folder(tmp_path, anr_projects=projects[:20], anr_partners=partners))


def test_few_partners_that_are_missing_are_remarked_on(tmp_path):
    projects, partners = many(39)
    report = load(write_anr_folder(tmp_path, anr_projects=projects, anr_partners=partners))
    assert report.remarks == ["ANR-18-CE18-0039 states 1 partners, the file of partners has 0"]


def test_both_files_of_half_their_size_remove_nothing_and_are_remarked_on(tmp_path):
    projects, partners = many(40)
    load(write_anr_folder(tmp_path, anr_projects=projects, anr_partners=partners))
    report = load(write_anr_folder(tmp_path, anr_projects=projects[:20], anr_partners=partners[:20]))
    assert any(line.startswith("projects: 21 rows, where the load of") for line in report.remarks)
    assert Project.objects.count() == 41


def test_a_file_that_is_cut_off_is_told(tmp_path):
    path = write_anr_folder(tmp_path, zipped=True) / "anr_partners.csv.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidFileError, match=r"anr_partners.csv.gz: cannot be read after row"):
        load(tmp_path)
    assert not Project.objects.exists()


def test_files_of_two_states_in_one_folder_are_told(tmp_path):
    write_anr_folder(tmp_path, years="_2010_2022")
    write_anr_folder(tmp_path, years="_2010_2024")
    with pytest.raises(InvalidFileError, match=r"holds anr_projects_2010_2022.csv and anr_projects_2010_2024.csv"):
        load(tmp_path)


def test_the_calls_are_taken_without_the_investments(tmp_path):
    write_anr_folder(tmp_path)
    for name in ("anr_pia_projects", "anr_pia_partners"):
        (tmp_path / f"{name}.csv").unlink()
    assert counts(load(tmp_path))["projects"] == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"project_id": "18-CE18"}, "anr_projects.csv:2: project_id", "write it as ANR-15-CE18-0001"),
        ({"year": "18"}, "anr_projects.csv:2: year", "write it as 2015"),
        ({"acronym": " "}, "anr_projects.csv:2: acronym", "fill it in"),
        ({"partners": "some"}, "anr_projects.csv:2: partners", "write digits alone"),
    ],
)
def test_a_bad_project_is_refused_with_its_place_and_the_remedy(tmp_path, changes, place, reason):
    first, second = map(str, load(write_anr_folder(tmp_path, anr_projects=[changes])).refusals)
    assert first.startswith(place)
    assert reason in first
    assert second.startswith("anr_partners.csv:2: project_id: no row of anr_projects.csv, anr_pia_projects.csv has")


def test_a_number_that_stands_in_both_files_is_refused_the_second_time(tmp_path):
    report = load(write_anr_folder(tmp_path, anr_pia_projects=[{"project_id": PROJECT["project_id"]}]))
    assert str(report.refusals[0]) == (
        "anr_pia_projects.csv:2: project_id: the same project_id stands at row 2 of anr_projects.csv; keep one"
    )


def test_parties_of_two_funders_do_not_keep_each_other_from_being_recognised(tmp_path):
    lab = organisation("lab", name="Institut des Cellules", city="Lyon", country="FR")
    for name in ("anr", "cordis"):
        (tmp_path / name).mkdir()
    load(write_anr_folder(tmp_path / "anr"))
    folder = write_folder(tmp_path / "cordis")
    load_projects(actor=ACTOR, at=timezone.now(), funder=Funder.CORDIS, folder=folder)
    assert {(party.funder, party.tie) for party in lab.parties.all()} == {("anr", "town"), ("cordis", "name")}


@pytest.mark.parametrize(
    ("town", "folded"),
    [
        ("Lyon CEDEX 07", "lyon"),
        ("Paris 13", "paris"),
        ("St-Étienne", "saint etienne"),
        ("Gif-sur-Yvette", "gif sur yvette"),
    ],
)
def test_the_town_of_an_address(town, folded):
    assert folded_town(town) == folded


def test_the_real_folder_is_taken_whole():
    folder = shared_data("anr")
    report = load(folder)
    assert report.refusals == report.remarks == []
    assert counts(report)["projects"][:2] == (18_459, 18_459)
    with gzip.open(next(folder.glob("anr_partners_*")), "rt", encoding="utf-8", newline="") as file:
        names = {html.unescape(row["organisation"].strip()) for row in csv.DictReader(file)}
    written = set(Participation.objects.values_list("name", flat=True))
    assert {name for name in names if fold(name) and name.isprintable()} <= written
    assert Project.objects.filter(kind="joint-lab").count() == 220
    assert load(folder).written == 0
