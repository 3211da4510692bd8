"""Who may change the visibility of a record."""

from django.db.models import Model

from maillage.core.actors import MANAGER, PILOT, Actor
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import organisation_ids_of, visible_through


def has_settable_visibility(model: type[Model] | Model) -> bool:
    """Whether records of a model have a visibility that can be set; some always stay with their organisations."""
    return hasattr(model, "kind_name") and not getattr(model, "stays_with_its_organisations", False)


def may_set_visibility(actor: Actor, record: Model) -> bool:
    """Whether the actor may set who sees a record: officers, and managers of all the organisations it concerns."""
    if actor.is_officer:
        return True
    manages = actor.acting is not None and actor.acting.role in (MANAGER, PILOT)
    may_manage = manages and bool(visible_through(type(record))) and not getattr(record, "disclosed_by_officers", False)
    if not may_manage:
        return False
    with read_everything():
        organisation_ids = set(organisation_ids_of(type(record), record.pk))
    return bool(organisation_ids) and organisation_ids <= actor.reach
