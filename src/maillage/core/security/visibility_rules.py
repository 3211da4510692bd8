"""Visibility rules."""

from typing import Any

from maillage.core.actors import MANAGER, PILOT, Actor
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import organisation_ids_of, visible_through


def has_settable_visibility(model: Any) -> bool:
    """Whether anybody says who sees records of a model; some stay with the bodies they are before."""
    return hasattr(model, "kind_name") and not getattr(model, "stays_with_its_organisations", False)


def may_set_visibility(actor: Actor, record: Any) -> bool:
    """Whether the actor may say who sees a record that he reads: none that concerns others too decides for them."""
    if actor.is_officer:
        return True
    manages = actor.acting is not None and actor.acting.role in (MANAGER, PILOT)
    own = manages and bool(visible_through(type(record))) and not getattr(record, "disclosed_by_officers", False)
    if not own:
        return False
    with read_everything():
        bodies = set(organisation_ids_of(type(record), record.pk))
    return bool(bodies) and bodies <= actor.reach
