"""Records in the shape of ROR, made up for the tests: no such bodies exist."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def ror_id(number: int) -> str:
    """A ROR identifier with a right checksum."""
    text = "".join(_DIGITS[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))
    value = 0
    for character in f"0{text}":
        value = value * 32 + _DIGITS.index(character)
    return f"0{text}{98 - value * 100 % 97:02d}"


def ror_name(value: str, *types: str, lang: str | None = None) -> dict[str, Any]:
    return {"value": value, "types": list(types) or ["ror_display", "label"], "lang": lang}


def ror_relation(kind: str, number: int, label: str = "") -> dict[str, Any]:
    return {"type": kind, "id": f"https://ror.org/{ror_id(number)}", "label": label or f"Body {number}"}


def ror_record(number: int, **changes: Any) -> dict[str, Any]:
    """A record of schema 2."""
    place = {"name": "Nowhere", "country_code": "FR", "lat": 45.5, "lng": 3.25}
    return {
        "id": f"https://ror.org/{ror_id(number)}",
        "names": [ror_name(f"Simulated Body {number}", lang="en")],
        "types": ["education"],
        "status": "active",
        "established": 1900 + number % 100,
        "locations": [{"geonames_details": place}],
        "links": [{"type": "website", "value": f"https://body{number}.example"}],
        "external_ids": [],
        "relationships": [],
        "admin": {"last_modified": {"date": "2026-02-24"}},
        **changes,
    }


def ror_record_of_schema_1(number: int, **changes: Any) -> dict[str, Any]:
    """A record of schema 1, as older releases have it."""
    return {
        "id": f"https://ror.org/{ror_id(number)}",
        "name": f"Simulated Body {number}",
        "aliases": [],
        "acronyms": [],
        "labels": [],
        "types": ["Facility"],
        "status": "active",
        "established": None,
        "addresses": [{"city": "Nowhere", "lat": 45.5, "lng": 3.25}],
        "country": {"country_code": "FR"},
        "links": [f"https://body{number}.example"],
        "external_ids": {},
        "relationships": [],
        **changes,
    }


def write_json_lines(path: Path, rows: Iterable[dict[str, Any] | str | bytes]) -> Path:
    """Write records, or raw lines, as JSON Lines."""
    with path.open("wb") as file:
        for row in rows:
            raw = json.dumps(row, ensure_ascii=False) if isinstance(row, dict) else row
            file.write((raw.encode() if isinstance(raw, str) else raw) + b"\n")
    return path


def ror_network(count: int) -> list[dict[str, Any]]:
    """A made-up register: a tree of bodies with acronyms, old names, identifiers, and some relations to absent ones."""
    rows = []
    for number in range(1, count + 1):
        relations = [ror_relation("parent", number // 3)] if number > 3 else []
        relations += [ror_relation("child", child) for child in range(3 * number, 3 * number + 3) if child <= count]
        if number % 7 == 0:
            relations.append(ror_relation("related", number - 1))
        if number % 11 == 0:
            relations.append(ror_relation("related", 100_000 + number))
        names = [ror_name(f"Simulated Body {number}", lang="en"), ror_name(f"SB{number}", "acronym")]
        ids = [{"type": "grid", "all": [f"grid.{number}.1"], "preferred": None}]
        rows.append(ror_record(number, names=names, relationships=relations, external_ids=ids))
    return rows
