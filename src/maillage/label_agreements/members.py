"""Members."""

from django.db.models import QuerySet

from maillage.label_agreements.models import LabelAgreement, PerimeterEntity, PerimeterMember
from maillage.label_agreements.shares import days_in_perimeter
from maillage.labels.models import Award


def update_members_of_agreements(agreements: QuerySet[LabelAgreement]) -> None:
    for one in agreements.exclude(in_force=None).select_related("award"):
        held = PerimeterEntity.objects.filter(version=one.in_force_id).order_by("organisation_id")
        update_members(one.award, list(held))


def update_members(award: Award, entities: list[PerimeterEntity]) -> None:
    """Which entities belong to the holder, and when, becomes what the version in force says: no share, no host."""
    end = days_in_perimeter(PerimeterEntity(), award)[1]
    within = [one for one in entities if one.since is None or one.since <= end]
    PerimeterMember.objects.filter(award=award).exclude(
        organisation__in=[one.organisation_id for one in within]
    ).delete()
    for one in within:
        period = {
            "period_start": one.since.isoformat() if one.since else award.period_start,
            "period_end": one.until.isoformat() if one.until and one.until <= end else award.period_end,
        }
        PerimeterMember.objects.update_or_create(award=award, organisation_id=one.organisation_id, defaults=period)
