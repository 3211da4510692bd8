"""Evidence for the ranking of laboratories from open data as it lies, read as the imports read it.

A folder holds `rnsr`, `anr`, `cordis` and `french_needs`; of these only `rnsr` must be there.
"""

import contextlib
import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from maillage.core.french_regions import region_of
from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.core.text import fold
from maillage.csv_fields import fields_up_to
from maillage.language import gettext as _
from maillage.matching.laboratories.evidence import (
    AnsweredNeed,
    Asker,
    Laboratory,
    LaboratoryEvidence,
    LaboratoryProject,
    SupervisorProject,
)
from maillage.projects.anr.reader import AnrReader
from maillage.projects.cordis.reader import CordisReader
from maillage.projects.folder_load import read_records
from maillage.projects.models import PartyKind, ProjectKind
from maillage.projects.records import FunderRecord, ParticipationRecord, PartyRecord, ProjectRecord
from maillage.register.rnsr import file_reader as rnsr_files
from maillage.register.rnsr.records import Structure, parse_structure, split_list

ACTIVE: Final = "rnsr/rnsr_active_2022.csv.gz"
CLOSED: Final = "rnsr/rnsr_2019_with_closed.csv.gz"
NEEDS: Final = "french_needs/needs_2002_2018.csv.gz"
EUROVOC: Final = "eurovoc_fr_en/eurovoc_concepts_fr_en.csv.gz"

_NEED_COLUMNS: Final = ("need", "year", "region", "domain", "labs", "text")
_PANEL_NAMES: Final = "erc_panels"
_LATEST: Final = "9999-12-31"
_MAX_FIELD: Final = 10_000_000
_SMALL_WORDS: Final = {"de", "la", "le", "les", "des", "du", "d", "l", "et", "en", "pour", "of", "the", "and"}

Row = dict[str, str]


def read_evidence(folder: Path) -> LaboratoryEvidence:
    """All evidence of a folder. Raises `InvalidFileError` where a file is missing or cannot be read."""
    laboratories = tuple(read_laboratories(folder))
    return LaboratoryEvidence(
        laboratories=laboratories,
        projects=tuple(read_anr_projects(folder)),
        supervisor_projects=tuple(read_cordis_projects(folder, laboratories)),
        needs=tuple(read_answered_needs(folder / NEEDS)),
    )


def read_laboratories(folder: Path) -> list[Laboratory]:
    """The structures of the newest export, and those of the older one that are no longer in it."""
    active, older = _structures(folder / ACTIVE), _structures(folder / CLOSED)
    rows = [active.get(key) or older[key] for key in sorted(active.keys() | older.keys())]
    regions = {structure.city: structure.region for structure, _row in rows if structure.region}
    return [_laboratory(structure, row, regions) for structure, row in rows]


def _structures(path: Path) -> dict[str, tuple[Structure, Row]]:
    """The structures of an export by their numbers, each with its row; rows that are refused are left out."""
    found: dict[str, tuple[Structure, Row]] = {}
    try:
        for line, row in rnsr_files.read_rows(path, optional=(_PANEL_NAMES,)):
            if isinstance(row, dict):
                with contextlib.suppress(RowError):
                    structure = parse_structure(line, row, _LATEST)
                    found[structure.rnsr] = structure, row
    except OSError as error:
        raise InvalidFileError(_unreadable(path, error)) from error
    return found


def _laboratory(structure: Structure, row: Row, regions: dict[str, str]) -> Laboratory:
    return Laboratory(
        key=structure.rnsr,
        label=structure.label,
        acronym=structure.acronym,
        fields=tuple(structure.domains),
        panels=tuple(structure.erc_panels),
        panel_text=row.get(_PANEL_NAMES, ""),
        town=structure.city,
        region=structure.region or regions.get(structure.city, ""),
        supervisors=_items(row, "tutelles"),
        supervisor_acronyms=_items(row, "tutelle_acronyms"),
        kind=structure.structure_type,
        level=structure.level or 2,
        created=_year(structure.created),
        closed=_year(structure.closed),
        predecessors=_items(row, "predecessors"),
        parts=_items(row, "children"),
    )


def _items(row: Row, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, split_list(row.get(column)))))


def _year(date: str) -> int | None:
    return int(date[:4]) if date[:4].isdecimal() else None


class _Consortia:
    """The parties of the projects of a folder; the projects, which are longer, are streamed."""

    def __init__(self, funder: type[AnrReader] | type[CordisReader], folder: Path) -> None:
        self._funder, self._folder = funder, folder
        self._parties: dict[str, PartyRecord] = {}
        self._parties_by_project: dict[str, dict[str, None]] = defaultdict(dict)
        for record in self._records(PartyRecord, ParticipationRecord):
            match record:
                case PartyRecord():
                    self._parties[record.number] = record
                case ParticipationRecord():
                    self._parties_by_project[record.project][record.party] = None

    def __iter__(self) -> Iterator[tuple[ProjectRecord, list[PartyRecord]]]:
        """Each project with its parties, in the order of its rows."""
        for record in self._records(ProjectRecord):
            if isinstance(record, ProjectRecord):
                numbers = self._parties_by_project[record.number]
                yield record, [self._parties[number] for number in numbers if number in self._parties]

    def _records(self, *wanted: type[FunderRecord]) -> Iterator[FunderRecord]:
        return read_records(self._funder(), self._folder, wanted) if self._folder.is_dir() else iter(())


def read_anr_projects(folder: Path) -> Iterator[LaboratoryProject]:
    """The projects with a laboratory of the register; nothing if the files are not there."""
    for project, parties in _Consortia(AnrReader, folder / "anr"):
        joint = project.kind == ProjectKind.JOINT_LABORATORY
        if laboratories := tuple(dict.fromkeys(party.rnsr for party in parties if party.rnsr)):
            yield LaboratoryProject(
                key=project.number,
                year=project.year or 0,
                laboratories=laboratories,
                texts=(project.committee_title, " ".join(project.stems)),
                programme=project.call,
                company=joint or any(party.kind == PartyKind.PRC for party in parties),
                joint=joint,
            )


def read_cordis_projects(folder: Path, laboratories: Iterable[Laboratory]) -> Iterator[SupervisorProject]:
    """The projects of supervising bodies, found among French organisations by their names."""
    supervisors = _supervisors_by_name(laboratories)
    for project, parties in _Consortia(CordisReader, folder / "cordis"):
        names = (supervisors.get(_key(party.name), "") for party in parties if party.country == "FR")
        if bodies := tuple(dict.fromkeys(filter(None, names))):
            text = f"{project.title} {', '.join(project.keywords)} {project.objective}"
            yield SupervisorProject(project.number, _project_year(project), bodies, text)


def _project_year(project: ProjectRecord) -> int:
    return project.signed_on.year if project.signed_on else project.year or _year(project.period_start) or 0


def _supervisors_by_name(laboratories: Iterable[Laboratory]) -> dict[str, str]:
    names: dict[str, str] = {}
    for laboratory in laboratories:
        acronyms = laboratory.supervisor_acronyms or laboratory.supervisors
        for name, acronym in zip(laboratory.supervisors, acronyms, strict=False):
            names.setdefault(_key(name), name)
            names.setdefault(_key(f"{name} {acronym}"), name)
    return names


def _key(name: str) -> str:
    """A name as the sorted words that distinguish it."""
    return " ".join(sorted(set(fold(name).split()) - _SMALL_WORDS))


def read_answered_needs(path: Path) -> Iterator[AnsweredNeed]:
    """Past needs with the laboratories found for them; nothing if the file is not there."""
    for row in _need_rows(path) if path.exists() else ():
        yield AnsweredNeed(
            key=row["need"],
            year=int(row["year"]),
            text=row["text"],
            laboratories=_items(row, "labs"),
            asker=Asker(region_of(row["region"]), row["domain"]),
        )


def _need_rows(path: Path) -> Iterator[Row]:
    try:
        with fields_up_to(_MAX_FIELD), gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(_NEED_COLUMNS) - set(reader.fieldnames or ()):
                what = _("%(file)s has no column %(column)s. Give the file as it was published.")
                raise InvalidFileError(what % {"file": path, "column": min(missing)})
            yield from reader
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidFileError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: Exception) -> str:
    what = _("%(file)s cannot be read (%(reason)s). Check the path, or fetch the file again.")
    return what % {"file": path, "reason": error}
