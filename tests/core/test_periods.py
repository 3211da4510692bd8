"""Periods: the three ranges of days agree with one another and with the calendar, whatever the ends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.periods import InvalidPeriodError, Period, TruthOnDay, range_contains, span

DAYS = st.dates(dt.date(1900, 1, 2), dt.date(2099, 12, 30))


@st.composite
def partial_dates(draw: st.DrawFn) -> str:
    day = draw(DAYS)
    return draw(st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"]))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.one_of(st.sampled_from(["", ".."]), partial_dates()))
    end = draw(st.one_of(st.sampled_from(["", ".."]), partial_dates()))
    try:
        return Period(start, end)
    except InvalidPeriodError:
        return Period(end if end not in ("", "..") else "", start)


@given(periods(), DAYS)
def test_certain_days_are_possible(period: Period, day: dt.date) -> None:
    if range_contains(period.certain(), day):
        assert range_contains(period.possible(), day)


@given(partial_dates(), partial_dates(), DAYS)
def test_answers_follow_the_meaning_of_the_ends(start: str, end: str, day: dt.date) -> None:
    """Yes if every reading of the two ends holds the day, no if none does."""
    if span(start).first > span(end).last:
        return
    always = span(start).last <= day <= span(end).first
    sometimes = span(start).first <= day <= span(end).last
    expected = TruthOnDay.YES if always else TruthOnDay.UNSURE if sometimes else TruthOnDay.NO
    assert Period(start, end).holds_on(day) is expected


@given(partial_dates(), DAYS)
def test_open_end_holds_for_ever(start: str, day: dt.date) -> None:
    assert (Period(start, "..").holds_on(day) is TruthOnDay.YES) == (day >= span(start).last)


@given(partial_dates(), partial_dates(), partial_dates())
def test_successive_periods_never_overlap(one: str, two: str, three: str) -> None:
    """A period ending in a partial date and the next beginning in the same one can stand side by side."""
    first, middle, last = sorted([one, two, three], key=lambda text: (span(text).first, span(text).last))
    before, after = Period(first, middle).days(), Period(middle, last).days()
    if span(first).first < span(middle).first:
        assert before.upper <= after.lower


@given(periods())
def test_days_lie_within_the_possible_ones(period: Period) -> None:
    days, possible = period.days(), period.possible()
    assert (days.lower is None) == (possible.lower is None)
    assert days.lower is None or days.lower == possible.lower


def test_unknown_end_is_not_sure_after_what_is_attested() -> None:
    period = Period("2011", "")
    assert period.holds_on(dt.date(2015, 1, 1)) is TruthOnDay.UNSURE
    assert period.holds_on(dt.date(2015, 1, 1), "2020") is TruthOnDay.YES
    assert period.holds_on(dt.date(2021, 1, 1), "2020") is TruthOnDay.UNSURE
    assert period.holds_on(dt.date(2010, 12, 31), "2020") is TruthOnDay.NO


def test_attested_interval_stands_for_an_unknown_start() -> None:
    period = Period("", "")
    assert period.holds_on(dt.date(2021, 1, 1), "2020-02-07/2025-02") is TruthOnDay.YES
    assert period.holds_on(dt.date(2019, 1, 1), "2020-02-07/2025-02") is TruthOnDay.UNSURE


@pytest.mark.parametrize(
    "text", ["2020-02-30", "2020-13", "soon", "20", "2020-2-3", "12020", "", "20\u200e20", "9999-12-31"]
)
@pytest.mark.usefixtures("english")
def test_impossible_dates_are_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidPeriodError, match="“"):
        span(text)


@pytest.mark.usefixtures("english")
def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(InvalidPeriodError, match="before it begins"):
        Period("2020", "2019")
