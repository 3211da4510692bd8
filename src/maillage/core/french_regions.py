"""Regions of France by the codes of ISO 3166-2, from those of INSEE, from postal codes and from names; and NUTS."""

from typing import Final, NamedTuple

from maillage.core.text import fold


class _Region(NamedTuple):
    """`insee` is the code of the official list, `departments` are beginnings of postal codes."""

    iso: str
    nuts: str
    insee: str
    departments: str
    name: str


_REGIONS: Final = (
    _Region("FR-ARA", "FRK", "84", "01 03 07 15 26 38 42 43 63 69 73 74", "Auvergne-Rhône-Alpes"),
    _Region("FR-BFC", "FRC", "27", "21 25 39 58 70 71 89 90", "Bourgogne-Franche-Comté"),
    _Region("FR-BRE", "FRH", "53", "22 29 35 56", "Bretagne"),
    _Region("FR-CVL", "FRB", "24", "18 28 36 37 41 45", "Centre-Val de Loire"),
    _Region("FR-20R", "FRM", "94", "20", "Corse"),
    _Region("FR-GES", "FRF", "44", "08 10 51 52 54 55 57 67 68 88", "Grand Est"),
    _Region("FR-HDF", "FRE", "32", "02 59 60 62 80", "Hauts-de-France"),
    _Region("FR-IDF", "FR1", "11", "75 77 78 91 92 93 94 95", "Île-de-France"),
    _Region("FR-NOR", "FRD", "28", "14 27 50 61 76", "Normandie"),
    _Region("FR-NAQ", "FRI", "75", "16 17 19 23 24 33 40 47 64 79 86 87", "Nouvelle-Aquitaine"),
    _Region("FR-OCC", "FRJ", "76", "09 11 12 30 31 32 34 46 48 65 66 81 82", "Occitanie"),
    _Region("FR-PDL", "FRG", "52", "44 49 53 72 85", "Pays de la Loire"),
    _Region("FR-PAC", "FRL", "93", "04 05 06 13 83 84", "Provence-Alpes-Côte d’Azur"),
    _Region("FR-971", "FRY1", "01", "971", "Guadeloupe"),
    _Region("FR-972", "FRY2", "02", "972", "Martinique"),
    _Region("FR-973", "FRY3", "03", "973", "Guyane"),
    _Region("FR-974", "FRY4", "04", "974", "La Réunion"),
    _Region("FR-976", "FRY5", "06", "976", "Mayotte"),
    _Region("FR-PF", "", "D987", "987", "Polynésie française"),
    _Region("FR-NC", "", "D988", "988", "Nouvelle-Calédonie"),
)
_BY_INSEE: Final = {region.insee: region for region in _REGIONS}
_BY_DEPARTMENT: Final = {department: region for region in _REGIONS for department in region.departments.split()}
_BY_NAME: Final = {fold(region.name): region for region in _REGIONS}
_CODES: Final = frozenset(region.iso for region in _REGIONS)


def region_of_postal_code(code: str) -> str:
    """The region of a French postal code; empty for any other text."""
    code = code.strip()
    if len(code) != 5 or not code.isdecimal():
        return ""
    region = _BY_DEPARTMENT.get(code[:3]) or _BY_DEPARTMENT.get(code[:2])
    return region.iso if region else ""


def region_of(words: str) -> str:
    """The region of a code (ISO 3166-2, or of INSEE with or without an R before it) or of a name; empty if unknown."""
    code = words.strip().upper()
    if code in _CODES:
        return code
    region = _BY_INSEE.get(code.removeprefix("R")) or _BY_NAME.get(fold(words))
    return region.iso if region else ""


def nuts_of_name(name: str) -> str:
    """The NUTS code of the region of this name; empty if there is none."""
    region = _BY_NAME.get(fold(name))
    return region.nuts if region else ""
