"""Reader of a folder of the ANR: projects and partners of its calls, and of the investments of the State (`pia`).

The source has no titles and summaries of projects of the calls: their acronym is their title, and what is left of the
summary are some rare stems. Its partners are spelled anew in each row, see `parties`.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from maillage.core.json_types import JsonObject
from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.core.text import fold
from maillage.matching.word_lists import Language
from maillage.projects.anr.parties import PartyGathering, Spelling
from maillage.projects.anr.places import country_code, region_code
from maillage.projects.anr.programmes import CARNOT, INVESTMENTS, Programme
from maillage.projects.csv_reader import (
    Parser,
    Sheet,
    SheetRow,
    parse_amount,
    parse_count,
    parse_day,
    parse_flag,
    text_parser,
)
from maillage.projects.models import Funder, ParticipationRole, PartyMatch, ProjectKind
from maillage.projects.records import FunderRecord, ParticipationRecord, PartyRecord, ProjectRecord
from maillage.projects.text_language import language_of
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier

PROJECT_PAGE: Final = "https://anr.fr/Projet-"
INVESTMENT_PAGE: Final = "https://anr.fr/ProjetIA-"
# From this share of partners that are missing, or that name a missing project, the files are not whole.
_MISSING_SHARE: Final = 0.1
_FEW: Final = 10
_UNNAMED: Final = frozenset({"", "non renseigne"})
_CARNOT_NOTE: Final = (
    "The amount is the income of an endowment, not the yearly support.",
    "Le montant est le revenu d’une dotation, non l’abondement annuel.",
)


def _parse_number(value: str) -> str:
    """The number of a project, `ANR-15-CE18-0001`."""
    clean = value.strip()
    if not re.fullmatch(r"ANR-[0-9]{2}-[A-Z0-9]{2,6}-[0-9]{2,6}(-[0-9]{2})?", clean):
        raise ValueError(_("“%(value)s” is no number of a project; write it as ANR-15-CE18-0001") % {"value": value})
    return clean


def _parse_year(value: str) -> int:
    if not re.fullmatch("(19|20)[0-9]{2}", value):
        raise ValueError(_("“%(value)s” is no year; write it as 2015") % {"value": value})
    return int(value)


def _parse_start(value: str) -> str:
    """A day, with or without a time after it, as EDTF; empty if empty."""
    day = parse_day(value.partition(" ")[0])
    return day.isoformat() if day else ""


def _plain(parse: Parser) -> Parser:
    """A parser of texts in which the source has signs as HTML, some of them twice over (`&amp;gt;`)."""
    return lambda value: parse(html.unescape(html.unescape(value)))


def _parse_stems(value: str) -> list[str]:
    return value.split()


_PARTNER: Final = {
    "project_id": _parse_number,
    "partner_id": text_parser(40, needed=True),
    "coordinator": parse_flag,
    "organisation": _plain(text_parser(400)),
    "category": text_parser(100),
    "town": text_parser(120),
    "region": text_parser(100),
    "country": text_parser(100),
}
_CALLS: Final = Sheet(
    "anr_projects",
    "projects",
    ProjectRecord,
    ("project_id",),
    {
        "project_id": _parse_number,
        "acronym": text_parser(400, needed=True),
        "partners": parse_count,
        "year": _parse_year,
        "programme": text_parser(60, needed=True),
        "theme_fr": text_parser(300),
        "discipline": text_parser(100),
        "rare_stems": _parse_stems,
    },
    dated=True,
)
_INVESTMENTS: Final = Sheet(
    "anr_pia_projects",
    "projects",
    ProjectRecord,
    ("project_id",),
    {
        "project_id": _parse_number,
        "start": _parse_start,
        "edition": _parse_year,
        "action_fr": text_parser(60, needed=True),
        "acronym": text_parser(100, needed=True),
        "title_fr": _plain(text_parser(1000)),
        "summary_fr": _plain(text_parser()),
        "amount_eur": parse_amount,
    },
    optional=True,
    dated=True,
)
_PARTNERS: Final = Sheet(
    "anr_partners",
    "participations",
    ParticipationRecord,
    ("partner_id",),
    _PARTNER | {"rnsr_id": text_parser(40)},
    dated=True,
)
_INVESTMENT_PARTNERS: Final = Sheet(
    "anr_pia_partners", "participations", ParticipationRecord, ("partner_id",), _PARTNER, optional=True, dated=True
)


@dataclass(slots=True)
class AnrReader:
    """Makes records of the rows of the ANR; parties come of all rows of partners."""

    funder: ClassVar = Funder.ANR
    sheets: ClassVar = (_CALLS, _INVESTMENTS, _PARTNERS, _INVESTMENT_PARTNERS)
    matches: ClassVar = (PartyMatch.RNSR, PartyMatch.TOWN)

    _parties: PartyGathering = field(default_factory=PartyGathering)
    _stated: dict[str, int] = field(default_factory=dict)
    """How many partners the row of a project states."""
    _read: Counter[str] = field(default_factory=Counter)
    """How many rows of partners name a project."""
    _numbers: set[str] = field(default_factory=set)
    """All projects read."""

    def read(self, sheet: Sheet, row: SheetRow) -> FunderRecord | None:
        """The record of a row; `None` for a partner that is not named."""
        number = row.values["project_id"]
        if sheet.makes is ParticipationRecord:
            self._read[number] += 1
            return self._participation(row)
        self._numbers.add(number)
        if sheet is _CALLS:
            self._stated[number] = row.values["partners"]
            return _project(row.values)
        return _investment(row.values)

    def _participation(self, row: SheetRow) -> ParticipationRecord | None:
        values = row.values
        name = values["organisation"] if fold(values["organisation"]) not in _UNNAMED else ""
        rnsr = _rnsr(row)
        if not name and not rnsr:
            row.remarks.append(RowError(_("names no organisation: the project is kept without it"), "organisation"))
            return None
        region, country = _place(row, "region"), _place(row, "country")
        city = values["town"] if fold(values["town"]) not in _UNNAMED else ""
        spelling = Spelling(name, city, values["category"], region, country or ("FR" if region else ""), rnsr)
        return ParticipationRecord(
            project=values["project_id"],
            party=self._parties.add(spelling),
            number=values["partner_id"],
            role=ParticipationRole.COORDINATOR if values["coordinator"] else ParticipationRole.PARTICIPANT,
            position=0 if values["coordinator"] else _position(values["partner_id"]),
            name=name,
        )

    def parties(self) -> Iterable[PartyRecord]:
        """The parties that the rows of partners named."""
        return self._parties.records()

    def check(self) -> Iterator[str]:
        """Remarks on projects with other numbers of partners than stated.

        Raises `InvalidFileError` where a tenth of the partners, or of the projects that they name, is missing.
        """
        rows = sum(self._read.values())
        lost = sum(count for number, count in self._read.items() if number not in self._numbers)
        if lost > max(_FEW, _MISSING_SHARE * rows):
            message = _(
                "%(lost)d of %(rows)d partners name a project that the files of projects do not hold: these are cut,"
                " or of another state; fetch all files again"
            )
            raise InvalidFileError(message % {"lost": lost, "rows": rows})
        stated = sum(self._stated.values())
        missing = {number: most - self._read[number] for number, most in self._stated.items()}
        if sum(map(max, missing.values(), [0] * len(missing))) > max(_FEW, _MISSING_SHARE * stated):
            message = _(
                "the projects state %(stated)d partners, the file of partners has %(rows)d: it is cut, or of another"
                " state; fetch all files again"
            )
            read = sum(self._read[number] for number in self._stated)
            raise InvalidFileError(message % {"stated": stated, "rows": read})
        message = _("%(project)s states %(stated)d partners, the file of partners has %(count)d")
        for number in (number for number, difference in missing.items() if difference):
            yield message % {"project": number, "stated": self._stated[number], "count": self._read[number]}


def _project(values: JsonObject) -> ProjectRecord:
    number, acronym = values["project_id"], values["acronym"]
    programme = Programme.of(values["programme"])
    return ProjectRecord(
        number=number,
        key=number.lower(),
        page=f"{PROJECT_PAGE}{number}",
        title=acronym,
        acronym=acronym[:100],
        kind=programme.kind,
        subjects=[values["discipline"]] if values["discipline"] else [],
        stems=values["rare_stems"],
        year=values["year"],
        call=values["programme"],
        programme=programme.programme,
        committee=programme.committee,
        committee_title=values["theme_fr"],
        period_start=f"{values['year']}~",
    )


def _investment(values: JsonObject) -> ProjectRecord:
    number, title, action = values["project_id"], values["title_fr"] or values["acronym"], values["action_fr"]
    amount: Decimal | None = values["amount_eur"] or None
    return ProjectRecord(
        number=number,
        key=number.lower(),
        page=f"{INVESTMENT_PAGE}{number.removeprefix('ANR-')}",
        title=title,
        acronym=values["acronym"],
        kind=ProjectKind.INVESTMENT,
        language=language_of(title, Language.FR),
        objective=values["summary_fr"],
        year=values["edition"],
        call=action,
        scheme=action,
        programme=INVESTMENTS,
        contribution=amount,
        period_start=values["start"] or f"{values['edition']}~",
        note=_CARNOT_NOTE if action in CARNOT and amount else ("", ""),
    )


def _rnsr(row: SheetRow) -> str:
    """The RNSR number of a partner; one that is none is left out, with a remark."""
    value = row.values.get("rnsr_id", "")
    if not value:
        return ""
    try:
        return normalise_identifier("rnsr", value)
    except InvalidIdentifierError as error:
        row.remarks.append(RowError(_("%s: left out, the partner goes by its name") % error, "rnsr_id"))
        return ""


def _place(row: SheetRow, column: str) -> str:
    """The code of the region or country of a partner; an unknown name is left out, with a remark."""
    code = {"region": region_code, "country": country_code}[column](row.values[column])
    if code is None:
        message = _("“%(value)s” is not known; left out")
        row.remarks.append(RowError(message % {"value": row.values[column]}, column))
    return code or ""


def _position(number: str) -> int:
    """The place of a partner among those of its project, from the end of its number."""
    end = number.rpartition("-")[2]
    return int(end) if end.isdecimal() and len(end) < 6 else 0
