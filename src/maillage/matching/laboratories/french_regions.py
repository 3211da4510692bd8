"""Regions of France: codes of ISO 3166-2 from those of INSEE, from postal codes and from names."""

from __future__ import annotations

from typing import Final

from maillage.matching.text import fold

_REGIONS: Final = """
FR-ARA 84 01 03 07 15 26 38 42 43 63 69 73 74: Auvergne-Rhône-Alpes
FR-BFC 27 21 25 39 58 70 71 89 90: Bourgogne-Franche-Comté
FR-BRE 53 22 29 35 56: Bretagne
FR-CVL 24 18 28 36 37 41 45: Centre-Val de Loire
FR-20R 94 20: Corse
FR-GES 44 08 10 51 52 54 55 57 67 68 88: Grand Est
FR-HDF 32 02 59 60 62 80: Hauts-de-France
FR-IDF 11 75 77 78 91 92 93 94 95: Île-de-France
FR-NOR 28 14 27 50 61 76: Normandie
FR-NAQ 75 16 17 19 23 24 33 40 47 64 79 86 87: Nouvelle-Aquitaine
FR-OCC 76 09 11 12 30 31 32 34 46 48 65 66 81 82: Occitanie
FR-PDL 52 44 49 53 72 85: Pays de la Loire
FR-PAC 93 04 05 06 13 83 84: Provence-Alpes-Côte d’Azur
FR-971 01 971: Guadeloupe
FR-972 02 972: Martinique
FR-973 03 973: Guyane
FR-974 04 974: La Réunion
FR-976 06 976: Mayotte
FR-987 D987 987: Polynésie française
FR-988 D988 988: Nouvelle-Calédonie
"""
"""Code of ISO, code of INSEE, departments (the beginnings of postal codes), name."""

_LINES: Final = [(*line.split(":")[0].split(), line.split(":")[1].strip()) for line in _REGIONS.strip().splitlines()]
_BY_INSEE: Final = {line[1]: line[0] for line in _LINES}
_BY_DEPARTMENT: Final = {department: line[0] for line in _LINES for department in line[2:-1]}


def _plain(name: str) -> str:
    return fold(name).replace("’", "'")


_BY_NAME: Final = {_plain(line[-1]): line[0] for line in _LINES}


def region_of_postal_code(code: str) -> str:
    """The region of a French postal code, empty if it is none."""
    code = code.strip()
    return (_BY_DEPARTMENT.get(code[:3]) or _BY_DEPARTMENT.get(code[:2], "")) if code[:5].isdigit() else ""


def region_of(words: str) -> str:
    """The region of a code (ISO 3166-2, or of INSEE with or without an R before it) or of a name; empty if unknown."""
    code = words.strip()
    return (
        code.upper()
        if code.upper() in _BY_INSEE.values()
        else _BY_INSEE.get(code.upper().removeprefix("R")) or _BY_NAME.get(_plain(code), "")
    )
