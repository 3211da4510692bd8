"""Where the organisations of a day are: towns, with the coordinates that records of the register give them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Avg, Count, Max, Min

from maillage.core.actors import Actor
from maillage.core.models import FactQuerySet
from maillage.core.text import fold
from maillage.register.models import Organisation
from maillage.register.queries import organisations

# So many pairs of town and region are read, those with most organisations first.
MAX_GROUPS = 20_000
MAX_NAMED = 3_000
# What a name in a list of a town needs.
_NAMING = ("key", "acronym", "name_fr", "name_en", "city", "country", "region")
# Records of one town lie within so many degrees; where they do not, these are towns of the same name.
_SAME_TOWN = 0.6


@dataclass(slots=True)
class Town:
    """A town with its coordinates and the number of organisations in it; `names` are some of them.

    `region` is given where there are several towns of that name. `spellings` are the town and region as records have
    them.
    """

    name: str
    country: str
    latitude: float
    longitude: float
    count: int = 0
    region: str = ""
    spellings: frozenset[tuple[str, str]] = frozenset()
    names: list[Organisation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Places:
    """The towns, those with most organisations first, and how many organisations are in none of them."""

    towns: list[Town]
    placed: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class _Group:
    """The organisations of one country, town and region: how many, and where those with coordinates lie."""

    country: str
    city: str
    region: str
    count: int
    located: int
    latitudes: tuple[float, float, float]
    longitudes: tuple[float, float, float]

    @property
    def is_one_place(self) -> bool:
        """Whether those with coordinates lie together."""
        spread = max(self.latitudes[2] - self.latitudes[0], self.longitudes[2] - self.longitudes[0])
        return self.located > 0 and spread <= _SAME_TOWN


def places_on(*, actor: Actor, on: dt.date, country: str = "") -> Places:
    """Where the organisations of a day are; `country` keeps those of one country.

    An organisation without coordinates lies where others of its town do, unless several towns have that name.
    """
    existing = organisations(actor=actor, on=on).order_by()
    existing = existing.filter(country=country) if country else existing
    groups = list(_groups(existing))
    towns = list(_towns(groups))
    placed = sum(town.count for town in towns)
    towns.sort(key=lambda town: (-town.count, town.country, town.name))
    return Places(towns, placed, existing.count() - placed)


def name_organisations(towns: list[Town], *, actor: Actor, on: dt.date, most: int) -> None:
    """Add to each town the names of some of its organisations, by name; one query."""
    by_town = {(town.country, *spelling): town for town in towns for spelling in town.spellings}
    cities = {city for _country, city, _region in by_town}
    rows = organisations(actor=actor, on=on).filter(city__in=cities).only(*_NAMING)
    for organisation in rows[:MAX_NAMED]:
        town = by_town.get((organisation.country, organisation.city, organisation.region))
        if town and len(town.names) < most:
            town.names.append(organisation)


def _groups(existing: FactQuerySet[Organisation]) -> Iterator[_Group]:
    rows = existing.values("country", "city", "region").annotate(
        count=Count("pk"), located=Count("latitude"),
        south=Min("latitude"), middle_latitude=Avg("latitude"), north=Max("latitude"),
        west=Min("longitude"), middle_longitude=Avg("longitude"), east=Max("longitude"),
    )  # fmt: skip
    for row in rows.order_by("-count", "country", "city", "region")[:MAX_GROUPS]:
        latitudes = (row["south"] or 0.0, row["middle_latitude"] or 0.0, row["north"] or 0.0)
        longitudes = (row["west"] or 0.0, row["middle_longitude"] or 0.0, row["east"] or 0.0)
        yield _Group(row["country"], row["city"], row["region"], row["count"], row["located"], latitudes, longitudes)


def _towns(groups: Iterable[_Group]) -> Iterator[Town]:
    """One town for the groups of a name that lie together; groups of other regions of the same name stay apart."""
    named: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for group in groups:
        if group.city:
            named[group.country, fold(group.city)].append(group)
    for same_name in named.values():
        located = [group for group in same_name if group.is_one_place]
        if not located:
            continue
        if _lie_together(located):
            yield _town(same_name, located)
        else:
            yield from (_town([group], [group], group.region) for group in located)


def _lie_together(groups: list[_Group]) -> bool:
    north, south = max(group.latitudes[2] for group in groups), min(group.latitudes[0] for group in groups)
    east, west = max(group.longitudes[2] for group in groups), min(group.longitudes[0] for group in groups)
    return max(north - south, east - west) <= _SAME_TOWN


def _town(groups: list[_Group], located: list[_Group], region: str = "") -> Town:
    weight = sum(group.located for group in located)
    latitude = sum(group.latitudes[1] * group.located for group in located) / weight
    longitude = sum(group.longitudes[1] * group.located for group in located) / weight
    largest = max(located, key=lambda group: group.count)
    count, spellings = sum(group.count for group in groups), frozenset((group.city, group.region) for group in groups)
    return Town(largest.city, largest.country, latitude, longitude, count, region, spellings)
