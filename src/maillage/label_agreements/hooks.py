"""Hooks."""

from typing import Any

from maillage.core.action_registry import follows
from maillage.label_agreements.members import update_members_of_agreements
from maillage.label_agreements.models import LabelAgreement
from maillage.labels.models import Award
from maillage.reviews.awards import award_holder
from maillage.reviews.models import Appeal


@follows("labels.end_award", "labels.extend_award", "labels.confirm_award")
def update_members_after_award(*, value: Award, **_others: Any) -> None:
    """An entity belongs to the holder for as long as the label is held, when that changes too."""
    update_members_of_agreements(LabelAgreement.objects.filter(award=value))


@follows("reviews.answer_appeal")
def update_members_after_appeal(*, value: Appeal, **_others: Any) -> None:
    """The same where an appeal changes the term, or ends the label for another: all that this call gave the holder."""
    holder = award_holder(value.decision)
    call = value.decision.application.version.call_id
    update_members_of_agreements(
        LabelAgreement.objects.filter(terms__call=call, **{f"award__{key}": who for key, who in holder.items()})
    )
