"""What ties laboratories to whoever states a need: their region, past projects together, needs of the same sector.

A tie may raise a laboratory a little in a list, and is said there. The sector counts where the reader may read needs of
the same sector (a division of NACE that requesters chose) to which the laboratory said yes: no public source says for
which sectors a laboratory works, and what others asked for is told to nobody who may not read it.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.actors import Actor
from maillage.partnerships.models import Requester, TeamReply, TeamRequest
from maillage.partnerships.queries import needs, requesters_of
from maillage.partnerships.sectors import Sector
from maillage.projects.models import Project
from maillage.projects.queries import NearParty, latest_shared_projects, parties_of
from maillage.register.localities import (
    Locality,
    localities_of,
    localities_of_towns,
    locality_of_name,
    locality_of_text,
)
from maillage.register.models import Organisation

# A party passes at most so many others.
_MOST_PASSED = 2


@dataclass(frozen=True, slots=True)
class Asker:
    """Who states a need, as far as it ties laboratories; `is_reader` says whether reasons speak to them."""

    organisation: str = ""
    country: str = ""
    place: str = ""
    sector: str = ""
    need_id: int = 0
    is_reader: bool = True

    @classmethod
    def of(cls, requester: Requester | None) -> "Asker | None":
        """Who stated a need, for those who answer it; `None` where the reader may not know it."""
        if requester is None or requester.erased_at:
            return None
        stated = (requester.organisation, requester.country, requester.place, requester.sector)
        return cls(*stated, need_id=requester.need_id, is_reader=False)

    def locality(self, actor: Actor) -> Locality:
        """Their place as they gave it, else that of the organisation of the register that has their name."""
        if self.place.strip():
            return locality_of_text(self.place, actor, country=self.country)
        return locality_of_name(self.organisation, actor, country=self.country)


def provider_ties(asker: Asker, providers: Collection[Organisation], actor: Actor) -> dict[int, list[str]]:
    """What ties each provider (id) to who asks, in words; providers without a tie are left out."""
    own = asker.locality(actor)
    has_place = own.region or own.town
    places = localities_of(providers, actor) if has_place else {}
    ids = {provider.pk for provider in providers}
    members = parties_of((), actor, name=asker.organisation, country=asker.country)
    shared = latest_shared_projects(members, ids, actor)
    accepted = _accepted_of_sector(asker, ids, actor)
    reasons = {
        pk: [
            *_near_reason(asker, own, places.get(pk, Locality())),
            *([_shared_reason(asker, shared[pk])] if pk in shared else []),
            *([_sector_reason(asker, accepted[pk])] if accepted[pk] else []),
        ]
        for pk in ids
    }
    return {pk: words for pk, words in reasons.items() if words}


def raise_near_parties(asker: Asker, parties: list[NearParty], actor: Actor) -> list[NearParty]:
    """The parties, those near who asks at most two places earlier, with how they are near.

    A party passes another only if no fewer of its projects are near the need.
    """
    own = asker.locality(actor)
    if not (own.region or own.town):
        return parties
    places = localities_of_towns([(one.party.country, one.party.city) for one in parties if one.party.city], actor)
    ranked: list[NearParty] = []
    for one in parties:
        where = places.get((one.party.country, one.party.city), Locality())
        near = replace(one, nearby=" ".join(_near_reason(asker, own, where)))
        place = len(ranked)
        while place and len(ranked) - place < _MOST_PASSED and _may_pass(near, ranked[place - 1]):
            place -= 1
        ranked.insert(place, near)
    return ranked


def _may_pass(one: NearParty, other: NearParty) -> bool:
    return bool(one.nearby) and not other.nearby and len(one.projects) >= max(1, len(other.projects))


def _near_reason(asker: Asker, own: Locality, other: Locality) -> list[str]:
    if own.same_town(other):
        words = _("in your town (%s)") if asker.is_reader else _("in the requester’s town (%s)")
        return [words % other.town]
    if own.same_region(other):
        words = _("in your region (%s)") if asker.is_reader else _("in the requester’s region (%s)")
        return [words % formats.region(own.region)]
    return []


def _shared_reason(asker: Asker, project: Project) -> str:
    year = project.year or ""
    if asker.is_reader:
        words = _("worked with you in %(year)s (%(project)s)") if year else _("worked with you (%(project)s)")
    else:
        words = (
            _("worked with the requester in %(year)s (%(project)s)")
            if year
            else _("worked with the requester (%(project)s)")
        )
    return words % {"year": year, "project": project.acronym or project.title}


def _accepted_of_sector(asker: Asker, provider_ids: Collection[int], actor: Actor) -> Counter[int]:
    """To how many other needs of the same sector each provider said yes, of those that the reader may read."""
    counts: Counter[int] = Counter()
    if asker.sector in ("", Sector.OTHER):
        return counts
    accepted = TeamRequest.objects.filter(reply=TeamReply.YES, offer__provider__in=provider_ids)
    pairs = set(accepted.exclude(need=asker.need_id).values_list("offer__provider_id", "need_id"))
    readable = needs(actor=actor).filter(pk__in={need_id for _provider_id, need_id in pairs})
    same = set(_same_sector(asker, readable.values_list("pk", flat=True), actor))
    counts.update(provider_id for provider_id, need_id in pairs if need_id in same)
    return counts


def _same_sector(asker: Asker, need_ids: Collection[int], actor: Actor) -> Collection[int]:
    stated = requesters_of(list(need_ids), actor=actor).filter(sector=asker.sector)
    return list(stated.values_list("need_id", flat=True))


def _sector_reason(asker: Asker, number: int) -> str:
    words = ngettext("said yes to %(number)d other need of the sector “%(sector)s”",
                     "said yes to %(number)d other needs of the sector “%(sector)s”", number)  # fmt: skip
    return words % {"number": number, "sector": Sector(asker.sector).label}
