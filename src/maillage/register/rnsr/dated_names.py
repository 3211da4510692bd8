"""Which names of an organisation begin, go on and end with an export that states its names on a day.

A name that is stated is open and attested from the first day on which it was stated. One that a later export no longer
states ended on an unknown day, and is attested up to the last day on which it was stated. Names from other sources,
which no export has attested, are left as they are.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from maillage.core.periods import OPEN, UNKNOWN
from maillage.register.models import Name, Organisation
from maillage.register.rnsr.records import StatedName


@dataclass(slots=True)
class NameChanges:
    new: list[Name] = field(default_factory=list)
    changed: list[Name] = field(default_factory=list)


def change_names(
    organisation: Organisation,
    existing: Collection[Name],
    stated: Iterable[StatedName],
    day: dt.date,
    latest: dt.date | None,
    changes: NameChanges,
) -> bool:
    """Note what an export of `day` changes in the names of an organisation; return whether it changes any.

    `latest` is the day of the latest export that stated its names before, if there is one.
    """
    is_latest = latest is None or day >= latest
    before = len(changes.new), len(changes.changed)
    by_identity = {_identity(name): name for name in existing if not name.period_start}
    dated = {_identity(name) for name in existing if name.period_start and name.period_end == OPEN}
    stated_names = {_identity(name): name for name in stated if _identity(name) not in dated}
    for identity, stated_name in stated_names.items():
        name = by_identity.get(identity)
        if name is None:
            changes.new.append(_new_name(organisation, stated_name, day, is_open=is_latest))
        elif _state_again(name, day, is_latest=is_latest):
            changes.changed.append(name)
    if is_latest and latest is not None:
        for identity, name in by_identity.items():
            if identity not in stated_names and name.attested and name.period_end == OPEN:
                _set_period(name, UNKNOWN, attested_between(name.attested, latest))
                changes.changed.append(name)
    return before != (len(changes.new), len(changes.changed))


def _identity(name: Name | StatedName) -> tuple[str, str, str]:
    return name.kind, name.language, name.text


def _new_name(organisation: Organisation, stated: StatedName, day: dt.date, *, is_open: bool) -> Name:
    name = Name(organisation=organisation, text=stated.text, language=stated.language, kind=stated.kind)
    _set_period(name, OPEN if is_open else UNKNOWN, day.isoformat())
    return name


def _state_again(name: Name, day: dt.date, *, is_latest: bool) -> bool:
    """Note that a name was stated on a day; return whether that changes it."""
    before = name.period_end, name.attested
    if name.period_end == UNKNOWN and name.attested:
        if is_latest:
            _set_period(name, OPEN, day.isoformat())
        else:
            _set_period(name, UNKNOWN, attested_between(name.attested, day))
    elif name.attested:
        _set_period(name, name.period_end, min(name.attested, day.isoformat()))
    elif name.period_end == UNKNOWN and is_latest:
        _set_period(name, OPEN, day.isoformat())
    return before != (name.period_end, name.attested)


def attested_between(attested: str, day: dt.date) -> str:
    """What attests something that was also stated on a day: the first and the last of these days."""
    days = sorted({*attested.split("/"), day.isoformat()})
    return days[0] if len(days) == 1 else f"{days[0]}/{days[-1]}"


def _set_period(name: Name, end: str, attested: str) -> None:
    name.period_end, name.attested = end, attested
    name.prepare()
