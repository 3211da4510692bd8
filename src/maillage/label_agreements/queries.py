"""Reading conventions: what a version says, what it changes, which entities belong to a holder on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.calls.call_document import AgreementHeading, HeadingKind, QuestionKind, TableColumn
from maillage.calls.models import PartyRole
from maillage.calls.reply_text import format_reply
from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.periods import range_contains
from maillage.core.security.visibility import VisibleQuerySet
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import (
    Clause,
    LabelAgreement,
    LabelAgreementParty,
    LabelAgreementVersion,
    PerimeterEntity,
    PerimeterMember,
)
from maillage.labels.models import Award
from maillage.register.models import Organisation

_PARTY_ORDER = {PartyRole.OFFICE: 0, PartyRole.LEAD: 1, PartyRole.HOST: 2, PartyRole.PARTNER: 3}


def agreements(*, actor: Actor) -> VisibleQuerySet:
    """The conventions this actor may read: those that concern a body within reach."""
    found: VisibleQuerySet = LabelAgreement.objects.visible_to(actor)
    return found.select_related("award__label", "award__holder", "terms", "in_force")


def agreement_organisations(*, agreement_id: int, **_others: Any) -> Iterable[int]:
    """The bodies (ids) that a convention concerns, for the check of mandates."""
    return LabelAgreementParty.objects.filter(agreement=agreement_id).values_list("organisation_id", flat=True)


def agreement_parties(agreement: LabelAgreement) -> list[LabelAgreementParty]:
    """The bodies of a convention: who runs the label, who leads, then hosts and partners."""
    found = agreement.parties.select_related("organisation")
    return sorted(found, key=lambda one: (_PARTY_ORDER[PartyRole(one.part)], one.organisation.sort_name))


def perimeter_entities(version: LabelAgreementVersion) -> list[PerimeterEntity]:
    """The entities of a version, by name."""
    found = version.entities.select_related("organisation", "host")
    return sorted(found, key=lambda one: one.organisation.sort_name)


def required_signers(version: LabelAgreementVersion) -> list[Organisation]:
    """Who signs a version: who manages the label (else its authority), and the hosts that its perimeter names.

    Where it names none, the host establishments of the dossier do, else its lead: the holder is often no legal person.
    """
    agreement = version.agreement
    label = agreement.award.label
    offices = [one for one in (label.managed_by, label.authority) if one][:1]
    hosts = {one.host for one in perimeter_entities(version) if one.host}
    if not hosts:
        parts = {
            part: [one.organisation for one in agreement_parties(agreement) if one.part == part]
            for part in PartyRole.values
        }
        hosts = set(parts[PartyRole.HOST] or parts[PartyRole.LEAD])
    return [*offices, *sorted(hosts - {*offices}, key=lambda one: one.sort_name)]


def clauses_by_heading(version: LabelAgreementVersion) -> dict[str, Clause]:
    """What a version says, by heading."""
    return {one.heading: one for one in version.clauses.all()}


def entities_on(award: Award, day: dt.date) -> list[PerimeterEntity]:
    """The entities that belong to an award's holder on a day, with host and share, by the convention in force.

    The last version that all have signed speaks for every day of the award; each entity belongs from its own first to
    its own last day. Empty without a convention in force, or where whoever asks may not read it.
    """
    if not range_contains(award.possible, day):
        return []
    found = PerimeterEntity.objects.filter(_belonging_on(day), version__current_of__award=award)
    return list(found.select_related("organisation", "host").order_by("organisation__sort_name", "pk"))


def _belonging_on(day: dt.date) -> Q:
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


def members_on(award: Award, day: dt.date, *, actor: Actor) -> QuerySet[PerimeterMember]:
    """The entities of a holder as anybody reads them who reads the award: which, and no shares."""
    found: QuerySet[PerimeterMember] = PerimeterMember.objects.visible_to(actor).possible_on(day).filter(award=award)
    return found.select_related("organisation", "award").order_by("organisation__sort_name", "pk")


@dataclass(frozen=True, slots=True)
class AgreementChange:
    """What a version says otherwise than the one before, in words; empty for nothing."""

    title: str
    before: str
    after: str


def version_changes(version: LabelAgreementVersion) -> list[AgreementChange]:
    """What a version changes of the one before it; nothing for the first."""
    before = version.agreement.versions.filter(number=version.number - 1).first()
    if before is None:
        return []
    old, new = clauses_by_heading(before), clauses_by_heading(version)
    texts = (
        AgreementChange(str(one.title), clause_text(one, old.get(one.key)), clause_text(one, new.get(one.key)))
        for one in version.agreement.says.agreement
        if one.kind is not HeadingKind.PERIMETER
    )
    return [one for one in (*texts, *_entity_changes(before, version)) if one.before != one.after]


def clause_text(heading: AgreementHeading, clause: Clause | None) -> str:
    """A clause in words; empty where there is none."""
    return format_reply(question_for_heading(heading), clause.value) if clause and clause.value is not None else ""


def cell_text(column: TableColumn, cell: str) -> str:
    """A cell of a table of objectives as the reader's language writes it."""
    if column.kind is QuestionKind.NUMBER and cell:
        return formats.number(Decimal(cell))
    return formats.day(dt.date.fromisoformat(cell)) if column.kind is QuestionKind.DATE and cell else cell


def _entity_changes(before: LabelAgreementVersion, version: LabelAgreementVersion) -> list[AgreementChange]:
    old, new = ({one.organisation: entity_text(one) for one in perimeter_entities(each)} for each in (before, version))
    bodies = sorted({*old, *new}, key=lambda one: one.sort_name)
    return [AgreementChange(str(one), old.get(one, ""), new.get(one, "")) for one in bodies]


def entity_text(entity: PerimeterEntity) -> str:
    """`60%, CNRS, since 1 January 2027`."""
    days = entity.since, entity.until
    period = formats.period(*(one.isoformat() if one else ".." for one in days)) if any(days) else ""
    return ", ".join(filter(None, (share_text(entity.share), entity.host.short_name if entity.host else "", period)))


def share_text(share: Decimal | None) -> str:
    """A share as it is written: `33.33%`; empty for none."""
    return _("%s%%") % formats.number(share.normalize()) if share is not None else ""
