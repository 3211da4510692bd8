"""Reading contradictions, and the persons named for a record."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from maillage.core.actors import Actor
from maillage.core.models import Contradiction, Grant
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import VisibleQuerySet
from maillage.core.security.visibility_changes import may_set_visibility


def contradictions(*, actor: Actor) -> VisibleQuerySet[Contradiction]:
    """Contradictions this actor may read, the open ones first."""
    records: VisibleQuerySet[Contradiction] = Contradiction.objects.visible_to(actor).order_by(
        "-settled_at", "topic_en"
    )
    return records


def named_readers(record: Model, *, actor: Actor) -> list[AbstractBaseUser]:
    """The persons named for a record, at most 100; none for an actor who may not name them."""
    if not may_set_visibility(actor, record):
        return []
    with read_everything():
        grants = Grant.objects.filter(record_kind=record._meta.label_lower, record_id=record.pk)
        return [grant.person for grant in grants.select_related("person").order_by("person__name", "id")[:100]]
