"""A small world of parties and projects, made up: two subjects, and those who know each."""

import datetime as dt

from maillage.matching.partners.evidence import EvidenceProject, KnownParty, PartnerEvidence

PARTIES = [
    KnownParty("cell-lab", "INSTITUT DES CELLULES", "IDC", "Lyon", "REC", "FR"),
    KnownParty("cell-firm", "CELLULA GMBH", "CELLULA", "Berlin", "PRC", "DE", small=True),
    KnownParty("cell-school", "UNIVERSITY OF CELLS", "UOC", "Leeds", "HES", "GB"),
    KnownParty("sea-lab", "OCEAN INSTITUTE", "ICE", "Brest CEDEX 9", "REC", "FR"),
    KnownParty("sea-firm", "WAVES SA", "WAVES", "Porto", "PRC", "PT"),
    KnownParty("sea-school", "MARITIME UNIVERSITY", "MU", "Gdynia", "HES", "PL"),
]
_SAID = {
    "cell": ("stem cells under stress", "leukaemia cells and their stress response in the bone marrow"),
    "sea": ("ocean waves and tides", "energy from ocean waves, tides and currents along the coast"),
}


def project(number: int, subject: str, signed_on: dt.date, parties: tuple[str, ...] = ()) -> EvidenceProject:
    """A project of one of the subjects; its number makes its text its own."""
    title, objective = _SAID[subject]
    return EvidenceProject(
        key=str(number),
        signed_on=signed_on,
        title=f"{title} {number}",
        objective=f"{objective} variant{number % 7}",
        keywords=subject,
        topic=f"HORIZON-{subject.upper()}-2022-01-0{number % 9}",
        topic_title=f"{title} for society",
        scheme="HORIZON-RIA" if number % 2 else "HORIZON-CSA",
        programme=f"HORIZON.{subject}",
        parties=tuple((key, "coordinator" if not place else "participant") for place, key in enumerate(parties)),
    )


def small_evidence(projects: int = 60) -> PartnerEvidence:
    """Projects of the two subjects in turn, signed every ten days from 2022 on."""
    start, bodies = dt.date(2022, 1, 3), [party.key for party in PARTIES]
    made = [
        project(number, subject, start + dt.timedelta(10 * number), tuple(bodies[first : first + 3]))
        for number in range(projects)
        for subject, first in ((("cell", 0), ("sea", 3))[number % 2],)
    ]
    return PartnerEvidence.of(PARTIES, made)
