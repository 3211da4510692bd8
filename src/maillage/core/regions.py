"""Parts of countries, by ISO 3166-2."""

import functools

from maillage.core.text import fold


@functools.lru_cache(maxsize=10_000)
def region_name(code: str) -> str:
    """The name of a region as its country writes it: `FR-IDF` is Île-de-France; empty for a code there is not."""
    import pycountry  # its tables are read when they are first asked for

    found = pycountry.subdivisions.get(code=code.upper())
    return str(found.name) if found else ""


def is_region(code: str) -> bool:
    """Whether a code is one of ISO 3166-2."""
    return bool(region_name(code))


def regions_of(country: str) -> list[tuple[str, str]]:
    """The regions of a country as (code, name), by name; of France the regions and territories, not the departments."""
    import pycountry

    found = pycountry.subdivisions.get(country_code=country.upper()) or []
    whole = [one for one in found if one.parent_code is None]
    return sorted(((one.code, str(one.name)) for one in whole), key=lambda pair: fold(pair[1]))
