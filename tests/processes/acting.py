"""Persons who act on cases."""

import datetime as dt

from maillage.kernel.actors import READER, SYSTEM_ROLE, Acting, Actor
from maillage.kernel.processes.actions import open_case
from maillage.kernel.processes.models import Case

HERE, ELSEWHERE = 71, 72
# A Monday morning in Paris, in a week without holiday.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def person(role: str, organisation: int = HERE, user_id: int = 1) -> Actor:
    """Who holds one role: of the site, or by a mandate for an organisation."""
    if role in ("officer", "reader", "system"):
        return Actor(role, frozenset({READER, role}), user_id)
    mandate = Acting(1, role, organisation, "An institute", dt.date(2020, 1, 1), reach=frozenset({organisation}))
    return Actor(role, frozenset({READER}), user_id, mandate)


# A reader whom the site lets open a case about any organisation, as an action of a room does.
OPENING = Actor("reader", frozenset({READER, SYSTEM_ROLE}), 9)


def opened(process: str = "correction", **more) -> Case:
    more = {"organisation_id": HERE, "title": "A page", "at": MONDAY, "actor": OPENING} | more
    return open_case(process=process, **more)
