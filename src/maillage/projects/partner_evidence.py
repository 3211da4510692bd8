"""Past projects as the ranking of partners reads them: from the register, or from a folder of CORDIS as it lies."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

from maillage.core.actors import Actor
from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence
from maillage.projects.cordis.csv_reader import SHEETS, ReadPosition, SheetRow, find_files, read_rows
from maillage.projects.models import Participation, Party, Project

_SOURCE = "cordis"
_BATCH = 2_000


def evidence_from_register(actor: Actor) -> PartnerEvidence:
    """The projects of CORDIS that the register holds and whose day of signature is known, as an actor sees them.

    Parties and projects bear the numbers that CORDIS gave them.
    """
    parties = Party.objects.visible_to(actor).filter(source=_SOURCE)
    projects = Project.objects.visible_to(actor).filter(source=_SOURCE).exclude(signed_on=None)
    taking: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Participation.objects.filter(party__in=parties, project__in=projects).order_by("position", "pk")
    for project, party, role in rows.values_list("project_id", "party__number", "role").iterator(_BATCH):
        taking[project].append((party, role))
    fields = ("number", "name", "short_name", "city", "kind", "country", "small")
    return PartnerEvidence.of(
        [KnownParty(*row) for row in parties.values_list(*fields).iterator(_BATCH)],
        [_project(one, one.signed_on, taking[one.pk]) for one in projects.iterator(_BATCH) if one.signed_on],
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
    """The same from a folder of CORDIS, without a database; rows that cannot be read, or tell of nobody, are left out.

    Raises `InvalidFileError` where a file is missing or cannot be read.
    """
    files = find_files(folder)
    sheets = {sheet.name: sheet for sheet in SHEETS}
    rows = {
        name: [item for item in read_rows(files[name], sheets[name], ReadPosition()) if not item.refusal]
        for name in ("projects", "organisations", "participations")
    }
    parties = [_party_of(item) for item in rows["organisations"]]
    known = {party.key for party in parties}
    taking: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for item in rows["participations"]:
        if item.values["organisation_id"] in known:
            taking[item.values["project_id"]].append(
                (item.values["order"], item.values["organisation_id"], item.values["role"])
            )
    signed = [item for item in rows["projects"] if item.values["ec_signature_date"]]
    return PartnerEvidence.of(parties, [_project_of(item, taking[item.values["project_id"]]) for item in signed])


def _party_of(item: SheetRow) -> KnownParty:
    names = ("organisation_id", "legal_name", "short_name", "city", "activity_type", "country", "sme")
    return KnownParty(*(item.values[name] for name in names))


def _project_of(item: SheetRow, taking: list[tuple[int, str, str]]) -> EvidenceProject:
    one = item.values
    return EvidenceProject(
        key=one["project_id"],
        signed_on=one["ec_signature_date"],
        title=one["title"],
        objective=one["objective"],
        keywords=", ".join(one["keywords"]),
        topic=one["topic_id"],
        topic_title=one["topic_title"],
        scheme=one["funding_scheme"],
        programme=one["legal_basis"],
        parties=tuple((party, role) for _order, party, role in sorted(taking)),
    )
