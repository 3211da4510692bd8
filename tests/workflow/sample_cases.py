"""Persons who act on cases."""

import datetime as dt

from maillage.core.actors import READER, SYSTEM_ROLE, ActiveMandate, Actor
from maillage.workflow.actions.cases import open_case
from maillage.workflow.models import Case
from maillage.workflow.queries import cases, may_apply_transition, order_by_urgency

HERE, ELSEWHERE = 71, 72
# A Monday morning in Paris, in a week without holiday.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def actor_with_role(role: str, organisation: int = HERE, user_id: int = 1) -> Actor:
    """Who holds one role: of the site, or by a mandate for an organisation."""
    if role in ("officer", "reader", "system"):
        return Actor(role, frozenset({READER, role}), user_id)
    mandate = ActiveMandate(1, role, organisation, "An institute", dt.date(2020, 1, 1), reach=frozenset({organisation}))
    return Actor(role, frozenset({READER}), user_id, mandate)


# A reader whom the site lets open a case about any organisation, as an action of a room does.
OPENING_ACTOR = Actor("reader", frozenset({READER, SYSTEM_ROLE}), 9)


def open_sample_case(process: str = "correction", **more) -> Case:
    more = {"organisation_id": HERE, "title": "A page", "at": MONDAY, "actor": OPENING_ACTOR} | more
    return open_case(process=process, **more)


def waiting_cases(*, actor: Actor, at: dt.datetime) -> list[Case]:
    """The running cases to which an actor may apply a transition, by urgency."""
    return [case for case in order_by_urgency(cases(actor=actor).running()) if _waits_for(case, actor, at.date())]


def _waits_for(case: Case, actor: Actor, day: dt.date) -> bool:
    leaving = case.definition.definition.leaving(case.state)
    return any(may_apply_transition(actor, case, transition, day) for transition in leaving)
