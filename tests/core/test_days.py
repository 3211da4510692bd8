"""Days are read in one way, and what is no day is refused with its text and the remedy."""

import datetime as dt

import pytest

from maillage.core.action_registry import ActionError
from maillage.core.days import day_or_none, parse_day


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
