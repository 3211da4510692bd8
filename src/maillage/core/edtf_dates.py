"""The parts of EDTF dates (ISO 8601-2): marks of doubt, seasons and other parts of a year, digits that are not known.

`2019?` is uncertain, `2019~` approximate, `2019%` both; a mark may stand at any part (`2004-06~-11`). `2020-21` is the
spring of 2020, `2006-XX` some month of 2006, `19XX` some year from 1900 to 1999. Sets, exponents and years outside of
the calendar are not read.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable

PARTIAL = re.compile(r"[?~%]?[0-9X]{4}[?~%]?(-[?~%]?[0-9X]{2}[?~%]?(-[?~%]?[0-9X]{2}[?~%]?)?)?")
_MARKS = re.compile("[?~%]")
# The first and last month of each part of a year. A winter may be that in which the year begins or that in which it
# ends, so that it is some time from January to the February that follows; the same is true of a southern summer.
_NORTH = {1: (3, 5), 2: (6, 8), 3: (9, 11), 4: (1, 14)}
_SOUTH = {1: (9, 11), 2: (1, 14), 3: (3, 5), 4: (6, 8)}
YEAR_PARTS: dict[int, tuple[int, int]] = {
    **{20 + number: months for number, months in _NORTH.items()},
    **{24 + number: months for number, months in _NORTH.items()},
    **{28 + number: months for number, months in _SOUTH.items()},
    **{33 + number: (3 * number + 1, 3 * number + 3) for number in range(4)},
    **{37 + number: (4 * number + 1, 4 * number + 4) for number in range(3)},
    **{40 + number: (6 * number + 1, 6 * number + 6) for number in range(2)},
}


def without_marks(text: str) -> str:
    """The date without its marks of doubt."""
    return _MARKS.sub("", text)


def marks_of(text: str) -> str:
    """`?` for an uncertain date, `~` for an approximate one, `%` for both, empty for an exact one."""
    marks = set(_MARKS.findall(text))
    if "%" in marks or {"?", "~"} <= marks:
        return "%"
    return next(iter(marks), "")


def year_part(text: str) -> int:
    """The number of the season, quarter, quadrimester or semester of a date without marks; 0 for any other date."""
    year, _dash, part = text.partition("-")
    return int(part) if year.isdigit() and part.isdigit() and int(part) in YEAR_PARTS else 0


def days_of_year_part(text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a date with a part of a year may mean."""
    year, (first, last) = int(text[:4]), YEAR_PARTS[year_part(text)]
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    last_day = calendar.monthrange(last_year, last_month)[1]
    return dt.date(year, first, 1), dt.date(last_year, last_month, last_day)


def days_of_unknown_digits(text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a date with unknown digits may mean. Raises `ValueError` if it means none."""
    year, month, day = [*text.split("-"), "XX", "XX"][:3]
    years = range(int(year.replace("X", "0")), int(year.replace("X", "9")) + 1)
    matching = [number for number in years if _matches(year, number)]
    first, last = _first_day(matching, month, day), _first_day(matching, month, day, backwards=True)
    if first is None or last is None:
        raise ValueError(text)
    return first, last


def _first_day(years: list[int], month: str, day: str, *, backwards: bool = False) -> dt.date | None:
    step = -1 if backwards else 1
    for year in years[::step]:
        for month_number in _numbers(month, 12)[::step]:
            for day_number in _numbers(day, 31)[::step]:
                if date := _date(year, month_number, day_number):
                    return date
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _numbers(pattern: str, most: int) -> list[int]:
    return [number for number in range(1, most + 1) if _matches(pattern, number)]


def _matches(pattern: str, number: int) -> bool:
    digits: Iterable[tuple[str, str]] = zip(pattern, f"{number:0{len(pattern)}}", strict=True)
    return all(wanted in ("X", digit) for wanted, digit in digits)
