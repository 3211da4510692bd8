"""The size class of an enterprise at each threshold of the decree, and where figures are missing."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.rules import company_size
from maillage.rules.company_size import SIZE_THRESHOLDS, EnterpriseFigures, SizeClass, size_class

MILLION = 1_000_000


def figures(staff: object = None, turnover: object = None, balance: object = None) -> EnterpriseFigures:
    return EnterpriseFigures(*(None if one is None else Decimal(str(one)) for one in (staff, turnover, balance)))


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "expected"),
    [
        (9.9, 2 * MILLION, 9 * MILLION, "micro"),
        (9.9, 2 * MILLION + 0.01, 2 * MILLION, "micro"),
        (10, 0, 0, "pme"),
        (9, 3 * MILLION, 3 * MILLION, "pme"),
        (249.9, 50 * MILLION, 44 * MILLION, "pme"),
        (249, 51 * MILLION, 43 * MILLION, "pme"),
        (250, 0, 0, "eti"),
        (20, 51 * MILLION, 44 * MILLION, "eti"),
        (4999, 1500 * MILLION, 3000 * MILLION, "eti"),
        (4999, 1600 * MILLION, 2000 * MILLION, "eti"),
        (5000, 1, 1, "ge"),
        (10, 1501 * MILLION, 2001 * MILLION, "ge"),
    ],
)
def test_the_thresholds_of_the_decree(staff, turnover, balance, expected):
    assert size_class(figures(staff, turnover, balance)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (figures(), "unknown"),
        (figures(staff=9), "unknown"),
        (figures(staff=9, turnover=MILLION), "micro"),
        (figures(staff=9, turnover=3 * MILLION), "unknown"),
        (figures(staff=20, turnover=3 * MILLION), "pme"),
        (figures(staff=6000), "ge"),
        (figures(turnover=MILLION), "unknown"),
    ],
)
def test_what_is_missing_is_not_guessed(given, expected):
    assert size_class(given) == expected


amounts = st.one_of(st.none(), st.decimals(0, 10**10, places=2))


@given(st.one_of(st.none(), st.decimals(0, 10_000, places=1)), amounts, amounts)
def test_a_class_told_from_some_figures_stands_when_the_others_are_known(staff, turnover, balance):
    told = size_class(EnterpriseFigures(staff, turnover, balance))
    if told is SizeClass.UNKNOWN:
        return
    for more in (Decimal(0), Decimal(10**10)):
        known = EnterpriseFigures(*(more if one is None else one for one in (staff, turnover, balance)))
        assert size_class(known) == told


@given(st.decimals(0, 10_000, places=1), st.decimals(0, 10**10, places=2), st.decimals(0, 10**10, places=2))
def test_growing_never_makes_smaller(staff, turnover, balance):
    order = [one.size for one in SIZE_THRESHOLDS] + [SizeClass.LARGE]
    small = order.index(size_class(EnterpriseFigures(staff, turnover, balance)))
    assert order.index(size_class(EnterpriseFigures(staff + 1, turnover * 2, balance * 2))) >= small


def test_a_negative_figure_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        size_class(figures(staff=-1))


def test_the_examples_of_the_docs_hold():
    assert doctest.testmod(company_size).failed == 0
