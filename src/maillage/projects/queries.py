"""Queries of past projects: shared by organisations, or near a need."""

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

# In a project of more parties, that two of them took part is no evidence of collaboration.
_MAX_PARTIES = 60
# The most projects considered in one search.
_NEAR_LIMIT = 200


def shared_projects(bodies: Collection[int], actor: Actor) -> list[SharedWork]:
    """Past projects in which several of these organisations (ids) took part, with all participants of the register."""
    participations = Participation.objects.filter(party__organisation__in=bodies).values("project")
    common = participations.annotate(number=Count("party__organisation", distinct=True)).filter(number__gt=1)
    shared = Project.objects.visible_to(actor).filter(pk__in=common.values("project"))
    projects_by_id = {project.pk: project for project in shared.only("acronym", "title", "possible")}
    rows = Participation.objects.filter(project__in=projects_by_id).values_list("project_id", "party__organisation_id")
    organisation_ids_by_project: dict[int, list[int | None]] = defaultdict(list)
    for project_id, organisation_id in rows:
        organisation_ids_by_project[project_id].append(organisation_id)
    return [
        _shared_work(projects_by_id[project_id], organisation_ids)
        for project_id, organisation_ids in organisation_ids_by_project.items()
        if len(organisation_ids) <= _MAX_PARTIES
    ]


def _shared_work(project: Project, parties: list[int | None]) -> SharedWork:
    """The shared work of a project; its weight also counts the parties (`None`) that are not in the register."""
    organisation_ids = frozenset(organisation_id for organisation_id in parties if organisation_id is not None)
    weight = min(1.0, 4 / len(parties)) / min(1.0, 4 / len(organisation_ids))
    return SharedWork(organisation_ids, project.acronym or project.title, weight, project.possible.upper)


@dataclass(frozen=True, slots=True)
class PastProject:
    """A past project near a need in which an organisation took part, with the citation of its source."""

    project: Project
    citation: Citation | None


def find_near_projects(
    texts: Mapping[Language, str], organisation_ids: Collection[int], actor: Actor, *, each: int = 3
) -> dict[int, list[PastProject]]:
    """The past projects of each organisation (id) nearest to a need, best first, at most `each`.

    `texts` is the need by language. Only projects that the actor may see, and whose score is comparable to the best of
    all projects.
    """
    matches = get_project_index().search(texts, organisation_ids, _NEAR_LIMIT) if organisation_ids else []
    if not matches:
        return {}
    records = Project.objects.visible_to(actor).in_bulk([match.number for match in matches])
    parties = Party.objects.visible_to(actor).filter(organisation__in=organisation_ids)
    rows = Participation.objects.filter(project__in=records, party__in=parties).order_by()
    took_part = set(rows.values_list("party__organisation_id", "project_id"))
    project_ids_by_organisation = {
        organisation_id: [match.number for match in matches if (organisation_id, match.number) in took_part][:each]
        for organisation_id in organisation_ids
    }
    cited_ids = {number for numbers in project_ids_by_organisation.values() for number in numbers}
    citation_rows = Citation.objects.filter(record_kind=Project.kind_name(), record_id__in=cited_ids).select_related(
        "source"
    )
    citations = {citation.record_id: citation for citation in citation_rows.order_by("read_on", "pk")}
    return {
        organisation_id: [PastProject(records[number], citations.get(number)) for number in numbers]
        for organisation_id, numbers in project_ids_by_organisation.items()
        if numbers
    }


@dataclass(frozen=True, slots=True)
class NearParty:
    """A party of past projects near a need, with its nearest projects."""

    party: Party
    projects: tuple[Project, ...]


def find_near_parties(texts: Mapping[Language, str], actor: Actor, *, most: int = 10) -> list[NearParty]:
    """The parties whose past projects are nearest to a need (by language), the likeliest first.

    Each of the 200 nearest projects votes for its parties with the fourth power of its score relative to the nearest:
    the vote that docs/partners.md measures beside the learned ranking, which takes too long to train for a page.
    """
    matches = get_project_index().nearest(texts, _NEAR_LIMIT)
    if not matches:
        return []
    weights = {match.number: (match.score / matches[0].score) ** 4 for match in matches if matches[0].score > 0}
    records = Project.objects.visible_to(actor).in_bulk(list(weights))
    votes: dict[int, float] = defaultdict(float)
    project_ids_by_party: dict[int, list[int]] = defaultdict(list)
    rows = Participation.objects.filter(project__in=records).order_by()
    for project_id, party_id in rows.values_list("project_id", "party_id").distinct():
        votes[party_id] += weights[project_id]
        project_ids_by_party[party_id].append(project_id)
    best_party_ids = sorted(votes, key=lambda party_id: (-votes[party_id], party_id))[: 2 * most]
    parties = Party.objects.visible_to(actor).select_related("organisation").in_bulk(best_party_ids)
    return [
        NearParty(parties[party_id], _nearest_projects(project_ids_by_party[party_id], weights, records))
        for party_id in best_party_ids
        if party_id in parties
    ][:most]


def _nearest_projects(
    project_ids: list[int], weights: Mapping[int, float], records: Mapping[int, Project]
) -> tuple[Project, ...]:
    nearest_ids = sorted(project_ids, key=lambda project_id: -weights[project_id])[:2]
    return tuple(records[project_id] for project_id in nearest_ids)
