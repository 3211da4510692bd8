"""The lists of organisations, ties and offices."""

from typing import Annotated, Any, cast

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import create_model

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.periods import OPEN, edtf_text
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import FactList, Values
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import RowOutcome, upsert
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Origin, Sources, cite
from maillage.core.rows.values import Choice, Key, Part, Several, Text, WebAddress
from maillage.register.hierarchy import would_close_circle
from maillage.register.models import Identifier, Name, Office, Organisation, Tie
from maillage.register.row_types import ORGANISATION, CountryCode, IdentifierValue, RegionCode
from maillage.register.vocabulary import HIERARCHY_KINDS, IDENTIFIER_SCHEMES, NameKind, OrganisationKind, TieKind

OrganisationValue = Annotated[str, ORGANISATION, Described(_("Organisation"))]


class _OrganisationTexts(FactRow):
    """An organisation of any kind, with its current names."""

    key: Annotated[str, Key(), Described(_("Key"), _(
        "Its name in addresses and files; it stays the same when the organisation is renamed."),
        example="univ-lille")]  # fmt: skip
    name_fr: Annotated[str, Text(400), Described(_("Name in French"), example="Université de Lille")] = ""
    name_en: Annotated[str, Text(400), Described(_("Name in English"), example="University of Lille")] = ""
    acronym: Annotated[str, Text(80), Described(_("Acronym"))] = ""
    kind: Annotated[str, Choice(OrganisationKind.choices), Described(_("Kind"), example="university")] = ""
    city: Annotated[str, Text(120), Described(_("Town"), example="Lille")] = ""
    region: Annotated[str, RegionCode(), Described(_("Region"), _(
        "The code of ISO 3166-2."), example="FR-HDF")] = ""  # fmt: skip
    country: Annotated[str, CountryCode(), Described(_("Country"), _(
        "The code of two letters of ISO 3166-1."), example="FR")] = ""  # fmt: skip
    website: Annotated[str, WebAddress(500), Described(_("Website"), example="https://www.univ-lille.fr")] = ""
    start: Start = optional("since")
    end: End = optional("until")
    parent: Annotated[str, Part("text"), Described(_("Part of"), _(
        "The organisation of which it is a part."), editable=False)] = ""  # fmt: skip
    names: Annotated[Any, Part("mappings"), Described(_("Dated names"), _(
        "Each with its text and, if known, its language, kind, from and to."), editable=False)] = ()  # fmt: skip
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def _identifier_field(scheme: str) -> Any:
    described = Described(IDENTIFIER_SCHEMES[scheme].label, into="")
    return (Annotated[list[str], Several(IdentifierValue(scheme)), described], [])


OrganisationRow = cast(
    type[_OrganisationTexts],
    create_model(
        "OrganisationRow",
        __base__=_OrganisationTexts,
        __doc__=_OrganisationTexts.__doc__,
        __module__=__name__,
        **{scheme: _identifier_field(scheme) for scheme in IDENTIFIER_SCHEMES},
    ),
)


class MembershipRow(FactRow):
    """A dated tie: the first organisation is “member of”, “hosted by”, “part of” … the second."""

    member: Annotated[str, ORGANISATION, Described(_("First organisation"), into="subject")]
    role: Annotated[str, Choice(TieKind.choices), Described(_("Tie"), into="kind", example="member")]
    of: Annotated[str, ORGANISATION, Described(_("Second organisation"), into="object")]
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


class OfficeRow(FactRow):
    """A public office held in an organisation. Of its holder, only the name is stored."""

    name: Annotated[str, Text(200), Described(_("Holder"), into="person_name")]
    role: Annotated[str, Text(200), Described(_("Office in English"), into="role_en", example="director")]
    role_fr: Annotated[str, Text(200), Described(_("Office in French"))] = ""
    of: Annotated[str, ORGANISATION, Described(_("Organisation"), into="organisation")]
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def write_organisation_parts(row: _OrganisationTexts, record: Organisation, origin: Origin) -> RowOutcome:
    """Write the names and the identifiers of an organisation."""
    outcome = _write_names(row, record, origin)
    for scheme in IDENTIFIER_SCHEMES:
        for value in getattr(row, scheme):
            outcome |= _write_identifier(record, scheme, value)
    return outcome


def _write_names(row: _OrganisationTexts, record: Organisation, origin: Origin) -> RowOutcome:
    """Write the current names of the row and its dated `names`, which replace the undated ones of the same text."""
    outcome = RowOutcome.UNCHANGED
    listed = row.names or []
    for entry in listed:
        outcome |= _write_name(record, entry)
    if listed:
        dated = [str(entry["text"]) for entry in listed]
        record.names.filter(period_start="", period_end=OPEN, text__in=dated).delete()
    for text, language, kind in (
        (row.name_fr, "fr", NameKind.OFFICIAL),
        (row.name_en, "en", NameKind.OFFICIAL),
        (row.acronym, "", NameKind.ACRONYM),
    ):
        if text and not record.names.filter(text=text, kind=kind, language=language).exists():
            identity = {"organisation": record, "kind": kind, "language": language, "text": text}
            outcome |= upsert(Name, identity, {"attested": origin.read_on.isoformat()})[1]
    return outcome


def _write_name(record: Organisation, entry: Any) -> RowOutcome:
    if not isinstance(entry, dict) or "text" not in entry:
        message = gettext("each of “names” must be a mapping with “text”, and if known language, kind, from, to")
        raise RowError(message, "names")
    identity = {
        "organisation": record,
        "kind": entry.get("kind", NameKind.OFFICIAL),
        "language": entry.get("language", ""),
        "text": str(entry["text"]),
        "period_start": edtf_text(entry.get("from")),
    }
    return upsert(Name, identity, {"period_end": edtf_text(entry.get("to", OPEN))})[1]


def _write_identifier(record: Organisation, scheme: str, value: str) -> RowOutcome:
    conflicting = Identifier.objects.filter(scheme=scheme, value=value).exclude(organisation=record).first()
    if conflicting and IDENTIFIER_SCHEMES[scheme].unique:
        message = gettext("the %(scheme)s %(value)s is that of “%(other)s” already; correct one of the two")
        other = conflicting.organisation.key
        words = {"scheme": IDENTIFIER_SCHEMES[scheme].label, "value": value, "other": other}
        raise RowError(message % words, scheme)
    return upsert(Identifier, {"organisation": record, "scheme": scheme, "value": value}, {})[1]


def read_organisation_parts(record: Organisation) -> Values:
    """The identifiers and the dated names of an organisation; its parent is a tie, exported as such."""
    identifiers: dict[str, list[str]] = {}
    for identifier in record.identifiers.order_by("pk"):
        identifiers.setdefault(identifier.scheme, []).append(identifier.value)
    single = {scheme: values[0] if len(values) == 1 else values for scheme, values in identifiers.items()}
    names = [_name_row(name) for name in record.names.order_by("pk") if _is_dated(name)]
    return dict.fromkeys(IDENTIFIER_SCHEMES, "") | single | {"names": names, "parent": ""}


def _is_dated(name: Name) -> bool:
    return bool(name.period_start) or name.period_end != OPEN or name.kind == NameKind.ALIAS


def _name_row(name: Name) -> Values:
    row = {"text": name.text, "language": name.language, "kind": name.kind, "from": name.period_start}
    return {key: value for key, value in row.items() if value} | (
        {} if name.period_end == OPEN else {"to": name.period_end}
    )


def remove_corrected_parts(before: Values, row: _OrganisationTexts, record: Organisation) -> None:
    """Remove the undated names that a correction replaces, and the dated ones and identifiers that it leaves out."""
    for key, language in (("name_fr", "fr"), ("name_en", "en"), ("acronym", "")):
        if row.has(key) and before.get(key, "") != getattr(row, key):
            record.names.filter(text=before.get(key, ""), language=language, period_start="", period_end=OPEN).delete()
    if row.has("names") and before.get("names", []) != row.names:
        _remove_left_out_names(row, record)
    for scheme in IDENTIFIER_SCHEMES:
        if row.has(scheme):
            record.identifiers.filter(scheme=scheme).exclude(value__in=getattr(row, scheme)).delete()


def _remove_left_out_names(row: _OrganisationTexts, record: Organisation) -> None:
    keys = ("text", "language", "kind", "from")
    kept = {tuple(str(entry.get(key) or "") for key in keys) for entry in row.names or []}
    for name in record.names.all():
        if _is_dated(name) and tuple(_name_row(name).get(key, "") for key in keys) not in kept:
            name.delete()


def write_parent(row: _OrganisationTexts, record: Organisation, origin: Origin) -> RowOutcome:
    """Write the `parent` of a row as a tie *part of*, once all organisations of the list are written."""
    if not row.parent:
        return RowOutcome.UNCHANGED
    parent = ORGANISATION.find(row.parent)
    if parent is None:
        raise ORGANISATION.not_found(row.parent).as_row_error("parent")
    _check_no_circle(record, cast(Organisation, parent), TieKind.PART_OF, "parent")
    identity = {"subject": record, "object": parent, "kind": TieKind.PART_OF, "period_start": ""}
    tie, outcome = upsert(Tie, identity, {})
    return outcome | cite(tie, row.source, origin)


def _check_no_circle(subject: Organisation, target: Organisation, kind: str, field: str) -> None:
    if subject == target:
        message = gettext("“%(key)s” cannot be tied to itself; correct one of the two keys") % {"key": subject.key}
        raise RowError(message, field)
    if kind in HIERARCHY_KINDS and would_close_circle(subject.pk, target.pk, kind):
        message = gettext(
            "“%(one)s” stands above “%(other)s” already, so this would close a circle; undo one of the ties"
        )
        raise RowError(message % {"one": subject.key, "other": target.key}, field)


def check_membership(row: MembershipRow) -> None:
    """Raise `RowError` for a tie of an organisation to itself, or one that closes a circle."""
    subject, target = ORGANISATION.find(row.member), ORGANISATION.find(row.of)
    if subject and target:
        _check_no_circle(cast(Organisation, subject), cast(Organisation, target), row.role, "of")


def find_organisations_named(name: str, actor: Actor) -> list[Organisation]:
    """The organisations that an actor may read with exactly this name or acronym, now or on some day."""
    records = Organisation.objects.visible_to(actor).filter(merged_into=None)
    current = records.filter(Q(name_fr=name) | Q(name_en=name) | Q(acronym=name))
    return list(current[:6]) or list(records.filter(names__text=name).distinct()[:6])


ORGANISATIONS = FactList(
    name="organisations",
    title=_("Organisations"),
    row=OrganisationRow,
    model=Organisation,
    natural_key=("key",),
    write_parts=write_organisation_parts,
    read_parts=read_organisation_parts,
    after_correction=remove_corrected_parts,
    complete=write_parent,
    find_named=find_organisations_named,
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("key",),
)
MEMBERSHIPS = FactList(
    name="memberships",
    title=_("Ties"),
    row=MembershipRow,
    model=Tie,
    natural_key=("member", "of", "role", "start"),
    check=check_membership,
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("member", "of"),
)
OFFICES = FactList(
    name="people_roles",
    title=_("Offices"),
    row=OfficeRow,
    model=Office,
    natural_key=("name", "role", "of", "start"),
    writers=(OFFICER, MANAGER, LEAD),
    concerns=("of",),
)

register_lists(ORGANISATIONS, MEMBERSHIPS, OFFICES)
