"""Countries and regions as the ANR writes them, in French, as codes of ISO 3166 and of NUTS."""

import gettext
from functools import cache
from typing import Final

from babel import Locale

from maillage.core.french_regions import nuts_of_name
from maillage.core.text import fold

_ABROAD_OR_UNKNOWN: Final = frozenset({"", "non renseigne", "etranger", "dom tom"})
# Names that are neither those of ISO 3166 in French nor the common ones.
_OTHER_NAMES: Final = {
    "congo republique democratique du": "CD",
    "cook iles": "CK",
    "norfolk ile": "NF",
    "reunion": "RE",
    "saint kitts et nevis": "KN",
}


def region_code(name: str) -> str | None:
    """The NUTS code of a region of France; empty for none or one abroad, `None` for an unknown name."""
    folded = fold(name)
    return "" if folded in _ABROAD_OR_UNKNOWN else nuts_of_name(name) or None


def country_code(name: str) -> str | None:
    """The ISO 3166 code of a country by its French name; empty for none, `None` for an unknown name."""
    folded = fold(name)
    return "" if folded in _ABROAD_OR_UNKNOWN else _countries().get(folded)


@cache
def _countries() -> dict[str, str]:
    """The code of each country by its folded French names: that of ISO 3166, the common one, and those above."""
    import pycountry  # reads its tables on first use

    french = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["fr"])
    codes = {fold(name): code for code, name in Locale("fr").territories.items() if len(code) == 2 and code.isalpha()}
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")):
            codes |= {fold(french.gettext(name)): country.alpha_2} if name else {}
    return codes | _OTHER_NAMES
