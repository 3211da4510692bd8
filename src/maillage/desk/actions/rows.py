"""Actions on rows of the desk: give them to somebody of the team, give them back, put them off."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import READER, Actor
from maillage.desk.models import RowOwner, Snooze
from maillage.desk.providers import DeskRow
from maillage.desk.queries import desk_rows, persons_who_may_act, snoozed_rows
from maillage.people.models import User

MAX_ROWS_AT_ONCE = 200
_LONGEST_SNOOZE = dt.timedelta(days=366)


@action(READER, title=gettext_lazy("Give rows of the desk to somebody"), over_api=False)
def assign_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str], person_id: int) -> list[DeskRow]:
    """Say who takes care of rows that wait for the actor: the actor, or a colleague who may act on each of them.

    Raises `ActionError` for a row that is no longer there, and for a person who may not act on one of them.
    """
    rows = _team_rows(actor, at, keys)
    may_act = persons_who_may_act(rows, timezone.localdate(at)).get(person_id, set())
    if refused := [row.title for row in rows if row.key not in may_act]:
        raise ActionError(_("This person holds no mandate for “%s”; choose another colleague.") % refused[0])
    for row in rows:
        RowOwner.objects.update_or_create(**_team(row), defaults={"owner_id": person_id, "since": at})
    return rows


@action(READER, title=gettext_lazy("Give rows of the desk back"), over_api=False)
def release_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[DeskRow]:
    """Let nobody in particular take care of rows. Raises `ActionError` for a row that is no longer there."""
    rows = _team_rows(actor, at, keys)
    for row in rows:
        RowOwner.objects.filter(**_team(row)).delete()
    return rows


@action(READER, title=gettext_lazy("Put rows of the desk off"), over_api=False)
def snooze_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str], until: dt.date) -> list[DeskRow]:
    """Hide rows from the actor's own desk before a day. Raises `ActionError` for a day that is past or a year away."""
    today = timezone.localdate(at)
    if not today < until <= today + _LONGEST_SNOOZE:
        raise ActionError(_("Choose a day after today and within a year."))
    rows = _rows_by_keys(desk_rows(_person(actor), at), keys)
    for row in rows:
        Snooze.objects.update_or_create(
            person_id=actor.user_id, kind=row.kind, number=row.number, defaults={"until": until}
        )
    return rows


@action(READER, title=gettext_lazy("Bring rows back to the desk"), over_api=False)
def wake_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[DeskRow]:
    """Show rows again that the actor had put off."""
    rows = _rows_by_keys([row for row, _until in snoozed_rows(_person(actor), at)], keys)
    for row in rows:
        Snooze.objects.filter(person=actor.user_id, kind=row.kind, number=row.number).delete()
    return rows


def _person(actor: Actor) -> User:
    if actor.user_id is None:
        raise ActionForbiddenError(_("Sign in: a desk belongs to a person."))
    return User.objects.get(pk=actor.user_id)


def _team_rows(actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[DeskRow]:
    rows = _rows_by_keys(desk_rows(_person(actor), at), keys)
    if own := [row.title for row in rows if row.person_id]:
        raise ActionError(_("“%s” waits for you alone and cannot be given to somebody else.") % own[0])
    return rows


def _rows_by_keys(rows: Sequence[DeskRow], keys: Sequence[str]) -> list[DeskRow]:
    """The rows of the actor's desk that were chosen; what may be chosen is what waits for a mandate of the actor."""
    by_key = {row.key: row for row in rows}
    if not keys:
        raise ActionError(_("Tick at least one row."))
    if len(keys) > MAX_ROWS_AT_ONCE or any(key not in by_key for key in keys):
        raise ActionError(_("One of these rows no longer waits for you; reload the page and choose again."))
    return [by_key[key] for key in dict.fromkeys(keys)]


class _Team(TypedDict):
    kind: str
    number: int
    organisation_id: int | None


def _team(row: DeskRow) -> _Team:
    """The place of a row: for the officers of the site, no organisation."""
    return _Team(kind=row.kind, number=row.number, organisation_id=None if row.is_unattended else row.organisation_id)
