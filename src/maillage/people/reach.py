"""Which organisations a mandate opens, told by the query that reads it: asked for on every request of its holder."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, When

from maillage.kernel.actors import MANAGER, Acting
from maillage.people.models import Mandate
from maillage.register.models import Tie
from maillage.register.queries import NETWORK_BOUND
from maillage.register.vocabulary import BELONGING, ManagedBy


def managed(day: dt.date, path: str = "") -> dict[str, ArraySubquery]:
    """An annotation of mandates, or of rows that lead to one by `path` (`mandate__`): the organisations (ids) for which
    the managers of its organisation may act, because a tie surely in force on `day` says so."""
    own = OuterRef(f"{path}organisation_id")
    below, beside = Q(object=own, managed_by=ManagedBy.OBJECT), Q(subject=own, managed_by=ManagedBy.SUBJECT)
    other = Case(When(managed_by=ManagedBy.OBJECT, then=F("subject_id")), default=F("object_id"))
    return {"managed": ArraySubquery(Tie.objects.certain_on(day).filter(below | beside).values_list(other))}


def opened(day: dt.date, path: str = "") -> dict[str, ArraySubquery]:
    """What `acting` needs: `managed`, and the bodies of the same networks on `day`.

    `near` are the bodies that its organisation belongs to and those that belong to it, `beside` those that belong to
    the same.
    """
    own = OuterRef(f"{path}organisation_id")
    belonging = Tie.objects.certain_on(day).filter(kind__in=BELONGING)
    other = Case(When(object=own, then=F("subject_id")), default=F("object_id"))
    near = belonging.filter(Q(subject=own) | Q(object=own)).values_list(other)
    shared = {"subject": own, "kind__in": BELONGING, "certain__holds": day}
    beside = belonging.filter(**{f"object__ties_in__{name}": value for name, value in shared.items()})
    arrays = {"near": near, "beside": beside.values_list("subject_id")}
    return managed(day, path) | {name: ArraySubquery(found[:NETWORK_BOUND]) for name, found in arrays.items()}


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
        network=frozenset({mandate.organisation_id, *found.near, *found.beside}),
    )
