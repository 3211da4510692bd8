"""Countries and regions are given by their names as well as by their codes."""

import pytest

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
