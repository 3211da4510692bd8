"""Queries of past projects: shared by organisations, or near a need."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q

from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from maillage.projects.models import Funder, Participation, Party, Project
from maillage.projects.partner_ranking import get_ranking_loader
from maillage.projects.project_index import get_project_index
from maillage.register.collaboration_provider import SharedWork

# In a project of more parties, that two of them took part is no evidence of collaboration.
_MAX_PARTIES = 60
# The most projects considered in one search.
_NEAR_LIMIT = 200
_OLDEST_FIRST = ("project__year", F("project__signed_on").asc(nulls_first=True), "project_id")
# The most known members of a consortium that are read.
_MAX_MEMBERS = 30
# Parties are ranked by the projects of this funder, by the vote as by what was learned: docs/partners.md measures it.
RANKED_FUNDER = Funder.CORDIS


def shared_projects(organisation_ids: Collection[int], actor: Actor) -> list[SharedWork]:
    """Past projects in which several of these organisations (ids) took part, with all participants of the register."""
    participations = Participation.objects.filter(party__organisation__in=organisation_ids).values("project")
    common = participations.annotate(number=Count("party__organisation", distinct=True)).filter(number__gt=1)
    shared = Project.objects.visible_to(actor).filter(pk__in=common.values("project"))
    projects_by_id = {project.pk: project for project in shared.only("acronym", "title", "possible")}
    took_part = Participation.objects.filter(project__in=projects_by_id).order_by()
    rows = took_part.values_list("project_id", "party__organisation_id", "party_id").distinct()
    organisation_ids_by_project: dict[int, list[int | None]] = defaultdict(list)
    for project_id, organisation_id, _party_id in rows:
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
    """A party of past projects near a need, its nearest projects, and with which members it has worked in what.

    `nearby` says in words how it is near who asks.
    """

    party: Party
    projects: tuple[Project, ...]
    worked_with: tuple[tuple[Party, Project], ...] = ()
    nearby: str = ""


@dataclass(frozen=True, slots=True)
class RankedNearParties:
    """Parties for a need, the likeliest first; `learned` says whether the learned ranking or the vote ranked them."""

    parties: list[NearParty]
    learned: bool


@dataclass(frozen=True, slots=True)
class PartnerSearch:
    """A need: its text, the same by language with the names of what it asks for, and the parties known to be in it."""

    text: str
    texts: Mapping[Language, str]
    members: tuple[Party, ...] = ()


def rank_near_parties(
    search: PartnerSearch, vocabulary: Vocabulary, actor: Actor, *, most: int = 10
) -> RankedNearParties:
    """The parties of past projects for a need by the learned ranking, or by the vote until one has been learned."""
    served = get_ranking_loader().served()
    if served is None:
        near = find_near_parties(search.texts, actor, members=search.members, most=most)
        return RankedNearParties(_with_shared_work(near, search.members, actor), False)
    members = [party.number for party in search.members if party.funder == RANKED_FUNDER]
    ranked = [number for number, _score in served.rank(search.text, vocabulary, members, limit=5 * most)]
    parties = (
        Party.objects.visible_to(actor)
        .filter(funder=RANKED_FUNDER, number__in=ranked)
        .exclude(pk__in=[member.pk for member in search.members])
    )
    by_number = {party.number: party for party in parties.select_related("organisation")}
    chosen = [by_number[number] for number in ranked if number in by_number][:most]
    projects = _nearest_projects_of(chosen, search.texts, actor)
    near = [NearParty(party, projects.get(party.pk, ())) for party in chosen]
    return RankedNearParties(_with_shared_work(near, search.members, actor), True)


def _with_shared_work(near: list[NearParty], members: Collection[Party], actor: Actor) -> list[NearParty]:
    """The same parties, each with the latest project that it shares with each member."""
    if not members:
        return near
    members_by_id = {member.pk: member for member in members}
    own = Participation.objects.filter(party__in=members_by_id).order_by().values_list("project_id", "party_id")
    members_by_project: dict[int, set[int]] = defaultdict(set)
    for project_id, member_id in own:
        members_by_project[project_id].add(member_id)
    parties = [one.party.pk for one in near]
    rows = Participation.objects.filter(project__in=members_by_project, party__in=parties).order_by()
    projects = Project.objects.visible_to(actor).in_bulk(set(rows.values_list("project_id", flat=True)))
    shared: dict[int, dict[int, Project]] = defaultdict(dict)
    for project_id, party_id in rows.order_by(*_OLDEST_FIRST).values_list("project_id", "party_id"):
        if project_id in projects:
            shared[party_id] |= dict.fromkeys(members_by_project[project_id], projects[project_id])
    return [
        replace(one, worked_with=tuple((members_by_id[pk], project) for pk, project in shared[one.party.pk].items()))
        for one in near
    ]


def latest_shared_projects(
    members: Collection[Party], organisation_ids: Collection[int], actor: Actor
) -> dict[int, Project]:
    """The latest project that each organisation (id) of the register shares with any of these parties."""
    if not members or not organisation_ids:
        return {}
    own = Participation.objects.filter(party__in=members).order_by().values("project")
    others = Participation.objects.filter(project__in=own, party__organisation__in=organisation_ids)
    rows = others.exclude(party__in=members).order_by(*_OLDEST_FIRST)
    pairs = list(rows.values_list("party__organisation_id", "project_id"))
    projects = Project.objects.visible_to(actor).in_bulk({project_id for _organisation_id, project_id in pairs})
    return {organisation_id: projects[project_id] for organisation_id, project_id in pairs if project_id in projects}


def parties_of(
    organisation_ids: Collection[int], actor: Actor, *, name: str = "", country: str = "", funder: str = ""
) -> list[Party]:
    """The parties that are organisations (ids) of the register, or that bear exactly a name, in a country if given.

    With a `funder`, only its parties.
    """
    named = Q(name__iexact=name.strip()) | Q(short_name__iexact=name.strip()) if name.strip() else Q(pk=None)
    if country:
        named &= Q(country=country)
    found = Party.objects.visible_to(actor).filter(Q(organisation__in=organisation_ids) | named)
    found = found.filter(funder=funder) if funder else found
    return list(found.order_by("pk")[:_MAX_MEMBERS])


def _nearest_projects_of(
    parties: Collection[Party], texts: Mapping[Language, str], actor: Actor
) -> dict[int, tuple[Project, ...]]:
    """The projects of each party (id) nearest to a need, of the `_NEAR_LIMIT` nearest of all."""
    weights = {match.number: match.score for match in get_project_index().nearest(texts, _NEAR_LIMIT, RANKED_FUNDER)}
    records = Project.objects.visible_to(actor).in_bulk(list(weights))
    rows = Participation.objects.filter(project__in=records, party__in=parties).order_by()
    project_ids_by_party: dict[int, list[int]] = defaultdict(list)
    for project_id, party_id in rows.values_list("project_id", "party_id").distinct():
        project_ids_by_party[party_id].append(project_id)
    return {
        party_id: _nearest_projects(project_ids, weights, records)
        for party_id, project_ids in project_ids_by_party.items()
    }


def find_near_parties(
    texts: Mapping[Language, str], actor: Actor, *, members: Collection[Party] = (), most: int = 10
) -> list[NearParty]:
    """The parties whose past projects are nearest to a need (by language), the likeliest first, without members.

    Each of the 200 nearest projects votes for its parties with the fourth power of its score relative to the nearest:
    the vote that docs/partners.md measures beside the learned ranking.
    """
    matches = get_project_index().nearest(texts, _NEAR_LIMIT, RANKED_FUNDER)
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
    others = Party.objects.visible_to(actor).exclude(pk__in=[member.pk for member in members])
    parties = others.select_related("organisation").in_bulk(best_party_ids)
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
