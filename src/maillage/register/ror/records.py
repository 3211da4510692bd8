"""Parser of ROR records. Both published schemas are read; the first is converted to the second."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.core.json_types import Json, JsonObject
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, Period
from maillage.core.regions import is_region
from maillage.core.rows.errors import RowError
from maillage.core.text import fold
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.vocabulary import NameKind, OrganisationKind, TieKind

# A record may have several types; the first in this order gives the kind.
KINDS_BY_ROR_TYPE: dict[str, str] = {
    "education": OrganisationKind.UNIVERSITY,
    "healthcare": OrganisationKind.HOSPITAL,
    "company": OrganisationKind.COMPANY,
    "government": OrganisationKind.AGENCY,
    "archive": OrganisationKind.ARCHIVE,
    "facility": OrganisationKind.FACILITY,
    "nonprofit": OrganisationKind.ASSOCIATION,
    "funder": OrganisationKind.FUND,
    "other": OrganisationKind.OTHER,
}
# The tie that a relation states, and whether the record that states it is the tie's object.
TIES_BY_ROR_RELATION: dict[str, tuple[str, bool]] = {
    "parent": (TieKind.PART_OF, False),
    "child": (TieKind.PART_OF, True),
    "related": (TieKind.RELATED, False),
    "predecessor": (TieKind.SUCCESSOR, False),
    "successor": (TieKind.SUCCESSOR, True),
}
_NOTES = {
    "inactive": (
        "ROR lists this organisation as no longer active.",
        "ROR donne cette organisation comme n’étant plus active.",
    ),
    "withdrawn": ("ROR has withdrawn this record.", "ROR a retiré cette notice."),
}
_CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
NAME_LIMIT, ACRONYM_LIMIT, CITY_LIMIT, WEBSITE_LIMIT, IDENTIFIER_LIMIT = 400, 80, 120, 500, 60


@dataclass(frozen=True, slots=True)
class RorName:
    text: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class RorRelation:
    """`kind` of tie with the organisation of ROR identifier `ror`; `reversed` if it is the subject of the tie."""

    kind: str
    reversed: bool
    ror: str
    label: str


@dataclass(slots=True)
class RorRecord:
    """A record as values of the register. `remarks` are the refused parts: (part, reason)."""

    line: int
    ror: str
    kind: str = OrganisationKind.OTHER
    names: list[RorName] = field(default_factory=list)
    name_fr: str = ""
    name_en: str = ""
    acronym: str = ""
    sort_name: str = ""
    sort_name_en: str = ""
    city: str = ""
    country: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    period_start: str = UNKNOWN
    period_end: str = OPEN
    attested: str = ""
    note_en: str = ""
    note_fr: str = ""
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def clean_text(value: object) -> str:
    """A text without control characters or surrogates, stripped; empty for `None`."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    return text.strip() if text.isprintable() else _CONTROL_CHARACTERS.sub(" ", text).strip()


def record_identifier(values: JsonObject) -> str:
    """The ROR identifier of a record. Raises `RowError` if it is missing or its checksum is wrong."""
    if not isinstance(values.get("id"), str):
        raise RowError(_("the record has no “id”; add its ROR identifier"))
    try:
        return normalise_identifier("ror", values["id"])
    except InvalidIdentifierError as error:
        raise RowError(str(error)) from error


def parse_record(line: int, values: JsonObject, read_on: str) -> RorRecord:
    """A record as values of the register; `read_on` is the ISO day of the reading.

    Raises `RowError` where it has no valid identifier, no name, or not the shape of a ROR record.
    """
    record = RorRecord(line, record_identifier(values))
    try:
        if "names" not in values and "name" in values:
            values = _second_schema(values)
        _add_names(record, values.get("names") or [])
        _set_place(record, values.get("locations") or [])
        _set_website(record, values.get("links") or [])
        _add_identifiers(record, values.get("external_ids") or [])
        _set_kind(record, values.get("types") or [])
        _set_period(record, values, read_on)
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise RowError(_("%s has not the shape of a ROR record; fetch it again") % record.ror) from error
    return record


def _second_schema(values: JsonObject) -> JsonObject:
    """A record of schema 1 in the shape of schema 2."""
    names = [{"value": values["name"], "types": ["ror_display", "label"]}]
    labels = values.get("labels") or []
    names += [{"value": item["label"], "lang": item["iso639"], "types": ["label"]} for item in labels]
    names += [{"value": text, "types": ["alias"]} for text in values.get("aliases") or []]
    names += [{"value": text, "types": ["acronym"]} for text in values.get("acronyms") or []]
    country = (values.get("country") or {}).get("country_code")
    places = [
        {"name": place["city"], "country_code": country, "lat": place["lat"], "lng": place["lng"]}
        for place in values.get("addresses") or []
    ]
    return {
        **values,
        "names": names,
        "locations": [{"geonames_details": place} for place in places or [{"country_code": country}]],
        "links": [{"type": "website", "value": link} for link in values.get("links") or []],
        "external_ids": [
            {"type": scheme.lower(), "all": _as_list(item["all"])}
            for scheme, item in (values.get("external_ids") or {}).items()
        ],
    }


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _add_names(record: RorRecord, items: list[JsonObject]) -> None:
    display_name: RorName | None = None
    for item in items:
        text, language, types = clean_text(item["value"]), clean_text(item.get("lang"))[:8], item["types"]
        if not text:
            continue
        if len(text) > NAME_LIMIT:
            record.remarks.append(("name", _("a name of %d characters is too long to be one") % len(text)))
            continue
        names = [RorName(text, language, kind) for kind in _name_kinds(types)]
        record.names += [name for name in names if name not in record.names]
        if "ror_display" in types:
            display_name = names[0]
    _set_current_names(record, display_name)


def _name_kinds(types: list[str]) -> list[str]:
    kinds: list[str] = []
    if "ror_display" in types or "label" in types:
        kinds.append(NameKind.OFFICIAL)
    if "acronym" in types:
        kinds.append(NameKind.ACRONYM)
    return kinds or [NameKind.ALIAS]


def _set_current_names(record: RorRecord, display_name: RorName | None) -> None:
    """Set the current names of the record, one per language; the one that ROR displays has priority."""
    official_names = [name for name in record.names if name.kind == NameKind.OFFICIAL]
    display_name = display_name or next(iter(official_names or record.names), None)
    if display_name is None:
        raise RowError(_("%s has no name; an organisation without a name cannot be listed") % record.ror)
    official_names = [display_name, *official_names]
    record.name_fr = next((name.text for name in official_names if name.language == "fr"), "")
    record.name_en = next((name.text for name in official_names if name.language == "en"), "")
    if not record.name_en and display_name.language != "fr":
        record.name_en = display_name.text
    acronyms = (name.text for name in record.names if name.kind == NameKind.ACRONYM)
    record.acronym = next((text for text in acronyms if len(text) <= ACRONYM_LIMIT), "")
    record.sort_name = fold(record.name_fr or record.name_en)[:NAME_LIMIT]
    record.sort_name_en = fold(record.name_en or record.name_fr)[:NAME_LIMIT]


def _region(country: str, subdivision: object) -> str:
    """The ISO 3166-2 code of a country and its subdivision; empty if it is not a known region."""
    code = f"{country}-{clean_text(subdivision).upper()}"
    return code if is_region(code) else ""


def _set_place(record: RorRecord, locations: list[JsonObject]) -> None:
    if not locations:
        return
    place = locations[0]["geonames_details"]
    record.city = clean_text(place.get("name"))[:CITY_LIMIT]
    country = clean_text(place.get("country_code")).upper()
    if len(country) == 2 and country.isascii() and country.isalpha():
        record.country = country
        record.region = _region(country, place.get("country_subdivision_code"))
    elif country:
        record.remarks.append(("country", _("“%s” is not a country code of two letters") % country[:20]))
    record.latitude, record.longitude = _degrees(place.get("lat"), 90), _degrees(place.get("lng"), 180)


def _degrees(value: object, limit: int) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) <= limit else None


def _set_website(record: RorRecord, links: list[JsonObject]) -> None:
    website = clean_text(next((link["value"] for link in links if link["type"] == "website"), ""))
    if not website:
        return
    if website.startswith(("http://", "https://")) and len(website) <= WEBSITE_LIMIT:
        record.website = website
    else:
        record.remarks.append(("website", _("“%s” is no web address") % website[:80]))


def _add_identifiers(record: RorRecord, items: list[JsonObject]) -> None:
    """Add the valid identifiers; each invalid one is left out with a remark."""
    record.identifiers.append(("ror", record.ror))
    for item in items:
        scheme = item["type"]
        for value in _as_list(item["all"]):
            try:
                identifier = (scheme, normalise_identifier(scheme, clean_text(value)[:IDENTIFIER_LIMIT]))
            except InvalidIdentifierError as error:
                record.remarks.append(("identifier", str(error)))
                continue
            if identifier not in record.identifiers:
                record.identifiers.append(identifier)


def _set_kind(record: RorRecord, types: list[str]) -> None:
    type_names = {name.lower() for name in types}
    record.kind = next((kind for name, kind in KINDS_BY_ROR_TYPE.items() if name in type_names), OrganisationKind.OTHER)


def _set_period(record: RorRecord, values: JsonObject, read_on: str) -> None:
    """Set the period; an organisation that ROR no longer lists as active has ended on an unknown day."""
    year = values.get("established")
    if isinstance(year, int) and 0 < year <= int(read_on[:4]):
        record.period_start = f"{year:04d}"
    elif year is not None:
        record.remarks.append(("established", _("“%s” is not a year up to this one") % clean_text(year)[:20]))
    status = values.get("status")
    if status in _NOTES:
        record.period_end = UNKNOWN
        record.note_en, record.note_fr = _NOTES[status]
    elif not record.period_start:
        # Without a beginning, the last change of its record attests that the organisation existed then.
        record.attested = _last_modified(values) or read_on


def _last_modified(values: JsonObject) -> str:
    text = clean_text(((values.get("admin") or {}).get("last_modified") or {}).get("date"))
    try:
        Period(text, OPEN)
    except InvalidPeriodError:
        return ""
    return text


def parse_relations(values: Mapping[str, object]) -> tuple[list[RorRelation], list[tuple[str, str]]]:
    """The relations of a record, and remarks (part, reason) on the invalid ones."""
    relations: list[RorRelation] = []
    remarks: list[tuple[str, str]] = []
    items = values.get("relationships")
    for item in items if isinstance(items, list) else []:
        try:
            kind, turned = TIES_BY_ROR_RELATION[item["type"].lower()]
            relations.append(
                RorRelation(
                    kind, turned, normalise_identifier("ror", item["id"]), clean_text(item.get("label"))[:NAME_LIMIT]
                )
            )
        except InvalidIdentifierError as error:
            remarks.append(("relation", str(error)))
        except (KeyError, AttributeError, TypeError):
            remarks.append(("relation", _("“%s” is not a relation of ROR") % clean_text(item)[:80]))
    return relations, remarks
