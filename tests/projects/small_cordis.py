"""A small folder in the form of CORDIS, made up: what each test needs, and nothing else."""

import csv
import gzip
from pathlib import Path
from typing import Any

PROJECT = {
    "project_id": "101", "acronym": "ALPHA", "title": "Cells under stress", "objective": "How cells answer stress.",
    "keywords": "cells, stress; answer", "status": "SIGNED", "start_date": "2022-09-01", "end_date": "2025-08-31",
    "ec_signature_date": "2022-05-12", "total_cost": "2000.50", "ec_max_contribution": "1500", "master_call": "CALL-1",
    "topic_id": "CALL-1-01", "topic_title": "Stress", "funding_scheme": "HORIZON-RIA", "legal_basis": "HORIZON.2.1",
}  # fmt: skip
PARTY = {
    "organisation_id": "901", "legal_name": "INSTITUT DES CELLULES", "short_name": "IDC", "vat": "", "sme": "false",
    "activity_type": "REC", "city": "Lyon", "country": "FR", "url": "", "geolocation": "45.76,4.83", "nuts": "FRK26",
}  # fmt: skip
PARTICIPATION = {
    "project_id": "101", "organisation_id": "901", "role": "coordinator", "order": "1", "ec_contribution": "900",
    "total_cost": "1000", "terminated": "false",
}  # fmt: skip
SUBJECT = {"project_id": "101", "title": "/natural sciences/biology"}
_LISTS = {
    "projects": PROJECT,
    "organisations": PARTY,
    "participations": PARTICIPATION,
    "project_euroscivoc": SUBJECT,
}

Changes = dict[str, Any]


def write_folder(folder: Path, *, zipped: bool = False, **lists: list[Changes]) -> Path:
    """A folder of the four files. Each row is a list's plain one, with the values changed that are given."""
    for name, plain in _LISTS.items():
        write_sheet(folder, name, [plain | changes for changes in lists.get(name, [{}])], zipped=zipped)
    return folder


def write_sheet(folder: Path, name: str, rows: list[Changes], *, zipped: bool = False) -> Path:
    """One file of rows, the columns of the first one named above them."""
    path = folder / (f"{name}.csv.gz" if zipped else f"{name}.csv")
    with gzip.open(path, "wt", encoding="utf-8", newline="") if zipped else path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0] if rows else _LISTS[name]))
        writer.writeheader()
        writer.writerows(rows)
    return path
