"""A small folder in the form of the ANR, made up: what each test needs, and nothing else."""

import csv
import gzip
from pathlib import Path
from typing import Any

PROJECT = {
    "project_id": "ANR-18-CE18-0001", "acronym": "ALPHA", "partners": "1", "labs": "1", "year": "2018",
    "programme": "CE18", "theme_fr": "Innovation biomédicale", "discipline": "Medecine",
    "rare_stems": "leukemia stress",
}  # fmt: skip
PARTNER = {
    "project_id": "ANR-18-CE18-0001", "acronym": "ALPHA", "partner_id": "ANR-18-CE18-0001-01", "coordinator": "True",
    "organisation": "Institut des Cellules", "category": "Laboratoire public", "rnsr_id": "", "town": "Lyon",
    "region": "Auvergne-Rhône-Alpes", "country": "France",
}  # fmt: skip
INVESTMENT = {
    "project_id": "ANR-10-LABX-0002", "start": "2011-04-13 00:00:00", "edition": "2010", "action_fr": "LABX",
    "acronym": "MER", "title_fr": "Les vagues de la mer et des îles", "summary_fr": "", "amount_eur": "9000000",
}  # fmt: skip
INVESTMENT_PARTNER = {
    "project_id": "ANR-10-LABX-0002", "edition": "2010", "acronym": "MER", "partner_id": "ANR-10-LABX-0002-01",
    "coordinator": "True", "organisation": "Université de Nulle Part", "category": "Universités, INSA et INP",
    "town": "Brest", "region": "Bretagne", "country": "France",
}  # fmt: skip
_FILES = {
    "anr_projects": PROJECT,
    "anr_partners": PARTNER,
    "anr_pia_projects": INVESTMENT,
    "anr_pia_partners": INVESTMENT_PARTNER,
}

Changes = dict[str, Any]


def write_anr_folder(folder: Path, *, zipped: bool = False, years: str = "", **files: list[Changes]) -> Path:
    """A folder of the four files. Each row is a file's plain one, with the values changed that are given."""
    for name, plain in _FILES.items():
        write_anr_file(folder, f"{name}{years}", [plain | changes for changes in files.get(name, [{}])], zipped=zipped)
    return folder


def write_anr_file(folder: Path, name: str, rows: list[Changes], *, zipped: bool = False) -> Path:
    """One file of rows, the columns of the first one named above them."""
    path = folder / (f"{name}.csv.gz" if zipped else f"{name}.csv")
    with gzip.open(path, "wt", encoding="utf-8", newline="") if zipped else path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else list(next(v for k, v in _FILES.items() if k in name)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def partner(number: int, **changes: str) -> Changes:
    """The changes of a further partner of the plain project."""
    return {"partner_id": f"ANR-18-CE18-0001-{number:02}", "coordinator": "False"} | changes
