"""What waits for a person over all mandates and roles, who of the team takes care of it, and who could."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from maillage.core.actors import OFFICER, ActiveMandate, Actor
from maillage.core.security.session_scope import actor_scope, read_everything
from maillage.desk.models import RowOwner, Snooze
from maillage.desk.providers import DESK_PROVIDERS, DeskReader, DeskRow, RowProvider
from maillage.people.models import User
from maillage.people.queries import active_mandates, actor_of_person, attended_organisations, role_holders
from maillage.register.queries import short_names

# What the header counts at most; beyond it says "more than".
MAX_COUNTED_ROWS = 100


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many rows wait for a person and are theirs or nobody's, and how many of these are overdue."""

    count: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for a person: rows by due day, with those of colleagues; and those put off, each until its day.

    `cut` are the kinds of which more waits than the rows hold.
    """

    readers: list[DeskReader]
    rows: list[DeskRow]
    snoozed: list[tuple[DeskRow, dt.date]]
    cut: frozenset[str]


def desk_readers(user: User, at: dt.datetime) -> list[DeskReader]:
    """A person once for each role held by a mandate at a moment, or once without; each reads what that role reads."""
    by_role: dict[str, list[ActiveMandate]] = {}
    for mandate in active_mandates(user, timezone.localdate(at)):
        by_role.setdefault(mandate.role, []).append(mandate)
    readers = [_reader_by_role(user, at, mandates) for mandates in by_role.values()]
    return readers or [DeskReader(actor_of_person(user), at)]


def _reader_by_role(user: User, at: dt.datetime, mandates: list[ActiveMandate]) -> DeskReader:
    reads_all = replace(
        mandates[0],
        reach=frozenset[int]().union(*(mandate.reach for mandate in mandates)),
        network=frozenset[int]().union(*(mandate.network for mandate in mandates)),
    )
    return DeskReader(actor_of_person(user, reads_all), at, tuple(mandates))


def read_desk(user: User, at: dt.datetime) -> Desk:
    """All that waits for a person at a moment."""
    readers = desk_readers(user, at)
    day = readers[0].day
    put_off, rows, snoozed = _put_off(user, day), [], []
    for row in (*_rows_of_readers(readers), *_unattended_rows(readers[0])):
        if until := put_off.get((row.kind, row.number)):
            snoozed.append((row, until))
        else:
            rows.append(row)
    cut = frozenset[str]().union(*(reader.cut for reader in readers))
    return Desk(readers, sorted(_with_owners(rows, readers), key=lambda row: row.order), snoozed, cut)


def owned_rows(user: User, at: dt.datetime) -> list[DeskRow]:
    """The rows that a person takes care of for a team, also those put off."""
    desk = read_desk(user, at)
    rows = _with_owners([*desk.rows, *(row for row, _until in desk.snoozed)], desk.readers)
    return [row for row in rows if row.owner_id == user.pk and not row.person_id]


def desk_rows(user: User, at: dt.datetime) -> list[DeskRow]:
    """All that waits for a person, by due day, with what colleagues take care of; without what the person put off."""
    return read_desk(user, at).rows


def _put_off(user: User, day: dt.date) -> dict[tuple[str, int], dt.date]:
    """Until when the person put rows off, by kind and number."""
    with read_everything():
        snoozes = Snooze.objects.filter(person=user, until__gt=day).values_list("kind", "number", "until")
        return {(kind, number): until for kind, number, until in snoozes}


def _rows_of_readers(readers: Iterable[DeskReader]) -> list[DeskRow]:
    """The rows by all roles; what waits for several of them stands once, for the first."""
    rows: dict[str, DeskRow] = {}
    for reader in readers:
        with actor_scope(reader.actor):
            for row in _own_rows(reader):
                rows.setdefault(row.key, row)
    return list(rows.values())


def _own_rows(reader: DeskReader) -> Iterator[DeskRow]:
    for provider in DESK_PROVIDERS.values():
        for row in _rows_of_provider(provider, reader):
            if own := _with_mandate(row, reader):
                yield own


def _rows_of_provider(provider: RowProvider, reader: DeskReader) -> Iterator[DeskRow]:
    """The rows of a provider; where it has more than it gives, the first ones of each mandate too."""
    cut = len(reader.cut)
    yield from list(provider(reader))
    if len(reader.cut) > cut and len(reader.mandates) > 1:
        for mandate in reader.mandates:
            yield from provider(replace(reader, mandates=(mandate,)))


def _with_mandate(row: DeskRow, reader: DeskReader) -> DeskRow | None:
    """The row with the mandate by which the reader acts on it; `None` where no mandate and no role allows that."""
    if row.person_id:
        own = next((mandate for mandate in reader.mandates if mandate.role in row.roles), None)
        return replace(row, mandate=own, owner_id=row.person_id) if row.person_id == reader.actor.user_id else None
    for mandate in reader.mandates:
        within = [pk for pk in row.organisation_ids if pk in mandate.reach]
        if mandate.role in row.roles and within:
            return replace(row, mandate=mandate, organisation_id=within[0])
    return row if reader.actor.roles & row.roles else None


def _unattended_rows(reader: DeskReader) -> Iterator[DeskRow]:
    """For an officer: what waits for organisations for which nobody holds a role that could act."""
    if not reader.actor.is_officer:
        return
    attended = attended_organisations(reader.day)
    nobody = replace(reader, mandates=(), attended=attended)
    with actor_scope(reader.actor):
        rows = [row for provider in DESK_PROVIDERS.values() for row in provider(nobody)]
    for row in rows:
        acts = any(pk in attended.get(role, ()) for role in row.roles for pk in row.organisation_ids)
        if row.organisation_ids and not acts and not reader.actor.roles & row.roles:
            yield replace(row, organisation_id=row.organisation_ids[0], is_unattended=True)


def _with_owners(rows: list[DeskRow], readers: Sequence[DeskReader]) -> list[DeskRow]:
    """The rows with who takes care of them, each for the organisation for which it waits for the reader.

    A person who may no longer act on a row does not count.
    """
    day, mandates = readers[0].day, [mandate for reader in readers for mandate in reader.mandates]
    kinds, numbers = {row.kind for row in rows}, {row.number for row in rows}
    with read_everything():
        found = list(RowOwner.objects.filter(kind__in=kinds, number__in=numbers).select_related("owner"))
    if not found:
        return rows
    owners = _Owners({(owner.kind, owner.number, owner.organisation_id): owner.owner for owner in found}, rows, day)
    persons = {readers[0].actor.user_id, *(mandate.stands_in_for_id for mandate in mandates)} - {None}
    return [_stood_in(owners.placed(row, mandates, persons), mandates) for row in rows]


class _Owners:
    """Who takes care of rows, by kind, number and organisation, and who may act on them."""

    def __init__(self, by_team: dict[tuple[str, int, int | None], User], rows: Sequence[DeskRow], day: dt.date) -> None:
        self._by_team = by_team
        owned = {(kind, number) for kind, number, _organisation in by_team}
        within = (row for row in rows if (row.kind, row.number) in owned)
        self._holders = role_holders({pk for row in within for pk in row.organisation_ids}, day)

    def placed(self, row: DeskRow, mandates: Iterable[ActiveMandate], persons: Collection[int | None]) -> DeskRow:
        """The row with its owner, for one of the organisations that the reader acts for.

        First one for which the reader, or whom the reader stands in for (`persons`), takes care of it; then one for
        which nobody does, nor whoever does for another.
        """
        teams = [self._with_owner(team) for team in _teams(row, mandates)]
        owners = {team.owner_id for team in teams} - {None}
        waiting = (team for team in teams if team.owner_id is None and not self._acts_for(owners, team))
        own = (team for team in teams if team.owner_id in persons)
        return next(own, None) or next(waiting, None) or next(team for team in teams if team.owner_id)

    def _with_owner(self, row: DeskRow) -> DeskRow:
        owner = self._by_team.get((row.kind, row.number, None if row.is_unattended else row.organisation_id))
        if owner is None or not owner.is_active:
            return row
        if row.organisation_id and not row.is_unattended:
            still_acts = self._acts_for({owner.pk}, row)
        else:
            still_acts = owner.is_officer
        return replace(row, owner_id=owner.pk, owner=owner.name) if still_acts else row

    def _acts_for(self, persons: Collection[int | None], row: DeskRow) -> bool:
        """Whether one of these persons may act on a row for its organisation."""
        teams = [(role, row.organisation_id or 0) for role in row.roles]
        return any(person in self._holders.get(team, ()) for person in persons for team in teams)


def _teams(row: DeskRow, mandates: Iterable[ActiveMandate]) -> list[DeskRow]:
    """The row for each organisation for which one of the mandates may act on it, the one it stands under first."""
    if row.person_id or row.is_unattended or row.mandate is None:
        return [row]
    rows = {row.organisation_id: row}
    for mandate in mandates:
        for organisation_id in row.organisation_ids if mandate.role in row.roles else ():
            if organisation_id in mandate.reach:
                rows.setdefault(organisation_id, replace(row, mandate=mandate, organisation_id=organisation_id))
    return list(rows.values())


def _stood_in(row: DeskRow, mandates: Iterable[ActiveMandate]) -> DeskRow:
    """The row with the mandate delegated by its owner, if there is one, also where the reader has one of their own."""
    for mandate in mandates if row.owner_id else ():
        if (
            mandate.stands_in_for_id == row.owner_id
            and mandate.role in row.roles
            and row.organisation_id in mandate.reach
        ):
            return replace(row, mandate=mandate, is_stood_in=True)
    return row


def waits_for(rows: Iterable[DeskRow], user_id: int) -> list[DeskRow]:
    """The rows that are this person's or nobody's, or of whoever this person stands in for."""
    return [row for row in rows if row.owner_id in (None, user_id) or row.is_stood_in]


def count_waiting(rows: Sequence[DeskRow], user_id: int, day: dt.date) -> WaitingCount:
    """The count of the header: rows that are mine or nobody's."""
    own = waits_for(rows, user_id)
    return WaitingCount(len(own), sum(1 for row in own if row.due and row.due < day))


def colleagues(rows: Iterable[DeskRow], user: User, day: dt.date) -> list[User]:
    """Those to whom some of the rows can be given: persons who may act on one of them, by name."""
    candidates = [row for row in rows if not row.person_id]
    person_ids = set(persons_who_may_act(candidates, day).keys())
    return list(User.objects.filter(pk__in=person_ids - {user.pk}).order_by("name", "pk")[:200])


def persons_who_may_act(rows: Collection[DeskRow], day: dt.date) -> dict[int, set[str]]:
    """The ids of the persons who may act on rows, each with the keys of these rows."""
    holders = role_holders({row.organisation_id for row in rows if row.organisation_id}, day)
    officers = set(User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True))
    found: dict[int, set[str]] = {}
    for row in rows:
        persons = officers if row.is_unattended or OFFICER in row.roles else set[int]()
        if row.organisation_id and not row.is_unattended:
            persons = persons.union(*(holders.get((role, row.organisation_id), set()) for role in row.roles))
        for person in persons:
            found.setdefault(person, set()).add(row.key)
    return found


@dataclass(frozen=True, slots=True)
class RowCare:
    """Who of a team takes care of a row, since when, and to which colleagues it can be given."""

    owner: User | None
    since: dt.datetime | None
    colleagues: list[User]


def care_of_row(
    kind: str, number: int, organisation_id: int, roles: Iterable[str], user_id: int, at: dt.datetime
) -> RowCare:
    """Who takes care of a row for an organisation; whoever may no longer act on it does not count."""
    holders = role_holders({organisation_id}, timezone.localdate(at))
    persons = set[int]().union(*(holders.get((role, organisation_id), set()) for role in roles))
    with read_everything():
        row = RowOwner.objects.filter(kind=kind, number=number, organisation=organisation_id).select_related("owner")
        owned = row.filter(owner__in=persons).first()
    colleagues = list(User.objects.filter(pk__in=persons - {user_id}).order_by("name", "pk")[:200])
    return RowCare(owned.owner if owned else None, owned.since if owned else None, colleagues)


def organisation_names_of(rows: Iterable[DeskRow], actor: Actor) -> dict[int, str]:
    """The short names of the organisations for which the rows wait."""
    with read_everything():
        return short_names({row.organisation_id for row in rows if row.organisation_id}, actor=actor)
