"""The organisations in the scope of a mandate, as annotations of the query that reads it at every request.

Written in SQL, since Django would take longer to compose these queries than PostgreSQL to run them.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, F, Func, Value

from maillage.core.actors import MANAGER, ActiveMandate
from maillage.people.models import Mandate
from maillage.register.queries import NETWORK_LIMIT
from maillage.register.vocabulary import MEMBERSHIP_KINDS, ManagedBy

_OBJECT, _SUBJECT = f"'{ManagedBy.OBJECT.value}'", f"'{ManagedBy.SUBJECT.value}'"
_KINDS = ", ".join(f"'{kind.value}'" for kind in sorted(MEMBERSHIP_KINDS))
_IS_CERTAIN = "range_contains_elem(tie.certain, day)"
_IS_MEMBERSHIP = f"tie.kind IN ({_KINDS}) AND {_IS_CERTAIN}"


class _OrganisationIds(Func):
    """An array of organisation ids, from the organisation of a mandate (`own`) and a day (`day`)."""

    output_field = ArrayField(BigIntegerField())

    def __init__(self, path: str, day: dt.date) -> None:
        super().__init__(F(f"{path}organisation_id"), Value(day, DateField()))


class ManagedOrganisations(_OrganisationIds):
    """The organisations for which its managers may act by a tie that is surely true on the day."""

    template = f"""ARRAY(
        SELECT CASE tie.managed_by WHEN {_OBJECT} THEN tie.subject_id ELSE tie.object_id END
        FROM (SELECT %(expressions)s) AS asked(own, day) JOIN register_tie tie
          ON (tie.object_id = own AND tie.managed_by = {_OBJECT}
              OR tie.subject_id = own AND tie.managed_by = {_SUBJECT}) AND {_IS_CERTAIN})"""  # noqa: S608 - our own words


class NetworkOrganisations(_OrganisationIds):
    """The organisations it surely belongs to, its members, and the members of the same networks."""

    template = f"""ARRAY(
        WITH asked(own, day) AS (SELECT %(expressions)s),
          above AS (SELECT tie.object_id AS id FROM asked
                    JOIN register_tie tie ON tie.subject_id = own AND {_IS_MEMBERSHIP})
        SELECT id FROM above UNION
        (SELECT tie.subject_id FROM asked CROSS JOIN (SELECT id FROM above UNION SELECT own FROM asked) AS whole
         JOIN register_tie tie ON tie.object_id = whole.id AND {_IS_MEMBERSHIP} LIMIT {NETWORK_LIMIT}))"""  # noqa: S608


def scope_annotations(day: dt.date, path: str = "") -> dict[str, Func]:
    """The annotations that `acting_by_mandate` reads; `path` (`mandate__`) leads to the mandate, if needed."""
    return {"managed": ManagedOrganisations(path, day), "network": NetworkOrganisations(path, day)}


# Any: a row with the values that `scope_annotations` adds, which no model has.
def acting_by_mandate(mandate: Mandate, annotated: Any) -> ActiveMandate:
    """The active mandate of an actor; `annotated` is the row annotated with `scope_annotations`."""
    own_ids = {mandate.organisation_id}
    return ActiveMandate(
        mandate_id=mandate.pk,
        role=mandate.role,
        organisation_id=mandate.organisation_id,
        organisation=mandate.organisation.short_name,
        first_day=mandate.first_day,
        last_day=mandate.last_day,
        reach=frozenset(own_ids.union(annotated.managed) if mandate.role == MANAGER else own_ids),
        network=frozenset({mandate.organisation_id, *annotated.network}),
    )
