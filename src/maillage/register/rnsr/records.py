"""Parser of the rows of an export of RNSR."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.core.french_regions import region_of_postal_code
from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.rows.errors import RowError
from maillage.core.text import fold
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.rnsr.file_reader import Row
from maillage.register.ror.records import ACRONYM_LIMIT, CITY_LIMIT, NAME_LIMIT, WEBSITE_LIMIT, clean_text
from maillage.register.vocabulary import NameKind, OrganisationKind, StructureLevel, StructureType, TieKind

_KINDS_BY_TYPE: dict[str, str] = {
    StructureType.TEAM: OrganisationKind.TEAM,
    StructureType.FEDERATION: OrganisationKind.FEDERATION,
    StructureType.SCIENTIFIC_INTEREST_GROUP: OrganisationKind.CONSORTIUM,
    StructureType.RESEARCH_GROUP: OrganisationKind.NETWORK,
    StructureType.INTERNATIONAL_COLLABORATION: OrganisationKind.NETWORK,
    StructureType.PUBLIC_INTEREST_GROUP: OrganisationKind.CONSORTIUM,
    StructureType.COOPERATION_FOUNDATION: OrganisationKind.FOUNDATION,
    StructureType.PRIVATE_COMPANY: OrganisationKind.COMPANY,
}
# Where an export has no types, the letters of unit numbers tell federations and networks from units.
_KINDS_BY_LETTERS: dict[str, str] = {
    **dict.fromkeys(("FR", "FED", "FRU", "SFR", "IFR"), OrganisationKind.FEDERATION),
    **dict.fromkeys(("GDR", "GDS"), OrganisationKind.NETWORK),
}
TIES_BY_ROLE: dict[str, str] = {"TUTE": TieKind.SUPERVISOR, "PART": TieKind.PARTICIPANT}
TIES_BY_SUCCESSION: dict[str, str] = {
    "F": TieKind.MERGER_OF,
    "E": TieKind.SPLIT_OF,
    "EF": TieKind.PARTS_OF,
    "SF": TieKind.PARTS_OF,
    "I": TieKind.ABSORBS,
    "S": TieKind.SPUN_OFF,
    "R": TieKind.SUCCESSOR,
}
_CEDEX = re.compile(r"\s+CEDEX\b.*$", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lez", "lès", "sous", "sur"]
)
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A supervising or participating body as an export names it; only the name is never empty."""

    name: str
    acronym: str = ""
    siret: str = ""
    uai: str = ""
    nature: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A tie of a structure with another: `reversed` if the other is the subject; `year` of a succession."""

    kind: str
    reversed: bool
    rnsr: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class StatedName:
    text: str
    kind: str
    language: str = ""


@dataclass(slots=True)
class Structure:
    """A row as values of the register. `remarks` are the refused parts: (part, reason)."""

    line: int
    rnsr: str
    names: list[StatedName] = field(default_factory=list)
    label: str = ""
    acronym: str = ""
    kind: str = OrganisationKind.RESEARCH_UNIT
    structure_type: str = ""
    level: int | None = None
    address: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = "FR"
    website: str = ""
    created: str = UNKNOWN
    closed: str = OPEN
    domains: list[str] = field(default_factory=list)
    erc_panels: list[str] = field(default_factory=list)
    grid: str = ""
    remarks: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class StructureTies:
    """The ties that a row states: (kind, body) and relations with other structures."""

    line: int
    rnsr: str
    bodies: list[tuple[str, BodyMention]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def structure_number(row: Row) -> str:
    """The RNSR number of a row. Raises `RowError` if it is missing or its check letter is wrong."""
    value = clean_text(row["rnsr_id"])
    if not any(character.isdigit() for character in value):
        # What stands there instead may be anything, also a name.
        raise RowError(_("the row has no RNSR number; add its nine digits and letter"))
    try:
        return normalise_identifier("rnsr", value)
    except InvalidIdentifierError as error:
        raise RowError(str(error)) from error


def parse_structure(line: int, row: Row, day: str) -> Structure:
    """A row as values of the register; `day` is the ISO day of the export. Raises `RowError` if it has no label."""
    structure = Structure(line, structure_number(row))
    _set_names(structure, row)
    _set_type(structure, row)
    _set_place(structure, row)
    _set_website(structure, row)
    structure.created = _year(structure, "created", row.get("created", ""), latest=day[:4]) or UNKNOWN
    structure.closed = _year(structure, "closed", row.get("closed", "")) or OPEN
    if structure.created > structure.closed != OPEN:
        reason = _("it closed in %(closed)s, before it was made in %(created)s")
        structure.remarks.append(("closed", reason % {"closed": structure.closed, "created": structure.created}))
        structure.created = UNKNOWN
    structure.domains = _codes(row.get("domain_codes", ""), 4)
    structure.erc_panels = _codes(row.get("erc_codes", ""), 6)
    structure.grid = _grid(structure, row.get("grid", ""))
    return structure


def split_list(text: str | None) -> list[str]:
    """The items of a list in one cell, cleaned; none for an empty cell."""
    return [" ".join(clean_text(item).split()) for item in text.split(";")] if text and text.strip() else []


def _set_names(structure: Structure, row: Row) -> None:
    structure.label = " ".join(clean_text(row["label"]).split())[:NAME_LIMIT]
    if not structure.label:
        raise RowError(_("%s has no label; a structure without a name cannot be listed") % structure.rnsr)
    acronym = " ".join(clean_text(row.get("acronym")).split())
    structure.acronym = acronym if len(acronym) <= ACRONYM_LIMIT else ""
    structure.names.append(StatedName(structure.label, NameKind.OFFICIAL, "fr"))
    if structure.acronym:
        structure.names.append(StatedName(structure.acronym, NameKind.ACRONYM))
    numbers = dict.fromkeys(number[:ACRONYM_LIMIT] for number in split_list(row.get("unit_labels")) if number)
    structure.names += [StatedName(number, NameKind.UNIT) for number in numbers]


def _set_type(structure: Structure, row: Row) -> None:
    code, level = clean_text(row.get("type_code")), clean_text(row.get("level"))
    structure.structure_type = code if code in StructureType.values else ""
    if code and not structure.structure_type:
        structure.remarks.append(("type", _("“%s” is not a type of structure") % code[:20]))
    structure.level = int(level) if level in map(str, StructureLevel.values) else None
    letters = {name.text.partition(" ")[0] for name in structure.names if name.kind == NameKind.UNIT}
    by_letters = next((_KINDS_BY_LETTERS[key] for key in sorted(letters) if key in _KINDS_BY_LETTERS), "")
    fallback = OrganisationKind.RESEARCH_UNIT if structure.structure_type else by_letters
    kind = _KINDS_BY_TYPE.get(structure.structure_type, fallback)
    structure.kind = kind or OrganisationKind.RESEARCH_UNIT


def _set_place(structure: Structure, row: Row) -> None:
    structure.address = " ".join(clean_text(row.get("address")).split())[:300]
    structure.postal_code = clean_text(row.get("postal_code"))[:12]
    structure.city = town_name(clean_text(row.get("town")))[:CITY_LIMIT]
    structure.region = region_of_postal_code(structure.postal_code)


def town_name(text: str) -> str:
    """A town without what the post adds, in the usual letters: `GIF-SUR-YVETTE CEDEX 2` gives `Gif-sur-Yvette`."""
    bare = _CEDEX.sub("", " ".join(text.split()))
    if not bare.isupper():
        return bare
    parts = re.split(r"([ '’-])", bare.lower())
    return "".join(part if place and part in _SMALL_WORDS else part.capitalize() for place, part in enumerate(parts))


def _set_website(structure: Structure, row: Row) -> None:
    website = clean_text(row.get("website"))
    if website.startswith("www."):
        website = f"http://{website}"
    if website.startswith(("http://", "https://")) and len(website) <= WEBSITE_LIMIT and " " not in website:
        structure.website = website
    elif website:
        structure.remarks.append(("website", _("“%s” is no web address") % website[:80]))


def _year(record: Structure | StructureTies, part: str, value: str, latest: str = "9989") -> str:
    text = clean_text(value)
    if _YEAR.fullmatch(text) and text <= latest:
        return text
    if text:
        record.remarks.append((part, _("“%s” is not a year up to the day of the export") % text[:20]))
    return ""


def _codes(text: str, limit: int) -> list[str]:
    return [code for code in dict.fromkeys(split_list(text)) if code and len(code) <= limit]


def _grid(structure: Structure, value: str) -> str:
    text = clean_text(value)
    if not text:
        return ""
    try:
        return normalise_identifier("grid", text)
    except InvalidIdentifierError as error:
        structure.remarks.append(("grid", str(error)))
        return ""


def parse_ties(line: int, row: Row) -> StructureTies:
    """The ties that a row states. Raises `RowError` if it has no valid number."""
    ties = StructureTies(line, structure_number(row))
    _add_bodies(ties, row)
    for column, turned in (("parents", False), ("children", True)):
        for value in split_list(row.get(column)):
            _add_relation(ties, column, value, Relation(TieKind.PART_OF, turned, ""))
    _add_successions(ties, row)
    return ties


def _add_bodies(ties: StructureTies, row: Row) -> None:
    names = split_list(row.get("tutelles"))
    acronyms, sirets, uais, natures, roles = (
        _aligned(ties, row, column, len(names))
        for column in ("tutelle_acronyms", "tutelle_siret", "tutelle_uai", "tutelle_nature_codes", "tutelle_roles")
    )
    label = fold(row.get("label", ""))
    for place, name in enumerate(names):
        kind = TIES_BY_ROLE.get(roles[place], TieKind.SUPERVISOR)
        siret, uai = _number(ties, "siret", sirets[place]), _number(ties, "uai", uais[place])
        mention = BodyMention(name[:NAME_LIMIT], acronyms[place][:ACRONYM_LIMIT], siret, uai, natures[place][:20])
        if not name:
            ties.remarks.append(("tutelle", _("a supervising body has no name; its tie was left out")))
        elif fold(name) == label:
            ties.remarks.append(("tutelle", _("%s is said to supervise itself; that tie was left out") % ties.rnsr))
        elif (kind, mention) not in ties.bodies:
            ties.bodies.append((kind, mention))


def _aligned(ties: StructureTies, row: Row, column: str, number: int) -> Sequence[str]:
    """The items of a list that goes with a list of names; blanks where it has not as many."""
    items = split_list(row.get(column))
    if len(items) == number:
        return items
    if any(items):
        reason = _("the column “%(column)s” has %(found)d values for %(number)d names; it was not read")
        ties.remarks.append(("list", reason % {"column": column, "found": len(items), "number": number}))
    return [""] * number


def _number(ties: StructureTies, scheme: str, value: str) -> str:
    if not value:
        return ""
    try:
        return _normalised(scheme, value)
    except InvalidIdentifierError as error:
        ties.remarks.append(("tutelle", str(error)))
        return ""


@functools.lru_cache(maxsize=10_000)
def _normalised(scheme: str, value: str) -> str:
    """An identifier in its canonical form; a few hundred bodies are named thousands of times."""
    return normalise_identifier(scheme, value)


def _add_successions(ties: StructureTies, row: Row) -> None:
    numbers = split_list(row.get("predecessors"))
    codes, years = (_aligned(ties, row, column, len(numbers)) for column in ("succession_codes", "succession_years"))
    for value, code, year in zip(numbers, codes, years, strict=True):
        kind = TIES_BY_SUCCESSION.get(code, TieKind.SUCCESSOR)
        _add_relation(ties, "predecessors", value, Relation(kind, False, "", _year(ties, "succession", year)))


def _add_relation(ties: StructureTies, part: str, value: str, relation: Relation) -> None:
    if not value:
        return
    try:
        number = normalise_identifier("rnsr", value)
    except InvalidIdentifierError as error:
        ties.remarks.append((part, str(error)))
        return
    if number == ties.rnsr:
        ties.remarks.append((part, _("%s names itself there; that tie was left out") % number))
        return
    stated = Relation(relation.kind, relation.reversed, number, relation.year)
    if stated not in ties.relations:
        ties.relations.append(stated)
