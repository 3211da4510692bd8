"""Members: the entities that belong to the holder of an award, as facts of the register."""

from django.db.models import QuerySet

from maillage.label_agreements.models import LabelAgreement, PerimeterEntity, PerimeterMember
from maillage.label_agreements.shares import days_in_perimeter
from maillage.labels.models import Award


def update_members_of_agreements(agreements: QuerySet[LabelAgreement]) -> None:
    for agreement in agreements.exclude(in_force=None).select_related("award"):
        entities = PerimeterEntity.objects.filter(version=agreement.in_force_id).order_by("organisation_id")
        update_members(agreement.award, list(entities))


def update_members(award: Award, entities: list[PerimeterEntity]) -> None:
    """Make the members of an award and their dates those of the version in force, without shares and hosts."""
    end = days_in_perimeter(PerimeterEntity(), award)[1]
    within = [entity for entity in entities if entity.since is None or entity.since <= end]
    PerimeterMember.objects.filter(award=award).exclude(
        organisation__in=[entity.organisation_id for entity in within]
    ).delete()
    for entity in within:
        period = {
            "period_start": entity.since.isoformat() if entity.since else award.period_start,
            "period_end": entity.until.isoformat() if entity.until and entity.until <= end else award.period_end,
        }
        member = PerimeterMember.objects.filter(award=award, organisation_id=entity.organisation_id, **period)
        if not member.exists():
            PerimeterMember.objects.update_or_create(
                award=award, organisation_id=entity.organisation_id, defaults=period
            )
