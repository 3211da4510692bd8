"""Countries and their regions, by ISO 3166."""

import functools

from maillage.core.text import fold


@functools.lru_cache(maxsize=10_000)
def region_name(code: str) -> str:
    """The name of a region as its country writes it: `FR-IDF` is Île-de-France; empty for an unknown code."""
    import pycountry  # reads its tables on first use

    subdivision = pycountry.subdivisions.get(code=code.upper())
    return str(subdivision.name) if subdivision else ""


def is_region(code: str) -> bool:
    """Whether a code is one of ISO 3166-2."""
    return bool(region_name(code))


@functools.cache
def _codes_by_name() -> tuple[dict[str, str], dict[str, str]]:
    """The codes of countries by their folded names in both languages, and those of regions by names borne once."""
    import pycountry
    from babel import Locale

    countries = {
        fold(name): code
        for language in ("en", "fr")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    codes: dict[str, list[str]] = {}
    for subdivision in pycountry.subdivisions:
        codes.setdefault(fold(str(subdivision.name)), []).append(subdivision.code)
    return countries, {name: same[0] for name, same in codes.items() if len(same) == 1}


def country_code(name: str) -> str:
    """The code of the country of this name in French or English; empty if there is none."""
    return _codes_by_name()[0].get(fold(name), "")


def region_code(name: str) -> str:
    """The code of the region of this name, as its country writes it; empty if there is none, or more than one."""
    return _codes_by_name()[1].get(fold(name), "")


def regions_of(country: str) -> list[tuple[str, str]]:
    """The top-level subdivisions of a country as (code, name), sorted by name; departments of France are left out."""
    import pycountry

    subdivisions = pycountry.subdivisions.get(country_code=country.upper()) or []
    top_level = [subdivision for subdivision in subdivisions if subdivision.parent_code is None]
    return sorted(
        ((subdivision.code, str(subdivision.name)) for subdivision in top_level), key=lambda pair: fold(pair[1])
    )


@functools.lru_cache(maxsize=10_000)
def top_region(code: str) -> str:
    """The top-level region that a region lies in: `FR-IDF` for `FR-75C`; empty for an unknown code."""
    import pycountry

    subdivision = pycountry.subdivisions.get(code=code.upper())
    while subdivision and subdivision.parent_code:
        subdivision = pycountry.subdivisions.get(code=subdivision.parent_code)
    return str(subdivision.code) if subdivision else ""
