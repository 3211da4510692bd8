"""Countries and regions are given by their names as well as by their codes."""

import pytest

from maillage.core.french_regions import nuts_of_name, region_of, region_of_postal_code
from maillage.core.rows.errors import InvalidValueError
from maillage.register.row_types import CountryCode, RegionCode


@pytest.mark.parametrize(
    ("text", "code"),
    [("FR", "FR"), ("fr", "FR"), ("Allemagne", "DE"), ("germany", "DE"), ("Côte d’Ivoire", "CI"), ("", "")],
)
def test_a_country_has_a_name_in_both_languages(text: str, code: str) -> None:
    assert CountryCode().parse(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("FR-IDF", "FR-IDF"), ("fr-idf", "FR-IDF"), ("ile de france", "FR-IDF"), ("Hauts-de-France", "FR-HDF")],
)
def test_a_region_has_a_name(text: str, code: str) -> None:
    assert RegionCode().parse(text) == code


@pytest.mark.parametrize("value", ["FRA", "Nowhere", "F1"])
def test_no_country_is_guessed(value: str) -> None:
    with pytest.raises(InvalidValueError):
        CountryCode().parse(value)


def test_a_name_that_several_regions_have_is_none_of_them() -> None:
    with pytest.raises(InvalidValueError):
        RegionCode().parse("Central")


@pytest.mark.parametrize(
    ("words", "code"),
    [("R84", "FR-ARA"), ("84", "FR-ARA"), ("fr-bre", "FR-BRE"), ("Île-de-France", "FR-IDF"), ("D988", "FR-NC"),
     ("Provence-Alpes-Côte d'Azur", "FR-PAC"), ("Bavaria", ""), ("", "")],
)  # fmt: skip
def test_french_regions_are_known_by_code_and_name(words: str, code: str) -> None:
    assert region_of(words) == code


@pytest.mark.parametrize(("postal", "code"), [("44322", "FR-PDL"), ("97410", "FR-974"), ("20250", "FR-20R"), ("", "")])
def test_french_regions_are_known_by_postal_code(postal: str, code: str) -> None:
    assert region_of_postal_code(postal) == code


@pytest.mark.parametrize(("name", "code"), [("Île-de-France", "FR1"), ("la Réunion", "FRY4"), ("Bavière", "")])
def test_french_regions_have_a_code_of_nuts(name: str, code: str) -> None:
    assert nuts_of_name(name) == code
