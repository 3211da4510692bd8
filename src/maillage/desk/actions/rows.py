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
from maillage.desk.notifications import notify_given, notify_reminded
from maillage.desk.providers import DeskRow
from maillage.desk.queries import desk_rows, persons_who_may_act, read_desk
from maillage.people.models import User

MAX_ROWS_AT_ONCE = 200
_LONGEST_SNOOZE = dt.timedelta(days=366)


@action(READER, title=gettext_lazy("Give rows of the desk to somebody"), over_api=False)
def assign_rows(
    *, actor: Actor, at: dt.datetime, keys: Sequence[str], person_id: int, reason: str = ""
) -> list[DeskRow]:
    """Say who takes care of rows that wait for the actor: the actor, or a colleague who may act on each of them.

    A colleague is told at once.

    Raises `ActionError` for a row that is no longer there, and for a person who may not act on one of them.
    """
    rows = _team_rows(actor, at, keys)
    may_act = persons_who_may_act(rows, timezone.localdate(at)).get(person_id, set())
    if refused := [row.title for row in rows if row.key not in may_act]:
        raise ActionError(_("This person holds no mandate for “%s”; choose another colleague.") % refused[0])
    give_rows(rows, person_id, at)
    if person_id != actor.user_id:
        notify_given([row.title for row in rows], person_id, actor, at, reason)
    return rows


def give_rows(rows: Sequence[DeskRow], person_id: int, at: dt.datetime) -> None:
    """Save who takes care of rows; the caller has checked that this person may."""
    for row in rows:
        RowOwner.objects.update_or_create(**_team(row), defaults={"owner_id": person_id, "since": at})


@action(READER, title=gettext_lazy("Remind colleagues of rows of the desk"), over_api=False)
def remind_of_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[str]:
    """Tell those who take care of rows, or all who may where nobody does, that these wait; return their names.

    Raises `ActionError` for a row that is no longer there, and where nobody but the actor may act on them.
    """
    rows = _team_rows(actor, at, keys)
    rows_by_person = _rows_by_person(rows, actor, timezone.localdate(at))
    if not rows_by_person:
        raise ActionError(_("Nobody but you may deal with these rows; give a mandate to a colleague first."))
    for person_id, of_person in rows_by_person.items():
        notify_reminded(of_person, person_id, actor, at)
    return list(User.objects.filter(pk__in=rows_by_person).order_by("name").values_list("name", flat=True))


def _rows_by_person(rows: Sequence[DeskRow], actor: Actor, day: dt.date) -> dict[int, list[DeskRow]]:
    """The rows of which each person (id) is reminded: their owner, or else all who may act, but never the actor."""
    found: dict[int, list[DeskRow]] = {}
    may_act = persons_who_may_act(rows, day)
    for row in rows:
        persons = {row.owner_id} if row.owner_id else {person for person, may in may_act.items() if row.key in may}
        for person in persons - {actor.user_id}:
            found.setdefault(person or 0, []).append(row)
    return found


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
    rows = _rows_by_keys(desk_rows(person_of(actor), at), keys)
    for row in rows:
        Snooze.objects.update_or_create(
            person_id=actor.user_id, kind=row.kind, number=row.number, defaults={"until": until}
        )
    return rows


@action(READER, title=gettext_lazy("Bring rows back to the desk"), over_api=False)
def wake_rows(*, actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[DeskRow]:
    """Show rows again that the actor had put off."""
    rows = _rows_by_keys([row for row, _until in read_desk(person_of(actor), at).snoozed], keys)
    for row in rows:
        Snooze.objects.filter(person=actor.user_id, kind=row.kind, number=row.number).delete()
    return rows


def person_of(actor: Actor) -> User:
    """The person whose desk it is. Raises `ActionForbiddenError` for the public."""
    if actor.user_id is None:
        raise ActionForbiddenError(_("Sign in: a desk belongs to a person."))
    return User.objects.get(pk=actor.user_id)


def _team_rows(actor: Actor, at: dt.datetime, keys: Sequence[str]) -> list[DeskRow]:
    rows = _rows_by_keys(desk_rows(person_of(actor), at), keys)
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
