"""Who sees a record. Every read of every room starts from `visible_to(actor)`.

A record with a `visibility` says through which fields it concerns organisations, and with which records it is shown:

    visible_through: ClassVar = ("subject", "object")     # a mandate for either end opens the tie
    shown_with: ClassVar = ("subject", "object")          # whoever may not see one of them does not see the tie

Without `shown_with`, a record is shown with the organisations it concerns. A path is `id` (the record is the
organisation itself), a foreign key, two foreign keys, or a row of another table and its foreign key. The database keeps
the same rule by itself (see `core.security.row_policies`), for the read that forgot to ask.
"""

import functools
import operator
from collections.abc import Collection, Iterable
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor

OWN_ID = "id"


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    NETWORK = "network", _("network")
    ORGANISATION = "organisation", _("organisation")
    NAMED = "named", _("named persons")


class VisibleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        """The records this actor may read: all for an officer of the site, else those that are open to him.

        Public ones are; those of a network to which the actor's organisation belongs; those of an organisation within
        the actor's reach; those granted to the person. One that names a record he may not see is not shown either.
        """
        return self if actor.is_officer else self.filter(visible_q(self.model, actor))


def visible_q(model: type[models.Model], actor: Actor) -> Q:
    """The condition of `visible_to` on the rows of a model, or on the events of its rows. It joins no row twice."""
    found = own_visibility_q(model, actor)
    for path in shown_with(model):
        found &= _shown_q(model, path, actor)
    return found


def own_visibility_q(model: type[models.Model], actor: Actor, prefix: str = "") -> Q:
    """That a row's own visibility opens it to the actor; `prefix` leads to the row from another one."""
    found = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if wide := actor.network | actor.reach:
        found |= Q(**{f"{prefix}visibility": Visibility.NETWORK}) & concerning_q(model, wide, prefix)
    if actor.reach:
        found |= Q(**{f"{prefix}visibility": Visibility.ORGANISATION}) & concerning_q(model, actor.reach, prefix)
    if actor.user_id:
        granted = apps.get_model("core", "Grant")._default_manager.filter(
            record_kind=model._meta.label_lower, person=actor.user_id
        )
        found |= Q(**{f"{prefix}visibility": Visibility.NAMED, f"{prefix}id__in": granted.values("record_id")})
        if owner := getattr(model, "owner", ""):
            found |= Q(**{f"{prefix}{owner}": actor.user_id})
    return found


def concerning_q(model: type[models.Model], bodies: Collection[int], prefix: str = "") -> Q:
    """That a row concerns one of these organisations (ids)."""
    return _any_q(_path_q(model, path, bodies, prefix) for path in visible_through(model))


def visible_through(model: type[models.Model]) -> tuple[str, ...]:
    """The paths from a record to the organisations it concerns; none where only officers and named persons see it."""
    return tuple(getattr(model, "visible_through", ()))


def organisation_ids_of(model: type[models.Model], record_id: int) -> set[int]:
    """The ids of the organisations that one record concerns."""
    found: set[int] = set()
    for path in visible_through(model):
        rows = model._default_manager.filter(pk=record_id).order_by()
        found.update(each for each in rows.values_list(path, flat=True) if each is not None)
    return found


def shown_with(model: type[models.Model]) -> tuple[str, ...]:
    """The paths to the records without which one is not shown."""
    return tuple(getattr(model, "shown_with", [path for path in visible_through(model) if path != OWN_ID]))


def related_rows(model: type[models.Model], path: str) -> tuple[Any, str] | None:
    """The table of rows that a path leads over and its key to the record, where it leads over many; else nothing."""
    field: Any = model._meta.get_field(path.split("__", maxsplit=1)[0])
    return (field.related_model, field.field.name) if field.one_to_many else None


def _path_q(model: type[models.Model], path: str, bodies: Collection[int], prefix: str) -> Q:
    many = related_rows(model, path) if path != OWN_ID else None
    if many is None:
        return Q(**{f"{prefix}{path}__in": bodies})
    rows, key = many
    found = rows._default_manager.filter(**{f"{path.split('__', 1)[1]}__in": bodies})
    return Q(**{f"{prefix}id__in": found.values(key)})


def _shown_q(model: type[models.Model], path: str, actor: Actor) -> Q:
    """That the record at the end of a path, if there is one, is opened to the actor."""
    many = related_rows(model, path)
    if many is None:
        return _related_shown_q(model, path, actor, "")
    rows, key = many
    end = path.split("__", 1)[1]
    others = rows._default_manager.filter(**{key: OuterRef("id"), f"{end}__isnull": False})
    seen = rows._meta.get_field(end).related_model._default_manager.visible_to(actor)
    return ~Q(Exists(others.exclude(**{f"{end}__in": seen.values("id")})))


def _related_shown_q(model: type[models.Model], path: str, actor: Actor, prefix: str) -> Q:
    """The same along a foreign key: what a record is shown with must itself be shown, as far as keys lead."""
    field: Any = model._meta.get_field(path)
    opened = own_visibility_q(field.related_model, actor, f"{prefix}{path}__")
    for further in shown_with(field.related_model):
        if related_rows(field.related_model, further) is None:
            opened &= _related_shown_q(field.related_model, further, actor, f"{prefix}{path}__")
    return opened | Q(**{f"{prefix}{path}__isnull": True}) if field.null else opened


def _any_q(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions, Q(pk__in=[]))
