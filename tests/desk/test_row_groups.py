"""Delays are said in working days."""

import datetime as dt

import pytest

from maillage.desk.providers import DeskRow
from maillage.desk.row_groups import days_left_words, due_group

FRIDAY = dt.date(2026, 3, 6)


@pytest.mark.parametrize(
    ("days", "words", "group"),
    [
        (-4, "4 working days late", "late"),
        (0, "today", "today"),
        (1, "tomorrow", "week"),
        (2, "before the next working day", "week"),
        (3, "in 1 working day", "week"),
        (7, "in 5 working days", "week"),
        (10, "in 6 working days", "later"),
    ],
)
def test_a_delay_counts_neither_weekends_nor_holidays(english, days, words, group):
    due = FRIDAY + dt.timedelta(days=days)
    assert days_left_words(due, FRIDAY) == words
    assert due_group(DeskRow("case", 1, "", "", "", due=due), FRIDAY) == group


def test_a_day_of_rest_after_the_due_day_is_late_all_the_same(english):
    assert days_left_words(FRIDAY, FRIDAY + dt.timedelta(days=1)) == "late"
    # Easter Monday lies between.
    assert days_left_words(dt.date(2026, 4, 7), dt.date(2026, 4, 2)) == "in 2 working days"
