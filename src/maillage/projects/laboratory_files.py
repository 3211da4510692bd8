"""Evidence from open data as it lies: the register RNSR, projects of the ANR and of CORDIS, past needs.

A folder holds `rnsr`, `anr`, `cordis` and `french_needs`; of these only `rnsr` must be there.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from maillage.core.french_regions import region_of, region_of_postal_code
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
from maillage.matching.text import fold

ACTIVE: Final = "rnsr/rnsr_active_2022.csv.gz"
CLOSED: Final = "rnsr/rnsr_2019_with_closed.csv.gz"
ANR_PROJECTS: Final = "anr/anr_projects_2010_2022.csv.gz"
ANR_PARTNERS: Final = "anr/anr_partners_2010_2022.csv.gz"
NEEDS: Final = "french_needs/needs_2002_2018.csv.gz"
CORDIS: Final = "cordis/{}.csv.gz"
EUROVOC: Final = "eurovoc_fr_en/eurovoc_concepts_fr_en.csv.gz"

_COMPANIES: Final = {"PME", "TPE", "Entreprise autre que TPE ou PME", "Entreprises Privées"}
_JOINT: Final = ("LCV", "LCD", "LabCom")
_MAX_FIELD: Final = 10_000_000
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_SMALL_WORDS: Final = {"de", "la", "le", "les", "des", "du", "d", "l", "et", "en", "pour", "of", "the", "and"}

Row = dict[str, str]


class InvalidDataFileError(ValueError):
    """A file of the data that cannot be read; the message names the file and the remedy."""


def read_rows(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    """The rows of a CSV file, compressed or not. Raises `InvalidDataFileError` if it or a column is missing."""
    try:
        with (
            fields_up_to(_MAX_FIELD),
            gzip.open(path, "rt", encoding="utf-8-sig", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig", newline="") as file,
        ):
            reader = csv.DictReader(file)
            if missing := set(columns) - set(reader.fieldnames or ()):
                what = _("%(file)s has no column %(column)s. Give the file as it was published.")
                raise InvalidDataFileError(what % {"file": path, "column": min(missing)})
            yield from reader
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        what = _("%(file)s cannot be read (%(reason)s). Check the path, or fetch the file again.")
        raise InvalidDataFileError(what % {"file": path, "reason": error}) from error


def read_evidence(folder: Path) -> LaboratoryEvidence:
    """All evidence of a folder."""
    laboratories = tuple(read_laboratories(folder))
    return LaboratoryEvidence(
        laboratories=laboratories,
        projects=tuple(read_anr_projects(folder)),
        supervisor_projects=tuple(read_cordis_projects(folder, laboratories)),
        needs=tuple(read_answered_needs(folder / NEEDS)),
    )


def read_laboratories(folder: Path) -> list[Laboratory]:
    """The structures of the newest export, and those of the older one that are no longer in it."""
    active = {row["rnsr_id"]: row for row in read_rows(folder / ACTIVE, ("rnsr_id", "label"))}
    older = {row["rnsr_id"]: row for row in read_rows(folder / CLOSED, ("rnsr_id", "label", "closed"))}
    rows = [active.get(key) or older[key] for key in sorted(active.keys() | older.keys())]
    regions = _regions_by_town(rows)
    return [_laboratory(row, regions) for row in rows]


def _laboratory(row: Row, regions: dict[str, str]) -> Laboratory:
    town = _town(row["town"])
    return Laboratory(
        key=row["rnsr_id"],
        label=row["label"],
        acronym=row["acronym"],
        fields=_items(row.get("domains")),
        panels=_items(row.get("erc_codes")),
        panel_text=row.get("erc_panels") or "",
        town=town,
        region=region_of_postal_code(row["postal_code"]) or regions.get(town, ""),
        supervisors=_items(row["tutelles"]),
        supervisor_acronyms=_items(row["tutelle_acronyms"]),
        kind=row.get("type") or "",
        level=int(row.get("level") or 2),
        created=_year(row["created"]),
        closed=_year(row.get("closed")),
        predecessors=_items(row.get("predecessors")),
        parts=_items(row.get("children")),
    )


def _items(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.strip() for item in (cell or "").split(";") if item.strip()))


def _year(cell: str | None) -> int | None:
    return int(cell[:4]) if cell and cell[:4].isdecimal() else None


def _town(cell: str) -> str:
    """A town without CEDEX and its number, in capitals as its words begin."""
    return re.sub(r"\s+", " ", re.sub(r"(?i)\bcedex\b.*|\d+.*$", "", cell)).strip().title()


def _regions_by_town(rows: Iterable[Row]) -> dict[str, str]:
    """The region of each town, from the laboratories whose postal code is known."""
    return {_town(row["town"]): region for row in rows if (region := region_of_postal_code(row["postal_code"]))}


def read_anr_projects(folder: Path) -> Iterator[LaboratoryProject]:
    """The projects with a laboratory of the register; nothing if the files are not there."""
    if not (folder / ANR_PROJECTS).exists():
        return
    laboratories: dict[str, dict[str, None]] = defaultdict(dict)
    companies: set[str] = set()
    for row in read_rows(folder / ANR_PARTNERS, ("project_id", "category", "rnsr_id")):
        if row["rnsr_id"]:
            laboratories[row["project_id"]][row["rnsr_id"]] = None
        if row["category"] in _COMPANIES:
            companies.add(row["project_id"])
    for row in read_rows(folder / ANR_PROJECTS, ("project_id", "year", "programme", "theme_fr", "rare_stems")):
        key, joint = row["project_id"], row["programme"].startswith(_JOINT)
        if key in laboratories:
            yield LaboratoryProject(
                key=key,
                year=int(row["year"]),
                laboratories=tuple(laboratories[key]),
                texts=(row["theme_fr"], row["rare_stems"]),
                programme=row["programme"],
                company=joint or key in companies,
                joint=joint,
            )


def read_cordis_projects(folder: Path, laboratories: Iterable[Laboratory]) -> Iterator[SupervisorProject]:
    """The projects of supervising bodies, found among French organisations by their names."""
    if not (folder / CORDIS.format("projects")).exists():
        return
    supervisors = _supervisors_by_name(laboratories)
    organisations = {
        row["organisation_id"]: name
        for row in read_rows(folder / CORDIS.format("organisations"), ("organisation_id", "legal_name", "country"))
        if row["country"] == "FR" and (name := supervisors.get(_key(row["legal_name"]), ""))
    }
    taking_part: dict[str, dict[str, None]] = defaultdict(dict)
    for row in read_rows(folder / CORDIS.format("participations"), ("project_id", "organisation_id")):
        if row["organisation_id"] in organisations:
            taking_part[row["project_id"]][organisations[row["organisation_id"]]] = None
    for row in read_rows(folder / CORDIS.format("projects"), ("project_id", "title", "objective")):
        if row["project_id"] in taking_part:
            year = int((row["ec_signature_date"] or row["start_date"])[:4])
            text = f"{row['title']} {row['keywords']} {row['objective']}"
            yield SupervisorProject(row["project_id"], year, tuple(taking_part[row["project_id"]]), text)


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
    return " ".join(sorted({word for word in _NO_WORD.split(fold(name)) if word} - _SMALL_WORDS))


def read_answered_needs(path: Path) -> Iterator[AnsweredNeed]:
    """Past needs with the laboratories found for them; nothing if the file is not there."""
    if not path.exists():
        return
    for row in read_rows(path, ("need", "year", "region", "domain", "labs", "text")):
        yield AnsweredNeed(
            key=row["need"],
            year=int(row["year"]),
            text=row["text"],
            laboratories=_items(row["labs"]),
            asker=Asker(region_of(row["region"]), row["domain"]),
        )
