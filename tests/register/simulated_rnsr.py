"""Rows in the shape of an export of RNSR, made up for the tests: no such structures or bodies exist."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# The columns of the ministry's export, by those of the compact form; three of them name the head of a structure.
MINISTRY_COLUMNS = {
    "rnsr_id": "numero_national_de_structure",
    "label": "libelle",
    "acronym": "sigle",
    "created": "annee_de_creation",
    "type": "type_de_structure",
    "type_code": "code_de_type_de_structure",
    "level": "code_de_niveau_de_structure",
    "website": "site_web",
    "address": "adresse",
    "postal_code": "code_postal",
    "town": "commune",
    "head_name": "nom_du_responsable",
    "head_first_name": "prenom_du_responsable",
    "head_title": "titre_du_responsable",
    "unit_labels": "label_numero",
    "tutelles": "tutelles",
    "tutelle_acronyms": "sigles_des_tutelles",
    "tutelle_nature_codes": "code_de_nature_de_tutelle",
    "tutelle_uai": "uai_des_tutelles",
    "tutelle_siret": "siret_des_tutelles",
    "tutelle_roles": "code_de_type_de_tutelle",
    "children": "numero_de_structure_enfant",
    "parents": "numero_de_structure_parent",
    "predecessors": "numero_de_structure_historique",
    "succession_codes": "code_de_type_de_succession",
    "succession_years": "annee_d_effet_historique",
    "domain_codes": "code_domaine_scientifique",
    "erc_codes": "code_panel_erc",
}
COLUMNS = [name for name in MINISTRY_COLUMNS if not name.startswith("head_")]
Row = dict[str, str]


def rnsr_id(number: int) -> str:
    """An RNSR number with a right check letter."""
    digits = f"{200000000 + number}"
    return digits + _LETTERS[int(digits) % 23]


def uai(number: int) -> str:
    """A UAI number with a right check letter."""
    digits = f"{9900000 + number}"
    return digits + _LETTERS[int(digits) % 23]


def siret(number: int) -> str:
    """A SIRET with right check digits."""
    siren = _with_luhn(f"9{number:07d}")
    return _with_luhn(f"{siren}0001")


def _with_luhn(digits: str) -> str:
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


def structure(number: int, **changes: str) -> Row:
    """A mixed unit of an invented university and an invented research body."""
    return {
        "rnsr_id": rnsr_id(number),
        "label": f"Laboratoire simulé {number}",
        "acronym": f"LS{number}",
        "created": "2004",
        "type": "Unité mixte",
        "type_code": "22",
        "level": "2",
        "website": f"http://lab{number}.example",
        "address": "2 rue de Nulle-Part",
        "postal_code": "44322",
        "town": "NULLE-PART-SUR-MER CEDEX 3",
        "unit_labels": f"UMR {9900 + number};UMR {9900 + number}",
        "tutelles": "Université simulée;Organisme simulé de recherche",
        "tutelle_acronyms": "USIM;OSR",
        "tutelle_nature_codes": "UNIV;EPST",
        "tutelle_uai": f"{uai(1)};{uai(2)}",
        "tutelle_siret": f"{siret(1)};{siret(2)}",
        "tutelle_roles": "TUTE;PART",
        "domain_codes": "5;8",
        "erc_codes": "LS7",
        **changes,
    }


def write_export(path: Path, rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Path:
    """Write rows in the compact form, gzipped where the name of the file says so."""
    return _write(path, _csv(rows, {name: name for name in columns}, ","))


def write_ministry_export(path: Path, rows: Iterable[Row], columns: Sequence[str] = tuple(MINISTRY_COLUMNS)) -> Path:
    """Write rows in the form of the ministry's own export."""
    return _write(path, _csv(rows, {name: MINISTRY_COLUMNS[name] for name in columns}, ";"))


def _csv(rows: Iterable[Row], columns: dict[str, str], delimiter: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(columns.values())
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return stream.getvalue().encode()


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
