"""The names and the identifiers of an organisation, as its row gives them.

The row's `name_fr`, `name_en` and `acronym` make one undated name each; `names` lists all others whole. The lasting
keys of names are not in rows: a name is told from another by its kind, language, text and start.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from maillage.core.models import Citation
from maillage.core.periods import OPEN
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.fact_list import current_record, is_plain_citation
from maillage.core.rows.outcomes import RowOutcome, create, delete_records, find_first, find_records, upsert
from maillage.core.rows.sources import Origin
from maillage.core.rows.values import Attestation, Choice, PartialDate, Raw, Several, Text, Value, Values, ValueType
from maillage.core.rows.write_batch import active_batch
from maillage.core.security.visibility import Visibility
from maillage.register.identifier_list import check_not_borne_by_another
from maillage.register.models import Identifier, Name, Organisation
from maillage.register.row_types import IdentifierValue
from maillage.register.vocabulary import IDENTIFIER_SCHEMES, NameKind

if TYPE_CHECKING:
    from maillage.register.rows import OrganisationTexts

# The keys of an entry of `names`: the model field, the type and the value of a name that does not give it.
_NAME_KEYS: dict[str, tuple[str, ValueType, str]] = {
    "text": ("text", Text(400), ""),
    "language": ("language", Text(8), ""),
    "kind": ("kind", Choice(NameKind.choices), NameKind.OFFICIAL),
    "from": ("period_start", PartialDate(), ""),
    "to": ("period_end", PartialDate(end=True), OPEN),
    "attested": ("attested", Attestation(), ""),
    "visibility": ("visibility", Choice(Visibility.choices), Visibility.PUBLIC),
    "note": ("note_en", Text(), ""),
    "note_fr": ("note_fr", Text(), ""),
}
_NAME_IDENTITY = ("text", "language", "kind", "from")
_UNDATED = {"period_start": "", "period_end": OPEN}


def write_organisation_parts(row: "OrganisationTexts", record: Organisation, origin: Origin) -> RowOutcome:
    """Write the names and the identifiers of an organisation, of a merged one to the one it was merged into."""
    if row.merged_into:
        return RowOutcome.UNCHANGED
    record = current_record(record)
    outcome = _write_names(row, record, origin)
    for scheme in IDENTIFIER_SCHEMES:
        for value in getattr(row, scheme):
            outcome |= _write_identifier(record, scheme, value)
    return outcome


def _write_names(row: "OrganisationTexts", record: Organisation, origin: Origin) -> RowOutcome:
    """Write the dated `names`, which replace the undated ones of the same text, and the current names of the row."""
    outcome, listed = RowOutcome.UNCHANGED, []
    for entry in row.names or []:
        name, written = _write_name(record, entry)
        outcome |= written
        listed.append(name)
    for name in filter(_is_dated, listed):
        same = {"organisation": record, "text": name.text, "kind": name.kind, "language": name.language}
        undated = find_records(Name, {**same, **_UNDATED})
        delete_records([other for other in undated if other not in listed])
    attested = row.attested or origin.read_on.isoformat()
    for text, language, kind in _current_names(row):
        identity = {"organisation": record, "kind": kind, "language": language, "text": text}
        if text and find_first(Name, identity) is None:
            create(Name, {**identity, "attested": attested})
            outcome |= RowOutcome.CREATED
    return outcome


def _current_names(texts: Raw) -> list[tuple[str, str, str]]:
    """The text, the language and the kind of each current name of a row or a record."""
    return [
        (texts.name_fr, "fr", NameKind.OFFICIAL),
        (texts.name_en, "en", NameKind.OFFICIAL),
        (texts.acronym, "", NameKind.ACRONYM),
    ]


def _write_name(record: Organisation, entry: Raw) -> tuple[Name, RowOutcome]:
    if not isinstance(entry, dict) or not entry.get("text"):
        message = gettext("each of “names” must be a mapping with “text”, and if known %(others)s")
        raise RowError(message % {"others": ", ".join(list(_NAME_KEYS)[1:])}, "names")
    if unknown := [key for key in entry if key not in _NAME_KEYS]:
        message = gettext("a name has no “%(unknown)s”; it may have %(known)s")
        raise RowError(message % {"unknown": unknown[0], "known": ", ".join(_NAME_KEYS)}, "names")
    values = {key: _name_value(key, entry[key]) for key in entry if key not in _NAME_IDENTITY} | {
        "to": _name_value("to", entry.get("to", OPEN))
    }
    identity = {_NAME_KEYS[key][0]: _name_value(key, entry.get(key)) for key in _NAME_IDENTITY}
    fields = {_NAME_KEYS[key][0]: value for key, value in values.items()}
    name, outcome = upsert(Name, {"organisation": record, **identity}, fields)
    return name, outcome


def _name_value(key: str, raw: Raw) -> Value:
    _field, value_type, absent = _NAME_KEYS[key]
    try:
        return absent if raw is None else value_type.parse(raw)
    except InvalidValueError as error:
        raise RowError(str(error.as_row_error(key)), "names") from error


def _write_identifier(record: Organisation, scheme: str, value: str) -> RowOutcome:
    check_not_borne_by_another(record, scheme, value, scheme)
    return upsert(Identifier, {"organisation": record, "scheme": scheme, "value": value}, {})[1]


def read_organisation_parts(record: Organisation) -> Values:
    """The identifiers of an organisation, the names beside its current ones, and the one that it was merged into.

    Its parent is a tie, exported as such.
    """
    identifiers: dict[str, list[str]] = {}
    for identifier in find_records(Identifier, {"organisation": record}):
        identifiers.setdefault(identifier.scheme, []).append(identifier.value)
    single = {scheme: values[0] if len(values) == 1 else values for scheme, values in identifiers.items()}
    merged_into = record.merged_into.key if record.merged_into else ""
    names = {"names": _listed_names(record), "parent": "", "merged_into": merged_into}
    return dict.fromkeys(IDENTIFIER_SCHEMES, "") | single | names


def _listed_names(record: Organisation) -> list[Values]:
    names = find_records(Name, {"organisation": record})
    identities = [_identity(name) for name in names]
    current = [identity for identity in _current_names(record) if identities.count(identity) == 1]
    plain = [name for name in names if _identity(name) in current and _name_row(name).keys() <= {*_PLAIN_KEYS}]
    expected = _expected_attested(record) if plain else ""
    return [_name_row(name) for name in names if name not in plain or name.attested != expected]


_PLAIN_KEYS = ("text", "language", "kind", "attested")


def _identity(name: Name) -> tuple[str, str, str]:
    return name.text, name.language, name.kind


def _expected_attested(record: Organisation) -> str:
    """The date that the current names get when the row of a record is loaded: the row's, or that of its sources."""
    if record.attested:
        return record.attested
    cited = find_records(Citation, {"record_kind": record.kind_name(), "record_id": record.pk})
    days = [citation.read_on for citation in cited if is_plain_citation(record, citation)]
    return max(days).isoformat() if days else ""


def _is_dated(name: Name) -> bool:
    return bool(name.period_start) or name.period_end != OPEN


def _name_row(name: Name) -> Values:
    values = {key: str(getattr(name, field)) for key, (field, _type, _absent) in _NAME_KEYS.items()}
    kept = ("text", "kind")
    return {key: value for key, value in values.items() if key in kept or value != _NAME_KEYS[key][2]}


def remove_corrected_parts(before: Values, row: "OrganisationTexts", record: Organisation) -> None:
    """Remove the undated names that a correction replaces, and the dated ones and identifiers that it leaves out."""
    for key, language in (("name_fr", "fr"), ("name_en", "en"), ("acronym", "")):
        if row.has(key) and before.get(key, "") != getattr(row, key):
            replaced = {"organisation": record, "text": before.get(key, ""), "language": language, **_UNDATED}
            delete_records(find_records(Name, replaced))
    if row.has("names") and before.get("names", []) != row.names:
        _remove_left_out_names(row, record)
    for scheme in IDENTIFIER_SCHEMES:
        if row.has(scheme):
            identifiers = find_records(Identifier, {"organisation": record, "scheme": scheme})
            delete_records([each for each in identifiers if each.value not in getattr(row, scheme)])


def _remove_left_out_names(row: "OrganisationTexts", record: Organisation) -> None:
    kept = {tuple(_name_value(key, entry.get(key)) for key in _NAME_IDENTITY) for entry in row.names or []}
    listed = [name for name in find_records(Name, {"organisation": record}) if _is_listed(name)]
    delete_records([name for name in listed if (*_identity(name), name.period_start) not in kept])


def _is_listed(name: Name) -> bool:
    return _is_dated(name) or name.kind in (NameKind.ALIAS, NameKind.UNIT)


def load_organisation_parts(rows: Iterable[Values]) -> None:
    """Load at once the identifiers that rows give, whoever bears them."""
    batch = active_batch()
    if batch is None:
        return
    schemes = [(row, scheme) for row in rows for scheme in IDENTIFIER_SCHEMES if row.get(scheme)]
    pairs = {(scheme, value) for row, scheme in schemes for value in _parsed(scheme, row[scheme])}
    batch.load(Identifier, ("scheme", "value"), pairs, whole=True)


def _parsed(scheme: str, raw: Raw) -> list[str]:
    try:
        values: list[str] = Several(IdentifierValue(scheme)).parse(raw)
    except InvalidValueError:
        return []
    return values
