"""Reader of a folder of CORDIS: `projects`, `organisations`, `participations` and optionally `project_euroscivoc`.

The country codes EL and UK of the Commission are replaced by those of ISO 3166.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from maillage.core.json_types import JsonObject
from maillage.core.periods import UNKNOWN
from maillage.projects.csv_reader import (
    Sheet,
    SheetRow,
    choice_parser,
    parse_amount,
    parse_count,
    parse_day,
    parse_flag,
    parse_place,
    parse_words,
    text_parser,
)
from maillage.projects.models import Funder, ParticipationRole, PartyKind, PartyMatch, ProjectStatus
from maillage.projects.records import FunderRecord, ParticipationRecord, PartyRecord, ProjectRecord, SubjectRecord

PROJECT_PAGE: Final = "https://cordis.europa.eu/project/id/"
_ISO_COUNTRIES: Final = {"EL": "GR", "UK": "GB"}


def parse_country(value: str) -> str:
    """A country code of ISO 3166; `NA` is Namibia."""
    if value and not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(_("“%(value)s” is no code of a country; write two capitals") % {"value": value})
    return _ISO_COUNTRIES.get(value, value)


_NUMBER: Final = text_parser(40, needed=True)
SHEETS: Final = (
    Sheet(
        "projects",
        "projects",
        ProjectRecord,
        ("project_id",),
        {
            "project_id": _NUMBER,
            "acronym": text_parser(100),
            "title": text_parser(1000, needed=True),
            "objective": text_parser(),
            "keywords": parse_words,
            "status": choice_parser(ProjectStatus.values),
            "start_date": parse_day,
            "end_date": parse_day,
            "ec_signature_date": parse_day,
            "total_cost": parse_amount,
            "ec_max_contribution": parse_amount,
            "master_call": text_parser(100),
            "topic_id": text_parser(100),
            "topic_title": text_parser(1000),
            "funding_scheme": text_parser(60),
            "legal_basis": text_parser(200),
        },
    ),
    Sheet(
        "organisations",
        "organisations",
        PartyRecord,
        ("organisation_id",),
        {
            "organisation_id": _NUMBER,
            "legal_name": text_parser(400, needed=True),
            "short_name": text_parser(400),
            "vat": text_parser(40),
            "activity_type": choice_parser(PartyKind.values),
            "sme": parse_flag,
            "city": text_parser(120),
            "country": parse_country,
            "url": text_parser(500),
            "geolocation": parse_place,
            "nuts": text_parser(8),
        },
    ),
    Sheet(
        "participations",
        "participations",
        ParticipationRecord,
        ("project_id", "organisation_id"),
        {
            "project_id": _NUMBER,
            "organisation_id": _NUMBER,
            "role": choice_parser(ParticipationRole.values),
            "order": parse_count,
            "ec_contribution": parse_amount,
            "total_cost": parse_amount,
            "terminated": parse_flag,
        },
    ),
    Sheet(
        "project_euroscivoc",
        "project_euroscivoc",
        SubjectRecord,
        ("project_id", "title"),
        {"project_id": _NUMBER, "title": text_parser(400)},
        optional=True,
    ),
)


def _project(values: JsonObject) -> ProjectRecord:
    number, begins, signed = values["project_id"], values["start_date"], values["ec_signature_date"]
    start, end = (day.isoformat() if day else UNKNOWN for day in (begins, values["end_date"]))
    return ProjectRecord(
        number=number,
        key=f"{Funder.CORDIS}-{number}",
        page=f"{PROJECT_PAGE}{number}",
        title=values["title"],
        acronym=values["acronym"],
        language="en",
        objective=values["objective"],
        keywords=values["keywords"],
        status=values["status"],
        year=(signed or begins).year if signed or begins else None,
        signed_on=signed,
        topic=values["topic_id"],
        topic_title=values["topic_title"],
        call=values["master_call"],
        scheme=values["funding_scheme"],
        programme=values["legal_basis"],
        cost=values["total_cost"],
        contribution=values["ec_max_contribution"],
        period_start=start,
        period_end=end,
    )


def _party(values: JsonObject) -> PartyRecord:
    number, (latitude, longitude) = values["organisation_id"], values["geolocation"] or (None, None)
    return PartyRecord(
        number=number,
        key=f"{Funder.CORDIS}-{number}",
        name=values["legal_name"],
        short_name=values["short_name"],
        kind=values["activity_type"],
        small=values["sme"],
        vat=values["vat"],
        city=values["city"],
        country=values["country"],
        region=values["nuts"],
        latitude=latitude,
        longitude=longitude,
        website=values["url"],
    )


def _participation(values: JsonObject) -> ParticipationRecord:
    return ParticipationRecord(
        project=values["project_id"],
        party=values["organisation_id"],
        number=values["organisation_id"],
        role=values["role"],
        position=values["order"],
        contribution=values["ec_contribution"],
        cost=values["total_cost"],
        ended=bool(values["terminated"]),
    )


def _subject(values: JsonObject) -> SubjectRecord:
    return SubjectRecord(values["project_id"], values["title"])


_RECORDS: Final[dict[type[FunderRecord], Callable[[JsonObject], FunderRecord]]] = {
    ProjectRecord: _project,
    PartyRecord: _party,
    ParticipationRecord: _participation,
    SubjectRecord: _subject,
}


@dataclass(slots=True)
class CordisReader:
    """Makes records of the rows of CORDIS, one of each."""

    funder: ClassVar = Funder.CORDIS
    sheets: ClassVar = SHEETS
    matches: ClassVar = (PartyMatch.VAT, PartyMatch.WEBSITE, PartyMatch.NAME)

    def read(self, sheet: Sheet, row: SheetRow) -> FunderRecord | None:
        """The record of a row."""
        return _RECORDS[sheet.makes](row.values)

    def parties(self) -> Iterable[PartyRecord]:
        """None: they have a file of their own."""
        return ()

    def check(self) -> Iterable[str]:
        """Nothing to say: the files do not count each other's rows."""
        return ()
