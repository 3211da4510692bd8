"""Three laboratories of a register, with their bodies, projects and offers, all made up."""

import datetime as dt

from maillage.offers.models import Offer
from maillage.projects.models import Participation, Party, Project
from maillage.register.models import Organisation, ResearchStructure, Tie


def create_laboratory(key: str, name: str, region: str, **more: str) -> Organisation:
    """A research unit with its record in the national register."""
    lab = Organisation.objects.create(
        key=key, kind="research-unit", name_fr=name, city=key.title(), country="FR", region=region, **more
    )
    ResearchStructure.objects.create(
        organisation=lab, rnsr=f"2006{lab.pk:05}A", domains=["8"], erc_panels=["PE8"], described_on=dt.date(2022, 2, 8)
    )
    return lab


def create_party(key: str, organisation: Organisation | None = None, kind: str = "LAB", name: str = "") -> Party:
    """A party of past projects, which may be an organisation of the register."""
    tie = {"organisation": organisation, "tie": "rnsr"} if organisation else {}
    return Party.objects.create(key=key, number=key, funder="anr", name=name or key, kind=kind, country="FR", **tie)


def create_project(number: str, year: int, objective: str, *parties: Party, kind: str = "project") -> Project:
    """A past project of these parties."""
    project = Project.objects.create(
        key=number.lower(), number=number, funder="anr", kind=kind, title=f"Projet {number}", acronym=number,
        language="fr", objective=objective, year=year, period_start=str(year),
    )  # fmt: skip
    for position, party in enumerate(parties):
        Participation.objects.create(
            project=project, party=party, number=f"{number}-{position}", role="participant", position=position
        )
    return project


def create_sample_laboratories() -> dict[str, Organisation]:
    """The laboratories of waves, of concrete and of stars; that of stars has ended and became that of galaxies."""
    labs = {
        "waves": create_laboratory("waves", "Énergie des vagues et de l’océan", "FR-BRE"),
        "concrete": create_laboratory("concrete", "Matériaux de construction", "FR-IDF"),
        "stars": create_laboratory("stars", "Étoiles", "FR-PAC", period_start="1980", period_end="2012"),
        "galaxies": create_laboratory("galaxies", "Galaxies", "FR-PAC", period_start="2013"),
    }
    sea = Organisation.objects.create(
        key="sea", kind="research-organisation", name_fr="Institut de la mer", acronym="IMER"
    )
    labs["sea"] = sea
    Tie.objects.create(subject=sea, object=labs["waves"], kind="tutelle", period_start="2001")
    Tie.objects.create(subject=labs["galaxies"], object=labs["stars"], kind="successor", period_start="2013")
    parties = {key: create_party(key, labs[key]) for key in ("waves", "concrete", "stars")}
    company = create_party("maison-sa", kind="PRC", name="Maison SA")
    create_project("HEMP", 2019, "Un béton de chanvre pour isoler les maisons", parties["concrete"], company)
    create_project("COMMUN", 2021, "", parties["concrete"], company, kind="joint-lab")
    create_project("PLASMA", 2010, "Spectroscopie du plasma des étoiles", parties["stars"], parties["waves"])
    Offer.objects.create(
        key="wave-tank", provider=labs["waves"], title_fr="Bassin à houle", title_en="Wave tank", period_start="2020"
    )
    return labs
