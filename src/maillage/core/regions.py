"""Regions of countries, by ISO 3166-2."""

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


def regions_of(country: str) -> list[tuple[str, str]]:
    """The top-level subdivisions of a country as (code, name), sorted by name; departments of France are left out."""
    import pycountry

    subdivisions = pycountry.subdivisions.get(country_code=country.upper()) or []
    top_level = [subdivision for subdivision in subdivisions if subdivision.parent_code is None]
    return sorted(
        ((subdivision.code, str(subdivision.name)) for subdivision in top_level), key=lambda pair: fold(pair[1])
    )
