"""Writing of a batch of structures: organisations, their names, numbers and sources."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.text import fold
from maillage.register.bulk_rows import create_records, update_records
from maillage.register.models import Identifier, Name, Organisation, ResearchStructure
from maillage.register.rnsr.citing import cite, sources_by_url, structure_url
from maillage.register.rnsr.dated_names import NameChanges, change_names
from maillage.register.rnsr.likeness import KnownOrganisations, LookalikeReason, save_lookalikes
from maillage.register.rnsr.records import StatedName, Structure
from maillage.register.vocabulary import RNSR_KEY_PREFIX, NameKind

NO_LONGER_LISTED = (
    "No longer among the active structures of the national register (RNSR).",
    "Ne figure plus parmi les structures actives du répertoire national (RNSR).",
)
_DESCRIBED = ("structure_type", "level", "address", "postal_code", "domains", "erc_panels", "grid", "closed")
# Fields of an organisation that an export fills in but never empties: another source may have filled them.
_FILLED = ("city", "region", "country", "website")
_ORGANISATION_FIELDS = [
    "kind", "name_fr", "acronym", "sort_name", "sort_name_en", "city", "country", "region", "website", "domains",
    "period_start", "period_end", "attested", "certain", "possible", "days", "note_en", "note_fr",
]  # fmt: skip


@dataclass(slots=True)
class WrittenStructures:
    """The ids of the organisations that a batch created and changed, and how many pairs it put to review."""

    created: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    lookalikes: int = 0


@dataclass(slots=True)
class _Batch:
    day: dt.date
    names_by_organisation: dict[int, list[Name]]
    name_changes: NameChanges = field(default_factory=NameChanges)
    changed_structures: list[ResearchStructure] = field(default_factory=list)
    changed_organisations: dict[int, Organisation] = field(default_factory=dict)
    written: WrittenStructures = field(default_factory=WrittenStructures)


def is_own(organisation: Organisation) -> bool:
    """Whether an organisation was created from RNSR, and is updated from it."""
    return organisation.key.startswith(RNSR_KEY_PREFIX)


def write_structures(structures: list[Structure], day: dt.date, known: KnownOrganisations) -> WrittenStructures:
    """Write what an export of `day` says of structures; what a later export said before stays."""
    records = _records(structures)
    names = defaultdict(list)
    for name in Name.objects.filter(organisation__in={record.organisation_id for record in records.values()}):
        names[name.organisation_id].append(name)
    batch = _Batch(day, names)
    for structure in structures:
        if structure.rnsr in records:
            _update(structure, records[structure.rnsr], batch)
    fresh = [structure for structure in structures if structure.rnsr not in records]
    created = _create(fresh, batch)
    _save(batch)
    _cite([*records.values(), *created], day)
    batch.written.lookalikes = _save_lookalikes(fresh, created, known)
    return batch.written


def _records(structures: list[Structure]) -> dict[str, ResearchStructure]:
    """The records of the structures that the register has, saved or, for one that only its number names, still new."""
    numbers = {structure.rnsr for structure in structures}
    rows = ResearchStructure.objects.filter(rnsr__in=numbers).select_related("organisation")
    records = {row.rnsr: row for row in rows}
    bearers = Identifier.objects.filter(scheme="rnsr", value__in=numbers - records.keys())
    for identifier in bearers.select_related("organisation"):
        records[identifier.value] = ResearchStructure(organisation=identifier.organisation, rnsr=identifier.value)
    return records


def _update(structure: Structure, record: ResearchStructure, batch: _Batch) -> None:
    organisation, latest = record.organisation, record.described_on
    own, is_latest = is_own(organisation), latest is None or batch.day >= latest
    names = batch.names_by_organisation[organisation.pk]
    stated = structure.names if own else _names_of_adopter(structure, names)
    changed = change_names(organisation, names, stated, batch.day, latest, batch.name_changes)
    if is_latest:
        changed |= _describe(structure, record, batch)
        if _update_organisation(structure, organisation, batch, own=own):
            batch.changed_organisations[organisation.pk] = organisation
            changed = True
    if changed:
        batch.written.changed.add(organisation.pk)


def _names_of_adopter(structure: Structure, names: list[Name]) -> list[StatedName]:
    """The names of a structure for an organisation that has names of its own: its label is another one of them."""
    others = {fold(name.text) for name in names if not name.attested}
    stated = [
        StatedName(name.text, NameKind.ALIAS, name.language) if name.kind == NameKind.OFFICIAL else name
        for name in structure.names
    ]
    return [name for name in stated if fold(name.text) not in others]


def _describe(structure: Structure, record: ResearchStructure, batch: _Batch) -> bool:
    """Take what an export says of a structure; return whether that changes more than the day."""
    before = tuple(getattr(record, name) for name in _DESCRIBED)
    for name in _DESCRIBED:
        setattr(record, name, getattr(structure, name))
    is_other = before != tuple(getattr(record, name) for name in _DESCRIBED) or record.pk is None
    if is_other or record.described_on != batch.day:
        record.described_on = batch.day
        batch.changed_structures.append(record)
    return is_other


def _update_organisation(structure: Structure, organisation: Organisation, batch: _Batch, *, own: bool) -> bool:
    before = [getattr(organisation, name) for name in _ORGANISATION_FIELDS]
    for name in _FILLED:
        if (value := getattr(structure, name)) and (own or not getattr(organisation, name)):
            setattr(organisation, name, value)
    organisation.acronym = (
        organisation.acronym if not own and organisation.acronym else _acronym(structure, organisation, batch)
    )
    if own:
        organisation.kind, organisation.name_fr = structure.kind, structure.label
        _set_period(organisation, structure, batch.day)
    else:
        organisation.period_start = organisation.period_start or _start_of_adopter(structure, organisation)
    organisation.prepare()
    return before != [getattr(organisation, name) for name in _ORGANISATION_FIELDS]


def _start_of_adopter(structure: Structure, organisation: Organisation) -> str:
    """The year in which a structure was made, unless the organisation ended before it."""
    end = organisation.period_end
    return structure.created if end in (OPEN, UNKNOWN) or structure.created <= end[:4] else UNKNOWN


def _acronym(structure: Structure, organisation: Organisation, batch: _Batch) -> str:
    """The acronym that an export states; without one, that of another source, which no export had attested."""
    names = batch.names_by_organisation[organisation.pk]
    other = any(
        name.kind == NameKind.ACRONYM and name.text == organisation.acronym and not name.attested for name in names
    )
    return structure.acronym or (organisation.acronym if other else "")


def _set_period(organisation: Organisation, structure: Structure, day: dt.date) -> None:
    organisation.period_start, organisation.period_end = structure.created, structure.closed
    if structure.created or structure.closed != OPEN:
        organisation.attested = ""
    else:
        organisation.attested = min(organisation.attested.partition("/")[0] or day.isoformat(), day.isoformat())
    if organisation.note_en == NO_LONGER_LISTED[0]:
        organisation.note_en = organisation.note_fr = ""


def _create(structures: list[Structure], batch: _Batch) -> list[ResearchStructure]:
    organisations = [_new_organisation(structure, batch.day) for structure in structures]
    create_records(organisations)
    records = []
    for structure, organisation in zip(structures, organisations, strict=True):
        change_names(organisation, (), structure.names, batch.day, None, batch.name_changes)
        record = ResearchStructure(organisation=organisation, rnsr=structure.rnsr, described_on=batch.day)
        for name in _DESCRIBED:
            setattr(record, name, getattr(structure, name))
        records.append(record)
        batch.written.created.add(organisation.pk)
    numbers = [Identifier(organisation=record.organisation, scheme="rnsr", value=record.rnsr) for record in records]
    create_records(numbers)
    create_records(records)
    return records


def _new_organisation(structure: Structure, day: dt.date) -> Organisation:
    organisation = Organisation(
        key=f"{RNSR_KEY_PREFIX}{structure.rnsr.lower()}", kind=structure.kind, name_fr=structure.label,
        acronym=structure.acronym, city=structure.city, country=structure.country, region=structure.region,
        website=structure.website,
    )  # fmt: skip
    _set_period(organisation, structure, day)
    organisation.prepare()
    return organisation


def _save(batch: _Batch) -> None:
    create_records(batch.name_changes.new)
    update_records(batch.name_changes.changed, ["period_end", "attested", "certain", "possible", "days"])
    update_records(list(batch.changed_organisations.values()), _ORGANISATION_FIELDS)
    known = [record for record in batch.changed_structures if record.pk is not None]
    create_records([record for record in batch.changed_structures if record.pk is None])
    update_records(known, [*_DESCRIBED, "described_on"])


def _cite(records: Iterable[ResearchStructure], day: dt.date) -> None:
    urls = {record.organisation_id: structure_url(record.rnsr) for record in records}
    sources = sources_by_url(urls.values())
    cite("register.organisation", {pk: {sources[url]} for pk, url in urls.items()}, day)


def _save_lookalikes(fresh: list[Structure], created: list[ResearchStructure], known: KnownOrganisations) -> int:
    pairs: dict[tuple[int, int], list[LookalikeReason]] = {}
    for structure, record in zip(fresh, created, strict=True):
        alike = known.alike(structure.label, structure.acronym, structure.city, structure.grid)
        for organisation_id, reasons in alike.items():
            pairs[organisation_id, record.organisation_id] = reasons
    return save_lookalikes(pairs)
