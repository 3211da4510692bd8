"""Who may read a record. Every read of every room starts from `visible_to(actor)`.

A model with a `visibility` declares the fields by which a record concerns organisations, and the records it is shown
with:

    visible_through: ClassVar = ("subject", "object")     # a mandate for either end gives access to the tie
    shown_with: ClassVar = ("subject", "object")          # an actor who may not see one of them does not see the tie

With `confidential_roles`, a mandate gives access by one of these roles alone.

Without `shown_with`, a record is shown with the organisations it concerns. A path is `id` (the record is the
organisation itself), a foreign key, two foreign keys, or a reverse foreign key and a foreign key of its rows. The
database enforces the same rule (see `core.security.row_policies`) on reads that leave `visible_to` out.
"""

import functools
import operator
from collections.abc import Collection, Iterable
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor
from maillage.core.model_fields import field_of

ModelT = TypeVar("ModelT", bound=models.Model)

OWN_ID = "id"


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    NETWORK = "network", _("network")
    ORGANISATION = "organisation", _("organisation")
    NAMED = "named", _("named persons")


class VisibleQuerySet(models.QuerySet[ModelT]):
    def visible_to(self, actor: Actor) -> Self:
        """The records this actor may read: all for an officer of the site.

        For others: public records, records of a network to which the actor's organisation belongs, records of an
        organisation within the actor's reach, and records granted to the person; but no record that names one the
        actor may not see.
        """
        return self if actor.is_officer else self.filter(visible_q(self.model, actor))


def visible_q(model: type[models.Model], actor: Actor) -> Q:
    """The condition of `visible_to` on the rows of a model, or on their events. Its joins duplicate no row."""
    condition = own_visibility_q(model, actor)
    for path in shown_with(model):
        condition &= _end_visible_q(model, path, actor)
    return condition


def own_visibility_q(model: type[models.Model], actor: Actor, prefix: str = "") -> Q:
    """Rows whose own visibility lets the actor read them; `prefix` is the path to them from another model."""
    condition = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    by_role = has_reading_role(model, actor)
    if by_role and (network_ids := actor.network | actor.reach):
        condition |= Q(**{f"{prefix}visibility": Visibility.NETWORK}) & concerning_q(model, network_ids, prefix)
    if by_role and actor.reach:
        condition |= Q(**{f"{prefix}visibility": Visibility.ORGANISATION}) & concerning_q(model, actor.reach, prefix)
    if actor.user_id:
        grants = apps.get_model("core", "Grant")._default_manager.filter(
            record_kind=model._meta.label_lower, person=actor.user_id
        )
        condition |= Q(**{f"{prefix}visibility": Visibility.NAMED, f"{prefix}id__in": grants.values("record_id")})
        if owner := getattr(model, "owner", ""):
            condition |= Q(**{f"{prefix}{owner}": actor.user_id})
    return condition


def has_reading_role(model: type[models.Model], actor: Actor) -> bool:
    """Whether the mandate in use may give access to records of a model, where that names the roles which do."""
    roles = getattr(model, "confidential_roles", ())
    return not roles or bool(actor.acting and actor.acting.role in roles)


@functools.cache
def roles_by_kind() -> dict[str, tuple[str, ...]]:
    """The roles that may read records with a visibility, by kind of record; kinds open to every role are left out."""
    return {
        model._meta.label_lower: tuple(roles)
        for model in apps.get_models()
        if (roles := getattr(model, "confidential_roles", ())) and hasattr(model, "visibility")
    }


def concerning_q(model: type[models.Model], organisation_ids: Collection[int], prefix: str = "") -> Q:
    """Rows that concern one of these organisations (ids); `prefix` is the path to them from another model."""
    return _any_of(_path_q(model, path, organisation_ids, prefix) for path in visible_through(model))


def visible_through(model: type[models.Model]) -> tuple[str, ...]:
    """The paths from a record to the organisations it concerns; none if only officers and named persons see it."""
    return tuple(getattr(model, "visible_through", ()))


def organisation_ids_of(model: type[models.Model], record_id: int) -> set[int]:
    """The ids of the organisations that one record concerns."""
    return organisation_ids_by_record(model, [record_id])[record_id]


def organisation_ids_by_record(model: type[models.Model], record_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the organisations that each of these records (ids) concerns."""
    ids: dict[int, set[int]] = {record_id: set() for record_id in record_ids}
    for path in visible_through(model):
        pairs = model._default_manager.filter(pk__in=ids).order_by().values_list("pk", path)
        for record_id, organisation_id in pairs:
            if organisation_id is not None:
                ids[record_id].add(organisation_id)
    return ids


def visible_records(model: type[ModelT], actor: Actor) -> models.QuerySet[ModelT]:
    """The records of a model that an actor may read; its rows are a `VisibleQuerySet`."""
    manager: Any = model._default_manager  # Any: what manager a model has is known of a named model alone
    visible: models.QuerySet[ModelT] = manager.visible_to(actor)
    return visible


def shown_with(model: type[models.Model]) -> tuple[str, ...]:
    """The paths to the records that an actor must be allowed to see in order to see a record of this model."""
    return tuple(getattr(model, "shown_with", [path for path in visible_through(model) if path != OWN_ID]))


def related_rows(model: type[models.Model], path: str) -> tuple[type[models.Model], str] | None:
    """For a path that begins with a reverse foreign key, the related model and its key to the record; else `None`."""
    field = field_of(model, path.split("__", maxsplit=1)[0])
    return (field.related_model, field.field.name) if field.one_to_many else None


def _path_q(model: type[models.Model], path: str, organisation_ids: Collection[int], prefix: str) -> Q:
    rows_and_key = related_rows(model, path) if path != OWN_ID else None
    if rows_and_key is None:
        return Q(**{f"{prefix}{path}__in": organisation_ids})
    rows, key = rows_and_key
    related = rows._default_manager.filter(**{f"{path.split('__', 1)[1]}__in": organisation_ids})
    return Q(**{f"{prefix}id__in": related.values(key)})


def _end_visible_q(model: type[models.Model], path: str, actor: Actor) -> Q:
    """Rows whose record at the end of the path is visible to the actor, or that have none there."""
    rows_and_key = related_rows(model, path)
    if rows_and_key is None:
        return _related_visible_q(model, path, actor, "")
    rows, key = rows_and_key
    end_path = path.split("__", 1)[1]
    linked_rows = rows._default_manager.filter(**{key: OuterRef("id"), f"{end_path}__isnull": False})
    ends = visible_records(field_of(rows, end_path).related_model, actor)
    return ~Q(Exists(linked_rows.exclude(**{f"{end_path}__in": ends.values("id")})))


def _related_visible_q(model: type[models.Model], path: str, actor: Actor, prefix: str) -> Q:
    """`_end_visible_q` for a foreign key, applied in turn to the records that the related record is shown with."""
    field = field_of(model, path)
    condition = own_visibility_q(field.related_model, actor, f"{prefix}{path}__")
    for next_path in shown_with(field.related_model):
        if related_rows(field.related_model, next_path) is None:
            condition &= _related_visible_q(field.related_model, next_path, actor, f"{prefix}{path}__")
    return condition | Q(**{f"{prefix}{path}__isnull": True}) if field.null else condition


def _any_of(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions, Q(pk__in=[]))
