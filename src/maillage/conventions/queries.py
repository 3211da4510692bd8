"""Reading conventions: what a version says, what it changes, which entities belong to a holder on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.calls.document import Column, Heading, HeadingKind, Kind
from maillage.calls.models import Part
from maillage.calls.paper import said
from maillage.conventions.headings import question_of
from maillage.conventions.models import Clause, Convention, ConventionParty, ConventionVersion, Entity, Member
from maillage.kernel import wording
from maillage.kernel.actors import Actor
from maillage.kernel.periods import contains
from maillage.kernel.visibility import VisibleQuerySet
from maillage.labels.models import Award
from maillage.register.models import Organisation

_ORDER = {Part.OFFICE: 0, Part.LEAD: 1, Part.HOST: 2, Part.PARTNER: 3}


def conventions(*, actor: Actor) -> VisibleQuerySet:
    """The conventions this actor may read: those that concern a body within reach."""
    found: VisibleQuerySet = Convention.objects.visible_to(actor)
    return found.select_related("award__label", "award__holder", "terms", "in_force")


def concerned(*, convention_id: int, **_others: Any) -> Iterable[int]:
    """The bodies (ids) that a convention concerns, for the check of mandates."""
    return ConventionParty.objects.filter(convention=convention_id).values_list("organisation_id", flat=True)


def parties_of(convention: Convention) -> list[ConventionParty]:
    """The bodies of a convention: who runs the label, who leads, then hosts and partners."""
    found = convention.parties.select_related("organisation")
    return sorted(found, key=lambda one: (_ORDER[Part(one.part)], one.organisation.sort_name))


def perimeter_of(version: ConventionVersion) -> list[Entity]:
    """The entities of a version, by name."""
    found = version.entities.select_related("organisation", "host")
    return sorted(found, key=lambda one: one.organisation.sort_name)


def signers_of(version: ConventionVersion) -> list[Organisation]:
    """Who signs a version: who manages the label (else its authority), and the hosts that its perimeter names.

    Where it names none, the host establishments of the dossier do, else its lead: the holder is often no legal person.
    """
    convention = version.convention
    label = convention.award.label
    offices = [one for one in (label.managed_by, label.authority) if one][:1]
    hosts = {one.host for one in perimeter_of(version) if one.host}
    if not hosts:
        parts = {part: [one.organisation for one in parties_of(convention) if one.part == part] for part in Part.values}
        hosts = set(parts[Part.HOST] or parts[Part.LEAD])
    return [*offices, *sorted(hosts - {*offices}, key=lambda one: one.sort_name)]


def clauses_of(version: ConventionVersion) -> dict[str, Clause]:
    """What a version says, by heading."""
    return {one.heading: one for one in version.clauses.all()}


def entities_of(award: Award, day: dt.date) -> list[Entity]:
    """The entities that belong to an award's holder on a day, with host and share, by the convention in force.

    The last version that all have signed speaks for every day of the award; each entity belongs from its own first to
    its own last day. Empty without a convention in force, or where whoever asks may not read it.
    """
    if not contains(award.possible, day):
        return []
    found = Entity.objects.filter(_lasting(day), version__current_of__award=award)
    return list(found.select_related("organisation", "host").order_by("organisation__sort_name", "pk"))


def _lasting(day: dt.date) -> Q:
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


def members_of(award: Award, day: dt.date, *, actor: Actor) -> QuerySet[Member]:
    """The entities of a holder as anybody reads them who reads the award: which, and no shares."""
    found: QuerySet[Member] = Member.objects.visible_to(actor).possible_on(day).filter(award=award)
    return found.select_related("organisation", "award").order_by("organisation__sort_name", "pk")


@dataclass(frozen=True, slots=True)
class Change:
    """What a version says otherwise than the one before, in words; empty for nothing."""

    title: str
    before: str
    after: str


def changes_of(version: ConventionVersion) -> list[Change]:
    """What a version changes of the one before it; nothing for the first."""
    before = version.convention.versions.filter(number=version.number - 1).first()
    if before is None:
        return []
    old, new = clauses_of(before), clauses_of(version)
    texts = (
        Change(str(one.title), clause_words(one, old.get(one.key)), clause_words(one, new.get(one.key)))
        for one in version.convention.says.convention
        if one.kind is not HeadingKind.PERIMETER
    )
    return [one for one in (*texts, *_entities_changed(before, version)) if one.before != one.after]


def clause_words(heading: Heading, clause: Clause | None) -> str:
    """A clause in words; empty where there is none."""
    return said(question_of(heading), clause.value) if clause and clause.value is not None else ""


def cell_words(column: Column, cell: str) -> str:
    """A cell of a table of objectives as the reader's language writes it."""
    if column.kind is Kind.NUMBER and cell:
        return wording.number(Decimal(cell))
    return wording.day(dt.date.fromisoformat(cell)) if column.kind is Kind.DATE and cell else cell


def _entities_changed(before: ConventionVersion, version: ConventionVersion) -> list[Change]:
    old, new = ({one.organisation: entity_words(one) for one in perimeter_of(each)} for each in (before, version))
    bodies = sorted({*old, *new}, key=lambda one: one.sort_name)
    return [Change(str(one), old.get(one, ""), new.get(one, "")) for one in bodies]


def entity_words(entity: Entity) -> str:
    """`60%, CNRS, since 1 January 2027`."""
    days = entity.since, entity.until
    period = wording.period(*(one.isoformat() if one else ".." for one in days)) if any(days) else ""
    return ", ".join(filter(None, (share_words(entity.share), entity.host.short_name if entity.host else "", period)))


def share_words(share: Decimal | None) -> str:
    """A share as it is written: `33.33%`; empty for none."""
    return _("%s%%") % wording.number(share.normalize()) if share is not None else ""
