"""Reads of past projects."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count

from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.matching.word_lists import Language
from maillage.projects.models import Participation, Party, Project
from maillage.projects.project_index import get_project_index
from maillage.register.collaboration_provider import SharedWork

# That two bodies were among more than these says next to nothing.
_MAX_PARTIES = 60
# Projects looked at for all bodies together.
_NEAR_LIMIT = 200


def shared_projects(bodies: Collection[int], actor: Actor) -> list[SharedWork]:
    """The past projects in which several of these bodies took part, with all bodies of the register that did."""
    here = Participation.objects.filter(party__organisation__in=bodies).values("project")
    several = here.annotate(number=Count("party__organisation", distinct=True)).filter(number__gt=1)
    shared = Project.objects.visible_to(actor).filter(pk__in=several.values("project"))
    names = {one.pk: one for one in shared.only("acronym", "title", "possible")}
    rows = Participation.objects.filter(project__in=names).values_list("project_id", "party__organisation_id")
    parties: dict[int, list[int | None]] = defaultdict(list)
    for project, organisation in rows:
        parties[project].append(organisation)
    return [_shared_work(names[one], found) for one, found in parties.items() if len(found) <= _MAX_PARTIES]


def _shared_work(project: Project, parties: list[int | None]) -> SharedWork:
    """Parties that are not in the register count too for how large a project was: the weight makes up for them."""
    known = frozenset(one for one in parties if one is not None)
    weight = min(1.0, 4 / len(parties)) / min(1.0, 4 / len(known))
    return SharedWork(known, project.acronym or project.title, weight, project.possible.upper)


@dataclass(frozen=True, slots=True)
class PastProject:
    """A past project near a need, in which a body took part, with where that is told and when it was read there."""

    project: Project
    citation: Citation | None


def find_near_projects(
    texts: Mapping[Language, str], bodies: Collection[int], actor: Actor, *, each: int = 3
) -> dict[int, list[PastProject]]:
    """For each body (id) its past projects nearest to a need, best first, at most `each`; the need by language.

    Only those that the actor may see, and that are about as near as the nearest of all projects.
    """
    found = get_project_index().search(texts, bodies, _NEAR_LIMIT) if bodies else []
    if not found:
        return {}
    records = Project.objects.visible_to(actor).in_bulk([one.number for one in found])
    parties = Party.objects.visible_to(actor).filter(organisation__in=bodies)
    rows = Participation.objects.filter(project__in=records, party__in=parties).order_by()
    took_part = set(rows.values_list("party__organisation_id", "project_id"))
    chosen = {body: [one.number for one in found if (body, one.number) in took_part][:each] for body in bodies}
    wanted = {number for numbers in chosen.values() for number in numbers}
    told = Citation.objects.filter(record_kind=Project.kind_name(), record_id__in=wanted).select_related("source")
    citations = {one.record_id: one for one in told.order_by("read_on", "pk")}
    return {
        body: [PastProject(records[number], citations.get(number)) for number in numbers]
        for body, numbers in chosen.items()
        if numbers
    }


@dataclass(frozen=True, slots=True)
class NearParty:
    """A party of past projects near a need, with the nearest of these."""

    party: Party
    projects: tuple[Project, ...]


def find_near_parties(texts: Mapping[Language, str], actor: Actor, *, most: int = 10) -> list[NearParty]:
    """The parties whose past projects are nearest to a need (by language), the likeliest first.

    Each of the 200 nearest projects votes for its parties with the fourth power of how near it is, the nearest being 1:
    the vote that docs/partners.md measures beside the learned ranking, which takes too long to learn for a page.
    """
    found = get_project_index().nearest(texts, _NEAR_LIMIT)
    if not found:
        return []
    near = {one.number: (one.score / found[0].score) ** 4 for one in found if found[0].score > 0}
    records = Project.objects.visible_to(actor).in_bulk(list(near))
    votes: dict[int, float] = defaultdict(float)
    took_part: dict[int, list[int]] = defaultdict(list)
    rows = Participation.objects.filter(project__in=records).order_by()
    for project, party in rows.values_list("project_id", "party_id").distinct():
        votes[party] += near[project]
        took_part[party].append(project)
    first = sorted(votes, key=lambda party: (-votes[party], party))[: 2 * most]
    parties = Party.objects.visible_to(actor).select_related("organisation").in_bulk(first)
    return [
        NearParty(parties[one], tuple(records[each] for each in sorted(took_part[one], key=lambda n: -near[n])[:2]))
        for one in first if one in parties
    ][:most]  # fmt: skip
