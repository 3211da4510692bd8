"""The lists of organisations, ties and offices."""

from typing import Annotated, cast

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, create_model

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import FactList, current_record
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.outcomes import RowOutcome, update, upsert
from maillage.core.rows.rights import Access
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Origin, Sources, cite
from maillage.core.rows.values import Choice, Degrees, Key, Part, Raw, Several, Text, Value, WebAddress
from maillage.register.hierarchy import would_close_circle
from maillage.register.identifier_list import IDENTIFIERS
from maillage.register.models import Identifier, Lookalike, Name, Office, Organisation, PendingTie, Tie
from maillage.register.name_list import NAMES
from maillage.register.organisation_parts import (
    load_organisation_parts,
    read_organisation_parts,
    remove_corrected_parts,
    write_organisation_parts,
)
from maillage.register.row_types import (
    ORGANISATION,
    CountryCode,
    IdentifierValue,
    MailAddress,
    RegionCode,
    WebDomainName,
)
from maillage.register.source_list import SOURCES
from maillage.register.vocabulary import (
    HIERARCHY_KINDS,
    IDENTIFIER_SCHEMES,
    MEMBERSHIP_KINDS,
    ManagedBy,
    OrganisationKind,
    TieKind,
)

OrganisationValue = Annotated[str, ORGANISATION, Described(_("Organisation"))]


class OrganisationTexts(FactRow):
    """An organisation of any kind, with its current names."""

    key: Annotated[str, Key(), Described(_("Key"), _(
        "Its name in addresses and files; it stays the same when the organisation is renamed."),
        example="univ-rivemer")]  # fmt: skip
    name_fr: Annotated[str, Text(400), Described(_("Name in French"), example="Université de Rivemer")] = ""
    name_en: Annotated[str, Text(400), Described(_("Name in English"), example="University of Rivemer")] = ""
    acronym: Annotated[str, Text(80), Described(_("Acronym"))] = ""
    kind: Annotated[str, Choice(OrganisationKind.choices), Described(_("Kind"), example="university")] = ""
    city: Annotated[str, Text(120), Described(_("Town"), example="Rivemer")] = ""
    region: Annotated[str, RegionCode(), Described(_("Region"), _(
        "Its name, or its code of ISO 3166-2."), example="Aveiro")] = ""  # fmt: skip
    country: Annotated[str, CountryCode(), Described(_("Country"), _(
        "Its name, or its code of two letters."), example="Portugal")] = ""  # fmt: skip
    latitude: Annotated[float | None, Degrees(90), Described(_("Latitude"), _(
        "In degrees, north positive."), example="40.6405")] = None  # fmt: skip
    longitude: Annotated[float | None, Degrees(180), Described(_("Longitude"), _(
        "In degrees, east positive."), example="-8.6538")] = None  # fmt: skip
    website: Annotated[str, WebAddress(500), Described(_("Website"), example="https://www.univ-rivemer.example")] = ""
    contact_mail: Annotated[str, MailAddress(254), Described(_("Contact"), _(
        "A public mailbox of a function, not of a person: needs for the organisation can be sent to it."),
        example="contact@univ-rivemer.example")] = ""  # fmt: skip
    domains: Annotated[list[str], Several(WebDomainName()), Described(_("Own domains"), _(
        "Domains of the web that are its own beside that of its website: pages there do not confirm what it says."),
        officers_only=True, example="univ-rivemer.example")] = []  # fmt: skip
    start: Start = optional("since")
    end: End = optional("until")
    parent: Annotated[str, Part("text"), Described(_("Part of"), _(
        "The organisation of which it is a part."), editable=False, officers_only=True)] = ""  # fmt: skip
    names: Annotated[Raw, Part("mappings"), Described(_("Dated names"), _(
        "Each with its text and, if known, its language, kind, from, to, attested, visibility, note and note_fr."),
        editable=False)] = ()  # fmt: skip
    merged_into: Annotated[str, Part("text"), Described(_("Merged into"), _(
        "The organisation to which its address leads."), editable=False, files_only=True)] = ""  # fmt: skip
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


def _identifier_field(scheme: str) -> Value:
    described = Described(IDENTIFIER_SCHEMES[scheme].label, into="")
    return (Annotated[list[str], Several(IdentifierValue(scheme)), described], Field(default_factory=list))


OrganisationRow = cast(
    type[OrganisationTexts],
    create_model(
        "OrganisationRow",
        __base__=OrganisationTexts,
        __doc__=OrganisationTexts.__doc__,
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
    managed_by: Annotated[str, Choice(ManagedBy.choices), Described(_("Managed by"), _(
        "The end whose managers act for the other end."), editable=False, files_only=True)] = ""  # fmt: skip
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


def write_parent(row: OrganisationTexts, record: Organisation, origin: Origin) -> RowOutcome:
    """Write the `parent` of a row as a tie *part of*, once all organisations of the list are written."""
    if not row.parent:
        return RowOutcome.UNCHANGED
    record, parent = current_record(record), ORGANISATION.find(row.parent)
    if parent is None:
        raise ORGANISATION.not_found(row.parent).as_row_error("parent")
    _check_no_circle(record, cast(Organisation, parent), TieKind.PART_OF, "parent")
    identity = {"subject": record, "object": parent, "kind": TieKind.PART_OF, "period_start": ""}
    tie, outcome = upsert(Tie, identity, {})
    return outcome | cite(tie, row.source, origin)


def write_references(row: OrganisationTexts, record: Organisation, origin: Origin) -> RowOutcome:
    """Write the parent of a row, and the organisation that it was merged into, which other rows of its list make."""
    if not row.merged_into:
        return write_parent(row, record, origin)
    kept = ORGANISATION.find(row.merged_into)
    if kept is None or kept == record:
        message = gettext("“%(value)s” is not the key of another organisation; correct it")
        raise RowError(message % {"value": row.merged_into}, "merged_into")
    return update(record, {"merged_into": kept})


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


def access_by_tie(tie: Tie) -> Access | None:
    """What a tie opens: what a network shares, or what the managers of one end may do for the other."""
    if tie.kind not in MEMBERSHIP_KINDS and not tie.managed_by:
        return None
    what = (tie.subject_id, tie.object_id, tie.kind, tie.managed_by)
    return Access(what, frozenset({tie.subject_id, tie.object_id}), tie.certain, "role")


ORGANISATIONS = FactList(
    name="organisations",
    title=_("Organisations"),
    row=OrganisationRow,
    model=Organisation,
    natural_key=("key",),
    write_parts=write_organisation_parts,
    read_parts=read_organisation_parts,
    after_correction=remove_corrected_parts,
    load_parts=load_organisation_parts,
    complete=write_references,
    completed=("parent", "merged_into"),
    find_named=find_organisations_named,
    parts=(Name, Identifier, PendingTie, Lookalike),
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
    access=access_by_tie,
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

register_lists(SOURCES, ORGANISATIONS, NAMES, IDENTIFIERS, MEMBERSHIPS, OFFICES)
