"""Connections plan cursors for all of their rows."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_cursor_is_planned_for_all_of_its_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW cursor_tuple_fraction")
        assert cursor.fetchone() == ("1",)
