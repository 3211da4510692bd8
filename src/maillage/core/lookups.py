"""How a range of days is asked whether it holds a day."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models


@DateRangeField.register_lookup
class Holds(models.Lookup):
    """`certain__holds=day`: what `contains` says, as a call of the function behind its operator.

    Behind row policies the planner may not look into the statistics of a range, and guesses that one row in two hundred
    holds a day, where most do: it then sorts all that is left of a list for the sake of one page. Of a function it
    guesses one in three, and reads the page off its index.
    """

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`range_contains_elem(certain, '2021-01-01')`."""
        days, days_values = self.process_lhs(compiler, connection)
        day, day_values = self.process_rhs(compiler, connection)
        return f"range_contains_elem({days}, {day}::date)", (*days_values, *day_values)
