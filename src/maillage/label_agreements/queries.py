"""Reads label agreements: versions and what they change, parties, entities that belong to a holder on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.calls.call_document import AgreementHeading, HeadingKind, QuestionKind, TableColumn
from maillage.calls.models import PartyRole
from maillage.calls.reply_text import format_reply
from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.lookups import loaded_rows
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


def agreements(*, actor: Actor) -> VisibleQuerySet[LabelAgreement]:
    """The agreements this actor may read: those that concern an organisation within reach."""
    agreements: VisibleQuerySet[LabelAgreement] = LabelAgreement.objects.visible_to(actor)
    return agreements.select_related("award__label", "award__holder", "terms", "in_force")


def agreement_organisations(*, agreement_id: int, **_others: object) -> Iterable[int]:
    """The ids of the organisations that an agreement concerns, for the check of mandates."""
    return LabelAgreementParty.objects.filter(agreement=agreement_id).values_list("organisation_id", flat=True)


def agreement_parties(agreement: LabelAgreement) -> list[LabelAgreementParty]:
    """The parties of an agreement: who runs the label, who leads, then hosts and partners."""
    parties = loaded_rows(agreement, "parties", "organisation")
    return sorted(parties, key=lambda party: (_PARTY_ORDER[PartyRole(party.part)], party.organisation.sort_name))


def perimeter_entities(version: LabelAgreementVersion) -> list[PerimeterEntity]:
    """The entities of a version, by name."""
    entities = loaded_rows(version, "entities", "organisation", "host")
    return sorted(entities, key=lambda entity: entity.organisation.sort_name)


def required_signers(version: LabelAgreementVersion) -> list[Organisation]:
    """Who signs a version: who manages the label (else its authority), and the hosts that its perimeter names.

    Where it names none, the host establishments of the application sign, else its lead: the holder is often no legal
    person.
    """
    agreement = version.agreement
    label = agreement.award.label
    operators = [organisation for organisation in (label.managed_by, label.authority) if organisation][:1]
    hosts = {entity.host for entity in perimeter_entities(version) if entity.host}
    if not hosts:
        parts = {
            part: [party.organisation for party in agreement_parties(agreement) if party.part == part]
            for part in PartyRole.values
        }
        hosts = set(parts[PartyRole.HOST] or parts[PartyRole.LEAD])
    return [*operators, *sorted(hosts - {*operators}, key=lambda organisation: organisation.sort_name)]


def clauses_by_heading(version: LabelAgreementVersion) -> dict[str, Clause]:
    """The clauses of a version, by key of the heading."""
    return {clause.heading: clause for clause in version.clauses.all()}


def entities_on(award: Award, day: dt.date) -> list[PerimeterEntity]:
    """The entities that belong to an award's holder on a day, with host and share, by the agreement in force.

    The last version that all have signed counts for every day of the award; each entity belongs from its own first to
    its own last day. Empty without an agreement in force, or where the reader may not read it.
    """
    if not range_contains(award.possible, day):
        return []
    entities = PerimeterEntity.objects.filter(_belonging_on(day), version__current_of__award=award)
    return list(entities.select_related("organisation", "host").order_by("organisation__sort_name", "pk"))


def _belonging_on(day: dt.date) -> Q:
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


def members_on(award: Award, day: dt.date, *, actor: Actor) -> QuerySet[PerimeterMember]:
    """The entities of a holder on a day, without shares, for whoever reads the award."""
    members: QuerySet[PerimeterMember] = PerimeterMember.objects.visible_to(actor).possible_on(day).filter(award=award)
    return members.select_related("organisation", "award").order_by("organisation__sort_name", "pk")


@dataclass(frozen=True, slots=True)
class AgreementChange:
    """A difference between a version and the one before, in words; empty for nothing."""

    title: str
    before: str
    after: str


def version_changes(version: LabelAgreementVersion) -> list[AgreementChange]:
    """What a version changes in the one before; empty for the first."""
    before = version.agreement.versions.filter(number=version.number - 1).first()
    if before is None:
        return []
    old, new = clauses_by_heading(before), clauses_by_heading(version)
    texts = (
        AgreementChange(
            str(heading.title), clause_text(heading, old.get(heading.key)), clause_text(heading, new.get(heading.key))
        )
        for heading in version.agreement.call_document.agreement
        if heading.kind is not HeadingKind.PERIMETER
    )
    return [change for change in (*texts, *_entity_changes(before, version)) if change.before != change.after]


def clause_text(heading: AgreementHeading, clause: Clause | None) -> str:
    """A clause in words; empty where there is none."""
    return format_reply(question_for_heading(heading), clause.value) if clause and clause.value is not None else ""


def cell_text(column: TableColumn, cell: str) -> str:
    """A cell of a table of objectives, formatted in the active language."""
    if column.kind is QuestionKind.NUMBER and cell:
        return formats.number(Decimal(cell))
    return formats.day(dt.date.fromisoformat(cell)) if column.kind is QuestionKind.DATE and cell else cell


def _entity_changes(before: LabelAgreementVersion, version: LabelAgreementVersion) -> list[AgreementChange]:
    old, new = (
        {entity.organisation: entity_text(entity) for entity in perimeter_entities(each)} for each in (before, version)
    )
    organisations = sorted({*old, *new}, key=lambda organisation: organisation.sort_name)
    return [
        AgreementChange(str(organisation), old.get(organisation, ""), new.get(organisation, ""))
        for organisation in organisations
    ]


def entity_text(entity: PerimeterEntity) -> str:
    """`60%, CNRS, since 1 January 2027`."""
    days = entity.since, entity.until
    period = formats.period(*(day.isoformat() if day else ".." for day in days)) if any(days) else ""
    return ", ".join(filter(None, (share_text(entity.share), entity.host.short_name if entity.host else "", period)))


def share_text(share: Decimal | None) -> str:
    """A formatted share: `33.33%`; empty for none."""
    return _("%s%%") % formats.number(share.normalize()) if share is not None else ""
