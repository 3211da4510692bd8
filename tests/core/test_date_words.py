"""Dates in words and figures are read as EDTF."""

import pytest

from maillage.core.date_words import read_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2006", "2006"),
        ("2024-07", "2024-07"),
        ("7/2/2020", "2020-02-07"),
        ("07.02.2020", "2020-02-07"),
        ("2/2020", "2020-02"),
        ("fév. 2020", "2020-02"),
        ("Février 2020", "2020-02"),
        ("1er mars 2019", "2019-03-01"),
        ("August 2024", "2024-08"),
        ("7 Feb 2020", "2020-02-07"),
        ("Feb 7, 2020", "2020-02-07"),
        ("vers 2006", "2006~"),
        ("about June 2006", "2006-06~"),
        ("", ""),
        ("non connu", ""),
        ("still true", ".."),
        ("en cours", ".."),
        ("..", ".."),
        ("201X", "201X"),
        ("2019?", "2019?"),
        ("printemps 2020", "2020-21"),
        ("spring 2020", "2020-21"),
        ("Spring of 2020", "2020-21"),
        ("l’été 2021", "2021-22"),
        ("fall 2020", "2020-23"),
        ("vers l’hiver 2020", "2020-24~"),
        ("T1 2020", "2020-33"),
        ("3e trimestre 2020", "2020-35"),
        ("années 1990", "199X"),
        ("the 1990s", "199X"),
        ("1990's", "199X"),
        ("2006-XX", "2006-XX"),
        ("soon", "soon"),
        ("31/02/2020", "2020-02-31"),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, date: str) -> None:
    assert read_date(text) == date
