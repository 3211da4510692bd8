"""Reading contradictions, and the persons named for a record."""

from typing import Any

from maillage.core.actors import Actor
from maillage.core.models import Contradiction, Grant
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import VisibleQuerySet
from maillage.core.security.visibility_rules import may_set_visibility


def contradictions(*, actor: Actor) -> VisibleQuerySet[Contradiction]:
    """Contradictions this actor may read, the open ones first."""
    records: VisibleQuerySet[Contradiction] = Contradiction.objects.visible_to(actor).order_by(
        "-settled_at", "topic_en"
    )
    return records


def named_readers(record: Any, *, actor: Actor) -> list[Any]:
    """The persons named for a record, at most 100; none for an actor who may not name them."""
    if not may_set_visibility(actor, record):
        return []
    with read_everything():
        grants = Grant.objects.filter(record_kind=type(record).kind_name(), record_id=record.pk)
        return [grant.person for grant in grants.select_related("person").order_by("person__name", "id")[:100]]
