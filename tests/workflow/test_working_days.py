"""Working days: by properties, and by days that are known."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.workflow.working_days import UnknownPlaceError, WorkingDays
from tests.property_tests import examples

PLACES = [
    ("FR", ""),
    ("FR", "Alsace-Moselle"),
    ("FR", "973"),
    ("FR", "La Réunion"),
    ("BE", ""),
    ("DE", "BY"),
    ("IL", ""),
]
calendars = st.sampled_from([WorkingDays(*place) for place in PLACES])
days = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
numbers = st.integers(-60, 60)


@given(calendars, days, numbers)
def test_it_lands_on_a_working_day(calendar, day, number):
    landed = calendar.add(day, number)
    assert calendar.is_working_day(landed)
    if calendar.country != "IL":
        assert landed.weekday() < 5


@given(calendars, days, numbers, numbers)
def test_it_is_additive(calendar, day, first, second):
    assert calendar.add(calendar.add(day, first), second) == calendar.add(day, first + second)


@given(calendars, days, days, numbers)
def test_it_is_monotone_in_the_day(calendar, one, other, number):
    early, late = min(one, other), max(one, other)
    assert calendar.add(early, number) <= calendar.add(late, number)


@given(calendars, days, numbers)
def test_one_more_is_later(calendar, day, number):
    assert calendar.add(day, number) < calendar.add(day, number + 1)


@given(calendars, days)
@examples(30)
def test_as_many_working_days_lie_between_as_were_added(calendar, day):
    landed = calendar.add(day, 20)
    between = (day + dt.timedelta(days=n) for n in range(1, (landed - day).days + 1))
    assert sum(calendar.is_working_day(one) for one in between) == 20


@pytest.mark.parametrize(
    ("region", "day", "works"),
    [
        ("", dt.date(2026, 4, 3), True),  # Good Friday
        ("Alsace-Moselle", dt.date(2026, 4, 3), False),
        ("", dt.date(2025, 12, 26), True),  # St Stephen's day
        ("Alsace-Moselle", dt.date(2025, 12, 26), False),
        ("973", dt.date(2026, 6, 10), False),  # abolition of slavery, in Guyane
        ("", dt.date(2026, 6, 10), True),
        ("", dt.date(2026, 7, 14), False),
        ("", dt.date(2026, 7, 18), False),  # a Saturday
    ],
)
def test_days_that_are_known(region, day, works):
    assert WorkingDays("FR", region).is_working_day(day) == works


def test_over_the_holidays_of_may():
    # 1 and 8 May 2026 are Fridays, the 14th is Ascension day.
    assert WorkingDays().add(dt.date(2026, 4, 30), 10) == dt.date(2026, 5, 19)


def test_one_day_after_a_saturday_is_the_monday():
    assert WorkingDays().add(dt.date(2026, 3, 7), 1) == dt.date(2026, 3, 9)


@pytest.mark.parametrize("place", [("FR", "Atlantis"), ("ZZ", ""), ("", "")])
def test_a_place_without_calendar_is_refused(place):
    with pytest.raises(UnknownPlaceError):
        WorkingDays(*place).check()


def test_a_delay_without_measure_is_refused():
    with pytest.raises(ValueError, match="too long"):
        WorkingDays().add(dt.date(2026, 1, 1), 10**9)
