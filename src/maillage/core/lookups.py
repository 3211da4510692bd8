"""The lookup `holds` of ranges of days, and rows of a relation that may be prefetched."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


# Any: what a relation holds is known of a named model alone.
def loaded_rows(record: models.Model, name: str, *related: str) -> list[Any]:
    """The rows of a relation: those prefetched for a list of records, else read with the records `related` to them."""
    rows = getattr(record, name)
    if name in getattr(record, "_prefetched_objects_cache", {}):
        return list(rows.all())
    return list(rows.select_related(*related) if related else rows.all())


@DateRangeField.register_lookup
class Holds(models.Lookup):
    """`certain__holds=day`: the same result as `contains`, by the function behind its operator.

    Under row policies the planner may not use the statistics of a range. For the operator it estimates that one row in
    two hundred contains the day, where most do, and sorts the whole list to get one page. For the function it estimates
    one row in three, and reads the page from an index.
    """

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """`range_contains_elem(certain, '2021-01-01')`."""
        days, days_values = self.process_lhs(compiler, connection)
        day, day_values = self.process_rhs(compiler, connection)
        return f"range_contains_elem({days}, {day}::date)", (*days_values, *day_values)
