"""The import of RNSR, on structures made up for it (see simulated_rnsr) and, where they are, on the real exports."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from maillage.core.actors import OFFICER, PUBLIC, Actor
from maillage.core.models import Citation
from maillage.core.periods import TruthOnDay
from maillage.core.rows.errors import InvalidFileError
from maillage.register import queries
from maillage.register.actions.merges import merge_organisations
from maillage.register.import_runs import ProgressCallback
from maillage.register.models import (
    Identifier,
    ImportRefusal,
    ImportRun,
    Lookalike,
    Name,
    Organisation,
    PendingTie,
    ResearchStructure,
    Tie,
)
from maillage.register.queries import lookalike_reason_text
from maillage.register.rnsr.importer import RnsrReport, export_day, import_rnsr
from maillage.register.rnsr.link_import import import_links
from maillage.register.search_documents import organisation_documents, visible_organisations
from tests.register.simulated_rnsr import (
    COLUMNS,
    MINISTRY_COLUMNS,
    rnsr_id,
    siret,
    structure,
    uai,
    write_export,
    write_ministry_export,
)
from tests.register.simulated_ror import ror_id
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db
ACTOR = Actor("Ada", frozenset({OFFICER}))
AT = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
EARLIER, LATER = "2019-06-30", "2022-02-08"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def load(path: Path, day: str = LATER) -> RnsrReport:
    return import_rnsr(path, actor=ACTOR, at=AT, day=day)


def reasons(report: RnsrReport) -> list[tuple[str, str]]:
    return [(refusal.part, refusal.reason) for refusal in report.refusals]


def ties_of(number: int, kind: str = "tutelle") -> dict[str, tuple[str, str]]:
    """The ends and attested days of the ties of a structure with bodies, by their acronyms."""
    ties = Tie.objects.filter(object=lab(number), kind=kind)
    return {tie.subject.acronym: (tie.period_end, tie.attested) for tie in ties}


def lab(number: int) -> Organisation:
    return Organisation.objects.get(identifiers__scheme="rnsr", identifiers__value=rnsr_id(number))


def register() -> dict[str, list[Any]]:
    """All that an import writes, without the numbers of the rows."""
    fields = ("kind", "name_fr", "acronym", "city", "region", "website", "period_start", "period_end", "attested")
    described = ("rnsr", "structure_type", "level", "domains", "erc_panels", "closed", "described_on", "tied_on")
    return {
        "organisations": sorted(Organisation.objects.values_list(*fields, "certain", "possible"), key=repr),
        "structures": sorted(ResearchStructure.objects.values_list(*described), key=repr),
        "names": sorted(Name.objects.values_list("organisation__name_fr", "kind", "text", "period_end", "attested")),
        "identifiers": sorted(Identifier.objects.values_list("organisation__name_fr", "scheme", "value")),
        "ties": sorted(
            Tie.objects.values_list(
                "subject__name_fr", "kind", "object__name_fr", "period_start", "period_end", "attested"
            )
        ),
        "pending": sorted(PendingTie.objects.values_list("subject__name_fr", "kind", "value", "period_start")),
        "citations": sorted(Citation.objects.values_list("source__url", "record_kind", "read_on"), key=repr),
        "lookalikes": sorted(Lookalike.objects.values_list("organisation__key", "incoming__key")),
    }


def events() -> int:
    tables = ("organisation", "name", "identifier", "tie", "pendingtie", "researchstructure")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM register_{table}event)" for table in tables))
        return int(cursor.fetchone()[0])


def test_a_structure_with_its_names_numbers_and_bodies(tmp_path: Path) -> None:
    report = load(write_export(tmp_path / "rnsr.csv.gz", [structure(1)]))

    assert (report.read, report.created, report.bodies, report.ties) == (1, 1, 2, 2)
    found = lab(1)
    assert (found.key, found.kind, found.name_fr) == (
        f"rnsr-{rnsr_id(1).lower()}",
        "research-unit",
        "Laboratoire simulé 1",
    )
    assert (found.city, found.region, found.country) == ("Nulle-Part-sur-Mer", "FR-PDL", "FR")
    assert (found.period_start, found.period_end, found.website) == ("2004", "..", "http://lab1.example")
    record = found.research_structures.get()
    assert (record.get_structure_type_display(), record.level) == ("mixed unit", 2)
    assert (record.domains, record.erc_panels, record.described_on) == (["5", "8"], ["LS7"], dt.date(2022, 2, 8))
    assert {(row.text, row.kind, row.attested) for row in found.names.all()} == {
        ("Laboratoire simulé 1", "official", LATER), ("LS1", "acronym", LATER), ("UMR 9901", "unit", LATER),
    }  # fmt: skip
    ties = Tie.objects.filter(object=found)
    assert set(ties.values_list("subject__acronym", "kind", "period_end", "attested")) == {
        ("USIM", "tutelle", "..", LATER), ("OSR", "participant", "..", LATER),
    }  # fmt: skip
    university = Organisation.objects.get(acronym="USIM")
    assert university.kind == "university"
    assert set(university.identifiers.values_list("scheme", "value")) == {("uai", uai(1)), ("siret", siret(1))}
    for kind, pk in (("register.organisation", found.pk), ("register.tie", ties[0].pk)):
        citation = Citation.objects.get(record_kind=kind, record_id=pk)
        assert rnsr_id(1) in citation.source.url
        assert citation.read_on == dt.date(2022, 2, 8)


def test_what_is_written_at_once_is_what_save_would_write(tmp_path: Path) -> None:
    rows = [structure(1), structure(2, created=""), structure(3, closed="2013", created="2009")]
    load(write_export(tmp_path / "rnsr.csv", rows, [*rows[2]]))
    for found in [*Organisation.objects.all(), *Name.objects.all(), *Tie.objects.all()]:
        before = (found.certain, found.possible, found.days, getattr(found, "sort_name", ""))
        found.prepare()
        assert (found.certain, found.possible, found.days, getattr(found, "sort_name", "")) == before


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    rows = [structure(1, children=rnsr_id(2), predecessors=rnsr_id(9), succession_codes="F", succession_years="2004")]
    path = write_export(tmp_path / "rnsr.csv", [*rows, structure(2)])
    load(path)
    before, written = register(), events()
    second = load(path)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 2)
    assert (second.ties, second.changed_ties, second.pending, second.tie_ends) == (0, 0, 0, 0)
    assert register() == before
    assert events() == written


def test_the_export_of_the_ministry_says_the_same_and_names_of_heads_are_never_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    head = {"head_name": "Invraisemblable", "head_first_name": "Zéphyrine", "head_title": "Mme"}
    rows = [structure(1, **head), structure(2, **head, rnsr_id="Invraisemblable")]
    columns = list(reversed(MINISTRY_COLUMNS))
    report = load(write_ministry_export(tmp_path / "ministry.csv", rows, columns))
    from_ministry = register()
    assert (report.read, report.created, report.refused) == (2, 1, 1)
    everything = repr((from_ministry, list(ImportRefusal.objects.values()), caplog.text))
    assert not any(name in everything for name in head.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_organisation o WHERE o::text LIKE '%%Invraisemblable%%'")
        assert cursor.fetchone() == (0,)

    load(write_export(tmp_path / "compact.csv", [structure(1)]))
    assert register() == from_ministry


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    load(write_export(tmp_path / "one.csv", [structure(1)]))
    before = register()
    second = load(write_export(tmp_path / "two.csv", [structure(1)], sorted(structure(1))))
    assert (second.unchanged, second.tie_ends) == (1, 0)
    assert register() == before


def test_a_later_export_updates_and_ends_but_never_deletes(tmp_path: Path) -> None:
    old = [structure(1), structure(2, unit_labels="UMR 1"), structure(3), structure(4), structure(5)]
    load(write_export(tmp_path / "old.csv", old), EARLIER)
    new = structure(
        1, label="Laboratoire renommé", tutelles="Université simulée", tutelle_uai=uai(1), tutelle_siret=siret(1),
        tutelle_acronyms="USIM", tutelle_nature_codes="UNIV", tutelle_roles="TUTE", unit_labels="UMR 9901",
    )  # fmt: skip
    report = load(write_export(tmp_path / "new.csv", [new, *old[2:]]))

    assert (report.updated, report.ended) == (1, 1)
    found = lab(1)
    assert found.name_fr == "Laboratoire renommé"
    names = {name.text: (name.period_end, name.attested) for name in found.names.filter(kind="official")}
    assert names == {"Laboratoire renommé": ("..", LATER), "Laboratoire simulé 1": ("", EARLIER)}
    assert ties_of(1) == {"USIM": ("..", EARLIER)}
    assert ties_of(1, "participant") == {"OSR": ("", EARLIER)}
    gone = lab(2)
    assert (gone.period_end, gone.attested) == ("", EARLIER)
    assert "No longer" in gone.note_en
    assert ties_of(2) == {"USIM": ("", EARLIER)}
    assert gone.names.get(kind="unit").text == "UMR 1"


def test_an_earlier_export_read_later_undoes_nothing(tmp_path: Path) -> None:
    old = [
        structure(1, label="Ancien laboratoire", tutelles="Université simulée;Ancienne école", tutelle_uai="",
                  tutelle_siret="", tutelle_acronyms="USIM;AE", tutelle_nature_codes="", tutelle_roles=""),
        structure(2),
        structure(3, closed="2013"),
        structure(4, closed="2021"),
        structure(5), structure(6),
    ]  # fmt: skip
    succession = {"predecessors": rnsr_id(2), "succession_codes": "F", "succession_years": "2021"}
    new = [structure(1), structure(4), structure(7, created="2021", **succession), structure(5), structure(6)]
    columns = [*COLUMNS, "closed"]
    one = write_export(tmp_path / "old.csv", old, columns), EARLIER
    two = write_export(tmp_path / "new.csv", new, columns), LATER

    with transaction.atomic():
        load(*one)
        load(*two)
        forwards = register()
        assert (lab(2).period_end, lab(3).period_end, lab(4).period_end) == ("2020~", "2013", "..")
        transaction.set_rollback(True)
    load(*two)
    load(*one)
    backwards = register()
    for name in forwards:
        assert backwards[name] == forwards[name], name
    load(*one)
    load(*two)
    assert register() == forwards


def test_successions_lead_from_the_older_to_the_newer(tmp_path: Path) -> None:
    older = [structure(number) for number in range(1, 8)]
    load(write_export(tmp_path / "old.csv", older), EARLIER)
    codes = {1: "F", 2: "F", 3: "E", 4: "EF", 5: "I", 6: "S", 7: "R"}
    successions = {
        "predecessors": ";".join(rnsr_id(number) for number in codes),
        "succession_codes": ";".join(codes.values()),
        "succession_years": ";".join(["2021"] * 7),
    }
    others = [structure(number) for number in range(20, 40)]
    load(write_export(tmp_path / "new.csv", [structure(9, created="2021", **successions), older[5], *others]))
    kinds = {"merger-of", "split-of", "parts-of", "absorbs", "spun-off", "successor"}
    assert set(Tie.objects.filter(subject=lab(9)).values_list("kind", flat=True)) == kinds
    assert {tie.period_start for tie in Tie.objects.filter(subject=lab(9))} == {"2021"}
    assert [lab(number).period_end for number in codes] == ["2020~"] * 5 + ["..", "2020~"]
    before = queries.ties_in(lab(1), actor=PUBLIC, on=dt.date(2020, 1, 1))
    assert not before.filter(kind="merger-of").exists()
    assert queries.ties_in(lab(1), actor=PUBLIC, on=dt.date(2022, 3, 1)).get(kind="merger-of").subject == lab(9)


def test_the_merger_of_a_closed_one_is_kept_and_its_end_stays(tmp_path: Path) -> None:
    merger = {"predecessors": rnsr_id(1), "succession_codes": "F", "succession_years": "2016"}
    rows = [structure(1, closed="2013"), structure(2, **merger)]
    report = load(write_export(tmp_path / "rnsr.csv", rows, [*COLUMNS, "closed"]))
    assert reasons(report) == []
    assert lab(1).period_end == "2013"
    assert Tie.objects.get(kind="merger-of").period_start == "2016"


def test_a_succession_waits_for_a_structure_that_a_later_read_export_brings(tmp_path: Path) -> None:
    merger = {"predecessors": rnsr_id(1), "succession_codes": "F", "succession_years": "2016"}
    first = load(write_export(tmp_path / "new.csv", [structure(2, **merger)]))
    assert (first.pending, PendingTie.objects.get().value) == (1, rnsr_id(1))
    load(write_export(tmp_path / "old.csv", [structure(1, closed="2015")], [*COLUMNS, "closed"]), EARLIER)
    tie = Tie.objects.get(kind="merger-of")
    assert (tie.subject, tie.object, tie.period_start) == (lab(2), lab(1), "2016")
    assert not PendingTie.objects.exists()


def test_what_is_wrong_in_a_row_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    wrong = rnsr_id(8)[:9] + ("A" if rnsr_id(8)[9] != "A" else "B")
    rows = [
        structure(1, rnsr_id=wrong),
        structure(2, label=""),
        structure(3, tutelles="Laboratoire simulé 3", tutelle_uai="", tutelle_siret="", tutelle_acronyms="",
                  tutelle_nature_codes="", tutelle_roles=""),
        structure(4, parents=f"{rnsr_id(4)};{wrong}", website="en construction"),
        structure(5),
        structure(5),
        structure(6, tutelle_uai=uai(1)),
    ]  # fmt: skip
    report = load(write_export(tmp_path / "rnsr.csv", rows))
    assert (report.created, report.refused) == (4, 3)
    told = " ".join(f"{refusal.line} {refusal.part} {refusal.reason}" for refusal in report.refusals)
    expected = (
        "check letter", "3  ", "no label", "4 tutelle", "supervise itself", "5 parents", "names itself", "web address",
        "7  the same structure stands at line 6", "8 list the column “tutelle_uai”",
    )  # fmt: skip
    for words in expected:
        assert words in told, (words, told)
    assert not Tie.objects.filter(object=lab(3)).exists()


def test_a_structure_that_became_its_own_supervisor_by_a_merge_is_refused(tmp_path: Path) -> None:
    path = write_export(tmp_path / "rnsr.csv", [structure(1)])
    load(path)
    university = Organisation.objects.get(acronym="USIM")
    merge_organisations(actor=ACTOR, at=AT, kept_id=lab(1).pk, absorbed_id=university.pk, reason="Tried.")
    report = load(path)
    assert [part for part, _reason in reasons(report)] == ["tie"]
    assert ties_of(1, "participant") == {"OSR": ("..", LATER)}


def test_parents_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    rows = [structure(1, parents=rnsr_id(2)), structure(2, parents=rnsr_id(3)), structure(3, parents=rnsr_id(1))]
    report = load(write_export(tmp_path / "rnsr.csv", rows))
    assert Tie.objects.filter(kind="part-of").count() == 2
    assert [part for part, _reason in reasons(report)] == ["tie"]
    assert "above itself" in reasons(report)[0][1]


def test_two_structures_may_have_one_unit_number_and_both_are_found_by_it(tmp_path: Path) -> None:
    load(write_export(tmp_path / "rnsr.csv", [structure(1, unit_labels="UMR  77"), structure(2, unit_labels="UMR 77")]))
    assert Name.objects.filter(kind="unit", text="UMR 77").count() == 2
    documents = organisation_documents([lab(1).pk, lab(2).pk])
    assert all("UMR 77" in document.identifiers for document in documents)


@pytest.mark.parametrize("form", ["gzip", "row", "quote"])
def test_a_file_that_is_cut_keeps_what_was_read_and_ends_nothing(tmp_path: Path, form: str) -> None:
    load(write_export(tmp_path / "old.csv", [structure(number) for number in range(1, 3)]), EARLIER)
    rows = [structure(number, address='a "quoted", address') for number in range(10, 400)]
    path = write_export(tmp_path / ("new.csv.gz" if form == "gzip" else "new.csv"), rows)
    content = path.read_bytes()
    places = {"row": b"2004,", "quote": b'"a ""'}
    path.write_bytes(content[: content.index(places[form], 9_000) + 4 if form in places else len(content) // 2])
    with pytest.raises(InvalidFileError, match="damaged or cut after line"):
        load(path)
    assert Organisation.objects.filter(identifiers__scheme="rnsr").count() > 10
    assert set(ResearchStructure.objects.values_list("closed", flat=True)) == {".."}


def test_an_export_of_half_the_register_ends_no_structure(tmp_path: Path) -> None:
    rows = [structure(number) for number in range(1, 21)]
    load(write_export(tmp_path / "old.csv", rows), EARLIER)
    report = load(write_export(tmp_path / "new.csv", rows[:10]))
    assert (report.partial, report.ended) == (1, 0)
    assert set(ResearchStructure.objects.values_list("closed", flat=True)) == {".."}


def test_a_stopped_import_goes_on_where_it_was(tmp_path: Path) -> None:
    path = write_export(tmp_path / "rnsr.csv", [structure(number) for number in range(1, 2_101)])

    class StoppedError(Exception):
        pass

    def stop_in(reading: int) -> ProgressCallback:
        def progress(current: int, _share: float) -> None:
            if current == reading:
                raise StoppedError

        return progress

    for reading in (1, 2):
        with pytest.raises(StoppedError):
            import_rnsr(path, actor=ACTOR, at=AT, day=LATER, progress=stop_in(reading))
    report = load(path)
    assert report.resumed_at > 1_000
    assert (report.read, report.created, report.ties) == (2_100, 2_100, 4_200)
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(("name", "day", "expected"), [
    ("rnsr-2022-02-08.csv", "", "2022-02-08"), ("export_20190630.csv.gz", "", "2019-06-30"),
    ("rnsr.csv", "2020-05-04", "2020-05-04"), ("rnsr_2022.csv", "", None), ("rnsr.csv", "last week", None),
    ("rnsr.csv", "2030-01-01", None),
])  # fmt: skip
def test_the_day_of_an_export(name: str, day: str, expected: str | None) -> None:
    if expected:
        assert export_day(Path(name), day, AT.date()) == dt.date.fromisoformat(expected)
    else:
        with pytest.raises(InvalidFileError):
            export_day(Path(name), day, AT.date())


def test_bodies_are_found_by_their_numbers_and_names(tmp_path: Path) -> None:
    by_siren = make_organisation("by-siren", "Tout autre nom", siren=siret(1)[:9])
    by_name = make_organisation("by-name", "Organisme Simulé de la Recherche")
    near = make_organisation("near", "École simulée des mines de Nulle-Part")
    names = "Université simulée;Organisme simulé de recherche;Ecole simulée des mines Nullepart;Univ. simulée"
    row = structure(
        1, tutelles=names, tutelle_siret=f"{siret(1)};{siret(2)};;", tutelle_uai=f"{uai(1)};{uai(2)};;{uai(1)}",
        tutelle_roles="TUTE;TUTE;TUTE;PART", tutelle_acronyms="", tutelle_nature_codes="",
    )  # fmt: skip
    report = load(write_export(tmp_path / "rnsr.csv", [row]))
    supervisors = set(Tie.objects.filter(object=lab(1), kind="tutelle").values_list("subject__key", flat=True))
    assert {by_siren.key, by_name.key} < supervisors
    assert Tie.objects.get(object=lab(1), kind="participant").subject == by_siren
    assert set(by_name.identifiers.values_list("scheme", flat=True)) == {"siret", "uai"}
    assert report.bodies == 1
    pair = Lookalike.objects.get(organisation=near)
    assert pair.incoming.name_fr == "Ecole simulée des mines Nullepart"
    assert "Near names" in lookalike_reason_text(pair.reasons[0])


def make_organisation(key: str, name: str, **fields: str) -> Organisation:
    numbers = {scheme: fields.pop(scheme) for scheme in ("siren", "rnsr", "ror", "grid") if scheme in fields}
    organisation = Organisation(key=key, kind="other", name_fr=name, **{"country": "FR", **fields})
    organisation.save()
    for scheme, value in numbers.items():
        Identifier(organisation=organisation, scheme=scheme, value=value).save()
    return organisation


def test_a_structure_that_its_number_names_here_is_completed_and_keeps_its_names(tmp_path: Path) -> None:
    here = make_organisation("here", "Le labo", rnsr=rnsr_id(1), city="Ailleurs")
    load(write_export(tmp_path / "rnsr.csv", [structure(1)]))
    found = lab(1)
    assert (found.pk, found.name_fr, found.city, found.region) == (here.pk, "Le labo", "Ailleurs", "FR-PDL")
    assert (found.acronym, found.period_start) == ("LS1", "2004")
    assert found.names.get(kind="alias").text == "Laboratoire simulé 1"
    assert ties_of(1) == {"USIM": ("..", LATER)}


def test_a_structure_that_may_be_here_goes_to_review_with_the_reasons(tmp_path: Path) -> None:
    by_name = make_organisation("by-name", "Laboratoire simule 1", city="Nulle-Part-sur-Mer")
    by_grid = make_organisation("by-grid", "Another name", grid="grid.12.3f")
    make_organisation("elsewhere", "Laboratoire simulé 12", city="Ailleurs")
    row = structure(1, grid="grid.12.3f")
    report = load(write_export(tmp_path / "rnsr.csv", [row], [*COLUMNS, "grid"]))
    pairs = {pair.organisation: [reason["reason"] for reason in pair.reasons] for pair in Lookalike.objects.all()}
    assert pairs == {by_name: ["name", "town"], by_grid: ["identifier"]}
    assert report.lookalikes == 2
    assert load(write_export(tmp_path / "rnsr.csv", [row], [*COLUMNS, "grid"])).lookalikes == 0


def test_links_to_ror_are_proposals_with_their_ground(tmp_path: Path) -> None:
    load(write_export(tmp_path / "rnsr.csv", [structure(1), structure(2)]))
    here = make_organisation("in-ror", "A laboratory", ror=ror_id(1), city="Ailleurs")
    path = tmp_path / "links.csv"
    path.write_text(
        "rnsr_id,ror_id,by,same_town,n_rnsr_for_ror\n"
        f"{rnsr_id(1)},{ror_id(1)},grid,True,1\n{rnsr_id(2)},{ror_id(1)},exact label,False,2\n"
        f"{rnsr_id(3)},{ror_id(1)},grid,True,1\n{rnsr_id(1)},012345678,grid,True,1\n"
    )
    links = import_links(path, actor=ACTOR, at=AT)
    assert (links.new, len(links.absent), len(links.refusals)) == (2, 1, 1)
    texts = {
        pair.incoming.pk: [lookalike_reason_text(reason) for reason in pair.reasons]
        for pair in Lookalike.objects.filter(organisation=here)
    }
    assert "same GRID" in texts[lab(1).pk][0]
    assert len(texts[lab(2).pk]) == 3
    again = import_links(path, actor=ACTOR, at=AT)
    assert (again.new, again.known) == (0, 2)
    with pytest.raises(InvalidFileError, match="ror_id"):
        import_links(write_export(tmp_path / "rnsr.csv", [structure(1)]), actor=ACTOR, at=AT)


def test_searches_find_the_newer_by_the_names_of_the_older_which_tells_who_followed(tmp_path: Path) -> None:
    merger = {"predecessors": f"{rnsr_id(1)};{rnsr_id(9)}", "succession_codes": "F;F", "succession_years": "2016;2016"}
    rows = [structure(1, closed="2015"), structure(2, **merger)]
    load(write_export(tmp_path / "rnsr.csv", rows, [*COLUMNS, "closed"]))
    (document,) = organisation_documents([lab(2).pk])
    former = {name.text: name.until for name in document.names}
    assert former["Laboratoire simulé 1"] == dt.date(2016, 1, 1)
    assert rnsr_id(9) in document.identifiers
    shown = visible_organisations([lab(1).pk], PUBLIC, dt.date(2020, 1, 1))
    assert "now LS2" in shown[lab(1).pk].place
    assert "now" not in visible_organisations([lab(1).pk], PUBLIC, dt.date(2014, 1, 1))[lab(1).pk].place


# Successions of the real register: the older, the newer, the kind, the year, whether the older goes on.
SUCCESSIONS = [
    ("199912477W", "201621976X", "merger-of", "2016", False),
    ("200112512A", "201621976X", "merger-of", "2016", False),
    ("200114706K", "201822694U", "parts-of", "2018", False),
    ("200312800E", "201622145F", "split-of", "2016", False),
    ("200114714U", "200612557C", "absorbs", "2018", False),
    ("200012161Y", "201722568L", "successor", "2017", False),
    ("199213368V", "200412248A", "absorbs", "2022", False),
    ("199712090J", "202224202R", "split-of", "2022", False),
    ("199911798H", "202224195H", "merger-of", "2022", False),
    ("201220436R", "202224191D", "spun-off", "2022", True),
]


def test_ten_successions_of_the_real_register_on_two_days() -> None:
    earlier, later = (shared_data("rnsr", f"rnsr_{name}.csv.gz") for name in ("2019_with_closed", "active_2022"))
    assert load(earlier, EARLIER).refused == 0
    report = load(later, LATER)
    assert (report.refused, report.partial) == (0, 0)
    for older, newer, kind, year, goes_on in SUCCESSIONS:
        found = Organisation.objects.get(identifiers__scheme="rnsr", identifiers__value=older)
        tie = Tie.objects.get(object=found, kind=kind, subject__identifiers__value=newer)
        assert tie.period_start == year, older
        for day in (dt.date(2020, 1, 1), AT.date()):
            followed = year <= str(day.year)
            seen = queries.ties_in(found, actor=PUBLIC, on=day).filter(pk=tie.pk).exists()
            assert seen is followed, (older, day)
            expected = TruthOnDay.YES if not followed or goes_on else TruthOnDay.NO
            assert found.in_force(day) is expected, (older, day)
