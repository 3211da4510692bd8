"""List loaders of organisations, ties and offices, and their export rows."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.core.list_export import export_period, export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.models import source_domain
from maillage.core.periods import OPEN, UNKNOWN, edtf_text
from maillage.core.regions import is_region
from maillage.core.row_writing import cite_sources, row_values, upsert
from maillage.register.hierarchy import would_close_circle
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.models import Identifier, Name, Office, Organisation, Tie
from maillage.register.vocabulary import HIERARCHY_KINDS, IDENTIFIER_SCHEMES, NameKind, OrganisationKind, TieKind


def period_values(row: FileRow, start: str = "from", end: str = "to", absent_end: str = OPEN) -> dict[str, str]:
    """The period of a row as model fields, for the keys that the row has; a missing end is `absent_end`."""
    values = {}
    if start in row.values:
        values["period_start"] = edtf_text(row.values[start])
    if end in row.values:
        values["period_end"] = edtf_text(row.values[end])
    elif start in row.values or absent_end == UNKNOWN:
        values["period_end"] = absent_end
    return values


def find_organisation(row: FileRow, field: str) -> Organisation:
    """The organisation whose key is in `field`. Raises `RowError` if there is none."""
    key = row.text(field)
    organisation: Organisation | None = Organisation.objects.filter(key=key).first()
    if organisation is None:
        message = _("“%(key)s” is not the key of an organisation; add it to “organisations” or correct the key")
        raise RowError(message % {"key": key}, field)
    return organisation


def find_organisation_or_text(row: FileRow, field: str, name: str) -> dict[str, object]:
    """`name` as an organisation if the value of `field` is a key, else `name_text` as the source gives it."""
    value = row.text(field)
    organisation = Organisation.objects.filter(key=value).first() if value else None
    return {name: organisation, f"{name}_text": "" if organisation else value}


def choice_value(row: FileRow, field: str, choices: Any) -> str:
    """A value of a vocabulary. Raises `RowError` listing the known values."""
    value = row.text(field)
    if value not in choices.values:
        message = _("“%(value)s” is not a known value of “%(field)s”; use one of %(choices)s")
        raise RowError(message % {"value": value, "field": field, "choices": ", ".join(choices.values)}, field)
    return value


_ORGANISATION_TEXTS = {
    "name_fr": "name_fr", "name_en": "name_en", "acronym": "acronym", "city": "city", "website": "website",
    "note_en": "note", "note_fr": "note_fr",
}  # fmt: skip


def write_organisation(row: FileRow) -> RowOutcome:
    """Write one row of `organisations`: the organisation, its names, its identifiers and its sources."""
    values: dict[str, Any] = row_values(row, **_ORGANISATION_TEXTS) | period_values(row, "since", "until")
    if "kind" in row.values:
        values["kind"] = choice_value(row, "kind", OrganisationKind)
    if "country" in row.values:
        values["country"] = _country(row)
    if "region" in row.values:
        values["region"] = _region(row)
    record, outcome = upsert(Organisation, {"key": row.text("key")}, values)
    outcome |= _write_names(row, record)
    for scheme in IDENTIFIER_SCHEMES:
        if scheme in row.values:
            outcome |= _write_identifier(row, record, scheme)
    return outcome | cite_sources(row, record)


def _country(row: FileRow) -> str:
    code = row.text("country").upper()
    if len(code) != 2 or not code.isalpha():
        message = _("“%(code)s” is not a country code of two letters (ISO 3166), such as FR") % {"code": code}
        raise RowError(message, "country")
    return code


def _region(row: FileRow) -> str:
    code = row.text("region").upper()
    if not is_region(code):
        message = _("“%(code)s” is not a code of a region (ISO 3166-2), such as FR-IDF") % {"code": code}
        raise RowError(message, "region")
    return code


def _write_names(row: FileRow, record: Organisation) -> RowOutcome:
    """Write the current names of the row and its dated `names`, which replace the undated ones of the same text."""
    outcome = RowOutcome.UNCHANGED
    listed = row.values.get("names") or []
    for entry in listed:
        outcome |= _write_name(record, entry)
    if listed:
        dated = [str(entry["text"]) for entry in listed]
        record.names.filter(period_start="", text__in=dated).delete()
    for field, language, kind in (
        ("name_fr", "fr", NameKind.OFFICIAL),
        ("name_en", "en", NameKind.OFFICIAL),
        ("acronym", "", NameKind.ACRONYM),
    ):
        text = row.text(field)
        if text and not record.names.filter(text=text, kind=kind, language=language).exists():
            identity = {"organisation": record, "kind": kind, "language": language, "text": text}
            outcome |= upsert(Name, identity, {"attested": row.read_on.isoformat()})[1]
    return outcome


def _write_name(record: Organisation, entry: object) -> RowOutcome:
    if not isinstance(entry, dict) or "text" not in entry:
        message = _("each of “names” must be a mapping with “text”, and if known language, kind, from, to")
        raise RowError(message, "names")
    identity = {
        "organisation": record,
        "kind": entry.get("kind", NameKind.OFFICIAL),
        "language": entry.get("language", ""),
        "text": str(entry["text"]),
        "period_start": edtf_text(entry.get("from")),
    }
    return upsert(Name, identity, {"period_end": edtf_text(entry.get("to", OPEN))})[1]


def _write_identifier(row: FileRow, record: Organisation, scheme: str) -> RowOutcome:
    try:
        value = normalise_identifier(scheme, row.text(scheme))
    except InvalidIdentifierError as error:
        raise RowError(str(error), scheme) from error
    conflicting = Identifier.objects.filter(scheme=scheme, value=value).exclude(organisation=record).first()
    if conflicting and IDENTIFIER_SCHEMES[scheme].unique:
        message = _("the %(scheme)s %(value)s is that of “%(other)s” already; correct one of the two")
        message_values = {
            "scheme": IDENTIFIER_SCHEMES[scheme].label,
            "value": value,
            "other": conflicting.organisation.key,
        }
        raise RowError(message % message_values, scheme)
    return upsert(Identifier, {"organisation": record, "scheme": scheme, "value": value}, {})[1]


def write_parent(row: FileRow) -> RowOutcome:
    """Write the `parent` of a row as a tie *part of*, once all organisations of the list are written."""
    if "parent" not in row.values:
        return RowOutcome.UNCHANGED
    child, parent = find_organisation(row, "key"), find_organisation(row, "parent")
    _check_no_circle(child, parent, TieKind.PART_OF, "parent")
    tie, outcome = upsert(Tie, {"subject": child, "object": parent, "kind": TieKind.PART_OF, "period_start": ""}, {})
    return outcome | cite_sources(row, tie)


def _check_no_circle(subject: Organisation, target: Organisation, kind: str, field: str) -> None:
    if subject == target:
        message = _("“%(key)s” cannot be tied to itself; correct one of the two keys") % {"key": subject.key}
        raise RowError(message, field)
    if kind in HIERARCHY_KINDS and would_close_circle(subject.pk, target.pk, kind):
        message = _("“%(one)s” stands above “%(other)s” already, so this would close a circle; undo one of the ties")
        raise RowError(message % {"one": subject.key, "other": target.key}, field)


def write_membership(row: FileRow) -> RowOutcome:
    """Write one row of `memberships`: a tie from `member` to `of`."""
    kind = choice_value(row, "role", TieKind)
    subject, target = find_organisation(row, "member"), find_organisation(row, "of")
    _check_no_circle(subject, target, kind, "of")
    identity = {"subject": subject, "object": target, "kind": kind, "period_start": edtf_text(row.values.get("from"))}
    values = row_values(row, note_en="note", note_fr="note_fr") | period_values(row)
    values.pop("period_start", None)
    tie, outcome = upsert(Tie, identity, values)
    return outcome | cite_sources(row, tie)


def write_office(row: FileRow) -> RowOutcome:
    """Write one row of `people_roles`: a public office. Of its holder, only the name is stored."""
    identity = {
        "person_name": row.text("name"),
        "organisation": find_organisation(row, "of"),
        "role_en": row.text("role"),
    }
    values = row_values(row, role_fr="role_fr", note_en="note", note_fr="note_fr") | period_values(row)
    office, outcome = upsert(Office, identity, values)
    return outcome | cite_sources(row, office)


def own_domains(organisations: list[Organisation]) -> set[str]:
    """The domains of the websites of these organisations."""
    return {source_domain(organisation.website) for organisation in organisations if organisation.website}


def organisation_row(record: Organisation) -> dict[str, object]:
    """Serialise an organisation as a row of `organisations`; its parent is a tie, exported in `memberships`."""
    identifiers = {identifier.scheme: identifier.value for identifier in record.identifiers.all()}
    names = [
        _name_row(name) for name in record.names.order_by("pk") if name.period_start or name.kind == NameKind.ALIAS
    ]
    row = {"key": record.key, **export_texts(record, _ORGANISATION_TEXTS), "kind": record.kind}
    row |= {"country": record.country, "region": record.region}
    row |= export_period(record, "since", "until") | identifiers | ({"names": names} if names else {})
    return {key: value for key, value in row.items() if value}


def _name_row(name: Name) -> dict[str, object]:
    return {"text": name.text, "language": name.language, "kind": name.kind, **export_period(name)}


def membership_row(tie: Tie) -> dict[str, object]:
    """Serialise a tie as a row of `memberships`."""
    notes = export_texts(tie, {"note_en": "note", "note_fr": "note_fr"})
    return {"member": tie.subject.key, "of": tie.object.key, "role": tie.kind, **export_period(tie), **notes}


def office_row(office: Office) -> dict[str, object]:
    """Serialise an office as a row of `people_roles`."""
    texts = export_texts(office, {"role_en": "role", "role_fr": "role_fr", "note_en": "note", "note_fr": "note_fr"})
    return {"name": office.person_name, "of": office.organisation.key, **export_period(office), **texts}


ORGANISATION_LOADER = ListLoader(
    name="organisations",
    model=Organisation,
    identity=("key",),
    lookup=("key",),
    fields=frozenset(
        {
            *_ORGANISATION_TEXTS.values(),
            *IDENTIFIER_SCHEMES,
            "key",
            "kind",
            "country",
            "region",
            "since",
            "until",
            "source",
            "parent",
            "names",
        }
    ),
    write=write_organisation,
    to_row=organisation_row,
    complete=write_parent,
)
MEMBERSHIP_LOADER = ListLoader(
    name="memberships",
    model=Tie,
    identity=("member", "of", "role", "from"),
    lookup=("subject__key", "object__key", "kind", "period_start"),
    fields=frozenset({"member", "of", "role", "from", "to", "note", "note_fr", "source"}),
    write=write_membership,
    to_row=membership_row,
)
OFFICE_LOADER = ListLoader(
    name="people_roles",
    model=Office,
    identity=("name", "role", "of"),
    lookup=("person_name", "role_en", "organisation__key"),
    fields=frozenset({"name", "role", "role_fr", "of", "from", "to", "note", "note_fr", "source"}),
    write=write_office,
    to_row=office_row,
)

register_loaders(ORGANISATION_LOADER, MEMBERSHIP_LOADER, OFFICE_LOADER)
