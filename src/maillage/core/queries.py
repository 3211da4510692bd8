"""Queries."""

from typing import Any

from maillage.core.actors import Actor
from maillage.core.models import Contradiction, Grant
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import VisibleQuerySet
from maillage.core.security.visibility_rules import may_set_visibility


def contradictions(*, actor: Actor) -> VisibleQuerySet:
    """Contradictions this actor may read, the open ones first."""
    found: VisibleQuerySet = Contradiction.objects.visible_to(actor).order_by("-settled_at", "topic_en")
    return found


def named_readers(record: Any, *, actor: Actor) -> list[Any]:
    """The persons named for a record, for those who may name them; else none."""
    if not may_set_visibility(actor, record):
        return []
    with read_everything():
        named = Grant.objects.filter(record_kind=type(record).kind_name(), record_id=record.pk)
        return [row.person for row in named.select_related("person").order_by("person__name", "id")[:100]]
