"""What label agreements declare: their notices, and what follows a change of the award they belong to."""

from maillage.core.action_registry import follows
from maillage.core.rows.list_followers import follows_list
from maillage.label_agreements.members import update_members_of_agreements
from maillage.label_agreements.models import LabelAgreement
from maillage.label_agreements.notifications import LABEL_AGREEMENT_NOTICES
from maillage.labels.models import Award
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.reviews.awards import award_holder
from maillage.reviews.models import Appeal

register_notice_kind(LABEL_AGREEMENT_NOTICES)


@follows("labels.end_award", "labels.extend_award", "labels.confirm_award")
def update_members_after_award(*, value: Award, **_others: object) -> None:
    """Update the dates of members when the award is ended, extended or confirmed."""
    update_members_of_agreements(LabelAgreement.objects.filter(award=value))


@follows_list("awards")
def update_all_members() -> None:
    """Update the dates of members of all agreements in force when facts about awards are written."""
    update_members_of_agreements(LabelAgreement.objects.all())


@follows("reviews.answer_appeal")
def update_members_after_appeal(*, value: Appeal, **_others: object) -> None:
    """Update the members of all that the call gave the holder when an appeal changes or ends the award."""
    holder = award_holder(value.decision)
    call = value.decision.application.version.call_id
    update_members_of_agreements(
        LabelAgreement.objects.filter(terms__call=call, **{f"award__{key}": who for key, who in holder.items()})
    )
