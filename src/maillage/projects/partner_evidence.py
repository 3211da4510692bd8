"""Evidence for the ranking of partners: past projects of the register, or of a folder of CORDIS."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

from maillage.core.actors import Actor
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence
from maillage.projects.cordis.reader import SHEETS
from maillage.projects.csv_reader import ReadPosition, SheetRow, find_files, read_rows
from maillage.projects.models import Funder, Participation, Party, Project

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


def _project(project: Project, signed_on: dt.date, parties: list[tuple[str, str]]) -> EvidenceProject:
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
    files = find_files(folder, SHEETS)
    sheets = {sheet.name: sheet for sheet in SHEETS}
    rows = {
        name: [row for row in read_rows(files[name], sheets[name], ReadPosition()) if not row.refusal]
        for name in ("projects", "organisations", "participations")
    }
    parties = [_party_of(row) for row in rows["organisations"]]
    known_keys = {party.key for party in parties}
    parties_by_project: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows["participations"]:
        if row.values["organisation_id"] in known_keys:
            parties_by_project[row.values["project_id"]].append(
                (row.values["order"], row.values["organisation_id"], row.values["role"])
            )
    signed = [row for row in rows["projects"] if row.values["ec_signature_date"]]
    return PartnerEvidence.of(
        parties, [_project_of(row, parties_by_project[row.values["project_id"]]) for row in signed]
    )


def _party_of(row: SheetRow) -> KnownParty:
    names = ("organisation_id", "legal_name", "short_name", "city", "activity_type", "country", "sme")
    return KnownParty(*(row.values[name] for name in names))


def _project_of(row: SheetRow, parties: list[tuple[int, str, str]]) -> EvidenceProject:
    values = row.values
    return EvidenceProject(
        key=values["project_id"],
        signed_on=values["ec_signature_date"],
        title=values["title"],
        objective=values["objective"],
        keywords=", ".join(values["keywords"]),
        topic=values["topic_id"],
        topic_title=values["topic_title"],
        scheme=values["funding_scheme"],
        programme=values["legal_basis"],
        parties=tuple((party, role) for _order, party, role in sorted(parties)),
    )
