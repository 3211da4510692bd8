"""The lookup `holds` of ranges of days."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models


@DateRangeField.register_lookup
class Holds(models.Lookup):
    """`certain__holds=day`: the same result as `contains`, by the function behind its operator.

    Under row policies the planner may not use the statistics of a range. For the operator it estimates that one row in
    two hundred contains the day, where most do, and sorts the whole list to get one page. For the function it estimates
    one row in three, and reads the page from an index.
    """

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`range_contains_elem(certain, '2021-01-01')`."""
        days, days_values = self.process_lhs(compiler, connection)
        day, day_values = self.process_rhs(compiler, connection)
        return f"range_contains_elem({days}, {day}::date)", (*days_values, *day_values)
