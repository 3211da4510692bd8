"""Which organisations a mandate opens, told by the query that reads it: it is asked on every request of its holder.

Written in SQL, since Django would take longer to put these questions together than PostgreSQL to answer them.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, F, Func, Value

from maillage.kernel.actors import MANAGER, Acting
from maillage.people.models import Mandate
from maillage.register.queries import NETWORK_BOUND
from maillage.register.vocabulary import BELONGING, ManagedBy

_OBJECT, _SUBJECT = f"'{ManagedBy.OBJECT.value}'", f"'{ManagedBy.SUBJECT.value}'"
_KINDS = ", ".join(f"'{kind.value}'" for kind in sorted(BELONGING))
_CERTAIN = "range_contains_elem(tie.certain, day)"
_BELONGS = f"tie.kind IN ({_KINDS}) AND {_CERTAIN}"


class _Bodies(Func):
    """The ids that a query gives for an organisation (`own`) on a day (`day`)."""

    output_field = ArrayField(BigIntegerField())

    def __init__(self, path: str, day: dt.date) -> None:
        super().__init__(F(f"{path}organisation_id"), Value(day, DateField()))


class Managed(_Bodies):
    """The organisations for which its managers may act, because a tie surely in force says so."""

    template = f"""ARRAY(
        SELECT CASE tie.managed_by WHEN {_OBJECT} THEN tie.subject_id ELSE tie.object_id END
        FROM (SELECT %(expressions)s) AS asked(own, day) JOIN register_tie tie
          ON (tie.object_id = own AND tie.managed_by = {_OBJECT}
              OR tie.subject_id = own AND tie.managed_by = {_SUBJECT}) AND {_CERTAIN})"""  # noqa: S608 - our own words


class Network(_Bodies):
    """The bodies that it surely belongs to, those that belong to it, and those that belong to the same."""

    template = f"""ARRAY(
        WITH asked(own, day) AS (SELECT %(expressions)s),
          above AS (SELECT tie.object_id AS id FROM asked JOIN register_tie tie ON tie.subject_id = own AND {_BELONGS})
        SELECT id FROM above UNION
        (SELECT tie.subject_id FROM asked CROSS JOIN (SELECT id FROM above UNION SELECT own FROM asked) AS whole
         JOIN register_tie tie ON tie.object_id = whole.id AND {_BELONGS} LIMIT {NETWORK_BOUND}))"""  # noqa: S608


def managed(day: dt.date, path: str = "") -> dict[str, Func]:
    """What a query of mandates, or of rows that lead to one by `path` (`mandate__`), needs beside it for `reach_of`."""
    return {"managed": Managed(path, day)}


def opened(day: dt.date, path: str = "") -> dict[str, Func]:
    """What it needs beside it for `acting`."""
    return {"managed": Managed(path, day), "network": Network(path, day)}


def reach_of(mandate: Mandate, found: Any) -> frozenset[int]:
    """The organisations in whose name a mandate lets act; `found` is the row annotated with `managed`."""
    own = {mandate.organisation_id}
    return frozenset(own.union(found.managed) if mandate.role == MANAGER else own)


def acting(mandate: Mandate, found: Any) -> Acting:
    """What a mandate opens; `found` is the row annotated with `opened`."""
    return Acting(
        mandate_id=mandate.pk,
        role=mandate.role,
        organisation_id=mandate.organisation_id,
        organisation=mandate.organisation.short_name,
        first_day=mandate.first_day,
        last_day=mandate.last_day,
        reach=reach_of(mandate, found),
        network=frozenset({mandate.organisation_id, *found.network}),
    )
