"""What the register knows of public laboratories, as the ranking of laboratories for a need reads it.

Laboratories and their supervising bodies go by the ids of their organisations, projects and offers by their keys. Only
what the public may read is told, so that one index serves every reader; needs, which are read by few, are none of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import translation

from maillage.core.actors import PUBLIC
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, span
from maillage.matching.laboratories.evidence import (
    Laboratory,
    LaboratoryEvidence,
    LaboratoryOffer,
    LaboratoryProject,
    SupervisorProject,
)
from maillage.offers.models import Offer
from maillage.projects.models import Participation, Party, PartyKind, Project, ProjectKind
from maillage.register.localities import localities_of
from maillage.register.models import Organisation, ResearchStructure, Tie
from maillage.register.research_fields import ERC_PANELS
from maillage.register.vocabulary import SUCCESSION_KINDS, OrganisationKind, StructureLevel, TieKind

LABORATORY_KINDS: Final = (OrganisationKind.RESEARCH_UNIT, OrganisationKind.TEAM, OrganisationKind.FEDERATION)
"""Kinds of organisations that are laboratories even where the national register does not know them."""

READ_MODELS: Final = (
    "register.Organisation",
    "register.ResearchStructure",
    "register.Tie",
    "projects.Project",
    "projects.Participation",
    "projects.Party",
    "offers.Offer",
)
"""The models from which evidence is read: once one of them has changed, it is out of date."""

_BATCH = 2_000


def laboratories() -> QuerySet[Organisation]:
    """The public laboratories: structures of the national register, and organisations of such a kind."""
    is_laboratory = Q(kind__in=LABORATORY_KINDS) | Q(research_structures__isnull=False)
    return Organisation.objects.visible_to(PUBLIC).filter(is_laboratory, merged_into=None).distinct()


def laboratory_evidence(day: dt.date) -> LaboratoryEvidence:
    """All that the register knows of its laboratories; ties are those that hold, or may hold, on `day`."""
    organisations = {one.pk: one for one in laboratories().order_by("pk")}
    ties = _Ties.of(organisations, day)
    structures = _structures(organisations)
    regions = {pk: place.region for pk, place in localities_of(organisations.values(), PUBLIC).items()}
    with translation.override("en"):  # the names of panels are read as English
        found = [_laboratory(one, structures.get(one.pk, []), ties, regions[one.pk]) for one in organisations.values()]
    bodies = {body for bodies in ties.supervisors.values() for body in bodies}
    return LaboratoryEvidence(
        laboratories=tuple(found),
        projects=tuple(_projects(organisations)),
        supervisor_projects=tuple(_supervisor_projects(bodies)),
        offers=tuple(_offers(organisations, day)),
    )


@dataclass(frozen=True, slots=True)
class _Ties:
    """Ids of related organisations, by the id of a laboratory."""

    supervisors: Mapping[int, list[int]]
    predecessors: Mapping[int, list[int]]
    parts: Mapping[int, list[int]]

    @classmethod
    def of(cls, ids: Collection[int], day: dt.date) -> "_Ties":
        found: dict[str, dict[int, list[int]]] = {name: defaultdict(list) for name in cls.__slots__}
        kinds = {TieKind.SUPERVISOR: "supervisors", TieKind.PART_OF: "parts"}
        public = Tie.objects.visible_to(PUBLIC).order_by("pk")
        lasting = public.filter(kind__in=SUCCESSION_KINDS - {TieKind.SPUN_OFF}, subject__in=ids)
        holding = public.possible_on(day).filter(kind__in=kinds, object__in=ids)
        for subject, of_object, kind in holding.values_list("subject_id", "object_id", "kind"):
            found[kinds[TieKind(kind)]][of_object].append(subject)
        for subject, of_object in lasting.values_list("subject_id", "object_id"):
            found["predecessors"][subject].append(of_object)
        return cls(**found)


def _structures(ids: Collection[int]) -> dict[int, list[ResearchStructure]]:
    by_organisation: dict[int, list[ResearchStructure]] = defaultdict(list)
    for structure in ResearchStructure.objects.filter(organisation__in=ids).order_by("rnsr"):
        by_organisation[structure.organisation_id].append(structure)
    return by_organisation


def _laboratory(
    organisation: Organisation, structures: list[ResearchStructure], ties: _Ties, region: str
) -> Laboratory:
    panels = tuple(dict.fromkeys(code for one in structures for code in one.erc_panels))
    levels = [one.level for one in structures if one.level]
    return Laboratory(
        key=str(organisation.pk),
        label=organisation.name_fr or organisation.name_en,
        acronym=organisation.acronym,
        fields=tuple(dict.fromkeys(code for one in structures for code in one.domains)),
        panels=panels,
        panel_text=" ".join(str(ERC_PANELS[code]) for code in panels if code in ERC_PANELS),
        town=organisation.city,
        region=region,
        supervisors=_keys(ties.supervisors.get(organisation.pk, ())),
        kind=organisation.kind,
        level=max(levels) if levels else _level(organisation.kind),
        created=_year(organisation.period_start),
        closed=_year(organisation.period_end),
        predecessors=_keys(ties.predecessors.get(organisation.pk, ())),
        parts=_keys(ties.parts.get(organisation.pk, ())),
    )


def _level(kind: str) -> int:
    levels = {OrganisationKind.TEAM: StructureLevel.TEAM, OrganisationKind.FEDERATION: StructureLevel.FEDERATION}
    return int(levels.get(OrganisationKind(kind), StructureLevel.UNIT))


def _keys(ids: Collection[int]) -> tuple[str, ...]:
    return tuple(map(str, dict.fromkeys(ids)))


def _year(date: str) -> int | None:
    """The first year that a partial date may mean; `None` where it is open or not known."""
    if date in (OPEN, UNKNOWN):
        return None
    try:
        return span(date).first.year
    except InvalidPeriodError:
        return None


def _projects(ids: Collection[int]) -> Iterator[LaboratoryProject]:
    """The projects in which laboratories took part under their own names."""
    laboratories_by_project: dict[int, dict[str, None]] = defaultdict(dict)
    for project_id, organisation_id in _participations(ids):
        laboratories_by_project[project_id][str(organisation_id)] = None
    companies = Participation.objects.filter(
        party__kind=PartyKind.PRC, party__in=Party.objects.visible_to(PUBLIC), project__in=laboratories_by_project
    )
    with_company = set(companies.order_by().values_list("project_id", flat=True))
    for project in _public_projects(laboratories_by_project):
        joint = project.kind == ProjectKind.JOINT_LABORATORY
        yield LaboratoryProject(
            key=project.key,
            year=_project_year(project),
            laboratories=tuple(laboratories_by_project[project.pk]),
            texts=_texts(project),
            programme=project.programme,
            company=joint or project.pk in with_company,
            joint=joint,
        )


def _supervisor_projects(ids: Collection[int]) -> Iterator[SupervisorProject]:
    """The projects in which supervising bodies took part under their own names."""
    bodies_by_project: dict[int, dict[str, None]] = defaultdict(dict)
    for project_id, organisation_id in _participations(ids):
        bodies_by_project[project_id][str(organisation_id)] = None
    for project in _public_projects(bodies_by_project):
        text = " ".join(_texts(project))
        yield SupervisorProject(project.key, _project_year(project), tuple(bodies_by_project[project.pk]), text)


def _participations(organisation_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """The projects (ids) of organisations (ids)."""
    parties = Party.objects.visible_to(PUBLIC).filter(organisation__in=organisation_ids)
    rows = Participation.objects.filter(party__in=parties).order_by("project_id", "position", "pk")
    yield from rows.values_list("project_id", "party__organisation_id").iterator(_BATCH)


def _public_projects(ids: Collection[int]) -> Iterator[Project]:
    """Those of these projects that the public may read and whose year is known."""
    public = Project.objects.visible_to(PUBLIC).filter(pk__in=list(ids)).order_by("pk")
    yield from (project for project in public.iterator(_BATCH) if project.year or project.signed_on)


def _project_year(project: Project) -> int:
    return project.year or (project.signed_on.year if project.signed_on else 0)


def _texts(project: Project) -> tuple[str, ...]:
    """What is written of a project, each text in one language; a title that is an acronym says nothing."""
    title = project.title if project.language else ""
    texts = (project.committee_title, f"{title} {project.objective}", " ".join((*project.keywords, *project.stems)))
    return tuple(text for text in texts if text.strip())


def _offers(ids: Collection[int], day: dt.date) -> Iterator[LaboratoryOffer]:
    for offer in Offer.objects.visible_to(PUBLIC).possible_on(day).filter(provider__in=ids).order_by("pk"):
        text = " ".join((offer.title_en, *offer.keywords, offer.note_en))
        yield LaboratoryOffer(offer.key, str(offer.provider_id), text)
