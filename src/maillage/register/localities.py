"""Where an organisation is, for comparing two of them: its town and its region, by what the register says."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Lower

from maillage.core.actors import Actor
from maillage.core.regions import region_code, top_region
from maillage.core.text import fold
from maillage.register.models import Organisation

# The most towns whose region is looked for at once, and the most words of a place.
_MAX_TOWNS = 200
_MAX_PLACE = 200
_POSTAL_CODE = re.compile(r"^(?:[A-Z]{1,2}-)?\d{4,5}\s+(?=\D)")


@dataclass(frozen=True, slots=True)
class Locality:
    """A country (ISO 3166-1), a town as it was written, and a top-level region (ISO 3166-2); each may be empty."""

    country: str = ""
    town: str = ""
    region: str = ""

    def same_region(self, other: "Locality") -> bool:
        """Whether both surely lie in one region."""
        return bool(self.region) and self.region == other.region

    def same_town(self, other: "Locality") -> bool:
        """Whether both lie in a town of the same name, and not in two countries or regions."""
        if not self.town or fold(self.town) != fold(other.town):
            return False
        pairs = ((self.country, other.country), (self.region, other.region))
        return all(not one or not two or one == two for one, two in pairs)


def locality_of_text(text: str, actor: Actor, *, country: str = "") -> Locality:
    """What somebody wrote as their place: a town that the register has, or a region; the town alone otherwise.

    A town comes first, since *Paris* is one more often than the region of that name. A postal code before it, and what
    follows a comma, are left aside.
    """
    place = _POSTAL_CODE.sub("", " ".join(text.split())[:_MAX_PLACE]).partition(",")[0].strip()
    if not place:
        return Locality(country)
    town = localities_of_towns([(country, place)], actor)[country, place]
    region = "" if town.region else top_region(region_code(place))
    is_region = region and (not country or region.startswith(f"{country}-"))
    return Locality(region[:2], "", region) if is_region else town


def locality_of_name(name: str, actor: Actor, *, country: str = "") -> Locality:
    """Where the one organisation of the register that bears exactly a name lies; nowhere if there is none, or two."""
    if not name.strip():
        return Locality(country)
    named = Q(name_fr__iexact=name.strip()) | Q(name_en__iexact=name.strip()) | Q(acronym__iexact=name.strip())
    existing = Organisation.objects.visible_to(actor).filter(named, merged_into=None)
    existing = existing.filter(country=country) if country else existing
    same = list(existing.only("city", "country", "region")[:2])
    return localities_of(same, actor)[same[0].pk] if len(same) == 1 else Locality(country)


def localities_of(organisations: Collection[Organisation], actor: Actor) -> dict[int, Locality]:
    """Where some organisations lie, by id: their own region, else that of their town."""
    towns = [(one.country, one.city) for one in organisations if one.city and not one.region]
    by_town = localities_of_towns(towns, actor)
    return {
        one.pk: Locality(one.country, one.city, top_region(one.region))
        if one.region
        else by_town.get((one.country, one.city), Locality(one.country))
        for one in organisations
    }


def localities_of_towns(towns: Collection[tuple[str, str]], actor: Actor) -> dict[tuple[str, str], Locality]:
    """Each town (a country, which may be empty, and a name) with the region in which most organisations there are.

    A name that is borne in several regions, none with two thirds of the organisations, has no region.
    """
    asked = list(dict.fromkeys(towns))[:_MAX_TOWNS]
    counts = _organisations_by_region([town for _country, town in asked], actor) if asked else {}
    return {(country, town): _likeliest(country, town, counts.get(fold(town), {})) for country, town in asked}


def _organisations_by_region(towns: Collection[str], actor: Actor) -> dict[str, Counter[tuple[str, str]]]:
    """How many organisations each country and region has in towns of these names (folded)."""
    located = Organisation.objects.visible_to(actor).filter(merged_into=None).exclude(region="").order_by()
    rows = located.annotate(lower_city=Lower("city")).filter(lower_city__in={town.lower() for town in towns})
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for city, country, region, number in rows.values_list("city", "country", "region").annotate(Count("pk")):
        counts[fold(city)][country, top_region(region)] += number
    return counts


def _likeliest(country: str, town: str, counts: Mapping[tuple[str, str], int]) -> Locality:
    possible = {place: number for place, number in counts.items() if not country or place[0] == country}
    if not possible:
        return Locality(country, town)
    (found_country, region), number = max(possible.items(), key=lambda item: (item[1], item[0]))
    is_sure = 3 * number >= 2 * sum(possible.values())
    return Locality(found_country, town, region) if is_sure else Locality(country, town)
