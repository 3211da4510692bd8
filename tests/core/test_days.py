"""Days are read in one way, and what is no day is refused with its text and the remedy."""

import datetime as dt
import re

import pytest

from maillage.core.action_registry import ActionError
from maillage.core.actions.facts import may_write
from maillage.core.actors import ActiveMandate, Actor
from maillage.core.days import day_or_none, parse_day
from maillage.core.rows.list_register import FACT_LISTS
from tests.test_any_reasons import PACKAGE


@pytest.mark.parametrize("text", ["2026-01-31", " 2026-01-31\n"])
def test_a_day_is_read(text):
    assert parse_day(text) == day_or_none(text) == dt.date(2026, 1, 31)


@pytest.mark.parametrize("text", ["", "31/01/2026", "2026-02-30", "2026-01", "tomorrow", "２０２６-01-31"])
def test_what_is_no_day_is_refused_with_its_text_and_the_remedy(text, english):
    assert day_or_none(text) is None
    with pytest.raises(ActionError, match=r"is no day; write it as 2026-01-31\.$"):
        parse_day(text, ActionError)


def test_a_refusal_repeats_no_more_than_the_beginning_of_a_long_text(english):
    with pytest.raises(ValueError, match=r"^“x{60}”"):
        parse_day("x" * 5_000)


@pytest.mark.parametrize(("first", "last", "may"), [("2026-12-01", None, True), ("2020-01-01", "2026-11-30", False)])
def test_a_mandate_holds_on_days_of_the_site_not_of_greenwich(first, last, may):
    """At half past eleven in the evening, universal time, a new day has begun in Paris."""
    days = [day and dt.date.fromisoformat(day) for day in (first, last)]
    mandate = ActiveMandate(1, "manager", 1, "Institute", *days, reach=frozenset({1}))
    late = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
    assert may_write(FACT_LISTS["memberships"], Actor("manager", acting=mandate), late) is may


def test_no_day_is_taken_from_a_moment_without_the_time_zone_of_the_site():
    """`moment.date()` is the day of Greenwich; `timezone.localdate(moment)` is that of the site."""
    of_moments = re.compile(r"\b(?:at|now\(\)|\w+_at)\.date\(\)")
    assert [file for file in PACKAGE.rglob("*.py") if of_moments.search(file.read_text("utf-8"))] == []
