"""Evidence for the ranking of partners: past projects of the register, or of a folder of CORDIS."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

from maillage.core.actors import Actor
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence
from maillage.projects.cordis.reader import CordisReader
from maillage.projects.folder_load import read_records
from maillage.projects.models import Funder, Participation, Party, Project
from maillage.projects.records import ParticipationRecord, PartyRecord, ProjectRecord

_BATCH = 2_000


def evidence_from_register(actor: Actor) -> PartnerEvidence:
    """The projects of CORDIS in the register that the actor may see and whose day of signature is known.

    The keys of parties and projects are their numbers in CORDIS.
    """
    parties = Party.objects.visible_to(actor).filter(funder=Funder.CORDIS)
    projects = Project.objects.visible_to(actor).filter(funder=Funder.CORDIS).exclude(signed_on=None)
    parties_by_project: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Participation.objects.filter(party__in=parties, project__in=projects).order_by("position", "pk")
    for project_id, party, role in rows.values_list("project_id", "party__number", "role").iterator(_BATCH):
        parties_by_project[project_id].append((party, role))
    fields = ("number", "name", "short_name", "city", "kind", "country", "small")
    return PartnerEvidence.of(
        [KnownParty(*row) for row in parties.values_list(*fields).iterator(_BATCH)],
        [
            _project(project, project.signed_on, parties_by_project[project.pk])
            for project in projects.iterator(_BATCH)
            if project.signed_on
        ],
    )


def _project(project: Project | ProjectRecord, signed_on: dt.date, parties: list[tuple[str, str]]) -> EvidenceProject:
    return EvidenceProject(
        key=project.number,
        signed_on=signed_on,
        title=project.title,
        objective=project.objective,
        keywords=", ".join(project.keywords),
        topic=project.topic,
        topic_title=project.topic_title,
        scheme=project.scheme,
        programme=project.programme,
        parties=tuple(parties),
    )


def evidence_from_folder(folder: Path) -> PartnerEvidence:
    """The evidence of a folder of CORDIS, without a database; invalid rows and unknown parties are left out.

    Raises `InvalidFileError` where a file is missing or cannot be read.
    """
    projects: list[ProjectRecord] = []
    parties: dict[str, KnownParty] = {}
    parties_by_project: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for record in read_records(CordisReader(), folder):
        match record:
            case ProjectRecord():
                projects.append(record)
            case PartyRecord():
                parties[record.number] = _party(record)
            case ParticipationRecord():
                parties_by_project[record.project].append((record.position, record.party, record.role))
    known = {
        number: [(party, role) for _position, party, role in sorted(found) if party in parties]
        for number, found in parties_by_project.items()
    }
    return PartnerEvidence.of(
        list(parties.values()),
        [_project(one, one.signed_on, known.get(one.number, [])) for one in projects if one.signed_on],
    )


def _party(party: PartyRecord) -> KnownParty:
    return KnownParty(party.number, party.name, party.short_name, party.city, party.kind, party.country, party.small)
