"""The size class of an enterprise, by decree 2008-1354 of 18 December 2008, article 3 (law 2008-776, article 51).

Figures are those of the last closed year, reckoned by the year, turnover without tax, staff in annual work units, at
the level of the *enterprise*: the smallest group of legal units that decides for itself. A subsidiary of a large group
is large, whatever its own figures.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MILLION = Decimal(1_000_000)


class SizeClass(StrEnum):
    """From the smallest to the largest; unknown where the figures do not tell."""

    MICRO = "micro"
    SMALL = "pme"
    MIDDLE = "eti"
    LARGE = "ge"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SizeThreshold:
    """Below `staff` (annual work units), and at most `turnover` or at most `balance` (euros)."""

    size: SizeClass
    staff: int
    turnover: Decimal
    balance: Decimal


# In the order of article 3, I to IV; what fits none is a large enterprise.
SIZE_THRESHOLDS = (
    SizeThreshold(SizeClass.MICRO, 10, 2 * MILLION, 2 * MILLION),
    SizeThreshold(SizeClass.SMALL, 250, 50 * MILLION, 43 * MILLION),
    SizeThreshold(SizeClass.MIDDLE, 5_000, 1_500 * MILLION, 2_000 * MILLION),
)


@dataclass(frozen=True, slots=True)
class EnterpriseFigures:
    """Of one enterprise: staff in annual work units, turnover and balance sheet total in euros; `None` is not known."""

    staff: Decimal | None = None
    turnover: Decimal | None = None
    balance: Decimal | None = None


def size_class(figures: EnterpriseFigures) -> SizeClass:
    """The class of an enterprise; unknown where what is missing could change it.

    Raises `ValueError` for a negative figure.

    >>> size_class(EnterpriseFigures(staff=Decimal(9), turnover=Decimal(3_000_000), balance=Decimal(1_900_000)))
    <SizeClass.MICRO: 'micro'>
    >>> size_class(EnterpriseFigures(staff=Decimal(40)))
    <SizeClass.UNKNOWN: 'unknown'>
    """
    given = (figures.staff, figures.turnover, figures.balance)
    if any(figure is not None and figure < 0 for figure in given):
        raise ValueError("A figure of an enterprise is not negative.")
    for threshold in SIZE_THRESHOLDS:
        fits = _fits(figures, threshold)
        if fits is None:
            return SizeClass.UNKNOWN
        if fits:
            return threshold.size
    return SizeClass.LARGE


def _fits(figures: EnterpriseFigures, threshold: SizeThreshold) -> bool | None:
    """Whether an enterprise is below a threshold; `None` where the figures do not tell."""
    staff = None if figures.staff is None else figures.staff < threshold.staff
    money = _either(_at_most(figures.turnover, threshold.turnover), _at_most(figures.balance, threshold.balance))
    if staff is False or money is False:
        return False
    return True if staff and money else None


def _at_most(figure: Decimal | None, limit: Decimal) -> bool | None:
    return None if figure is None else figure <= limit


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return False if one is False and other is False else None
