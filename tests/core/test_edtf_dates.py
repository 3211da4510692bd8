"""Dates of EDTF, whole: the days that they may mean, and their words in both languages."""

import datetime as dt

import pytest
from django.utils import translation

from maillage.core import formats
from maillage.core.periods import InvalidPeriodError, Period, TruthOnDay, span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-21", "2020-03-01", "2020-05-31"),
        ("2020-22?", "2020-06-01", "2020-08-31"),
        ("2020-23", "2020-09-01", "2020-11-30"),
        ("2020-24", "2020-01-01", "2021-02-28"),
        ("2020-29", "2020-09-01", "2020-11-30"),
        ("2020-36", "2020-10-01", "2020-12-31"),
        ("2020-38", "2020-05-01", "2020-08-31"),
        ("2020-40", "2020-01-01", "2020-06-30"),
        ("2006-XX", "2006-01-01", "2006-12-31"),
        ("2006-0X", "2006-01-01", "2006-09-30"),
        ("2006-07-XX", "2006-07-01", "2006-07-31"),
        ("2020-02-3X", None, None),
        ("2019-02-2X", "2019-02-20", "2019-02-28"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("1X9X", "1090-01-01", "1999-12-31"),
        ("199X~", "1990-01-01", "1999-12-31"),
        ("2004-06~-11", "2004-06-11", "2004-06-11"),
        ("?2004-06-11", "2004-06-11", "2004-06-11"),
        ("XXXX", None, None),
        ("2020-42", None, None),
        ("2020-13", None, None),
    ],
)
def test_the_days_that_a_date_may_mean(text: str, first: str | None, last: str | None) -> None:
    if first is None or last is None:
        with pytest.raises(InvalidPeriodError):
            span(text)
    else:
        assert (span(text).first, span(text).last) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2020-21", "spring 2020", "printemps 2020"),
        ("2020-24", "winter 2020", "hiver 2020"),
        ("2020-34", "quarter 2 of 2020", "trimestre 2 de 2020"),
        ("2006-XX", "2006 (month unknown)", "2006 (mois inconnu)"),
        ("2006-07-XX", "July 2006 (day unknown)", "juillet 2006 (jour inconnu)"),
        ("19XX", "between 1900 and 1999", "entre 1900 et 1999"),
        ("199X", "the 1990s", "les années 1990"),
        ("2019?", "2019 (uncertain)", "2019 (incertain)"),
        ("2019~", "2019 (approximate)", "2019 (approximatif)"),
        ("2019%", "2019 (approximate and uncertain)", "2019 (approximatif et incertain)"),
        ("2020-21?/2021-22", "spring 2020 (uncertain) – summer 2021", "printemps 2020 (incertain) – été 2021"),
    ],
)
def test_a_date_in_words(text: str, english: str, french: str) -> None:
    with translation.override("en"):
        assert formats.partial_date(text) == english
    with translation.override("fr"):
        assert formats.partial_date(text) == french


def test_a_period_of_seasons() -> None:
    period = Period.parse("2020-21/2020-23")
    assert period.holds_on(dt.date(2020, 7, 1)) is TruthOnDay.YES
    assert period.holds_on(dt.date(2020, 4, 1)) is TruthOnDay.UNSURE
    assert period.holds_on(dt.date(2021, 1, 1)) is TruthOnDay.NO
