"""What reviews declare: their notices, and the refusal to withdraw an application once its decision is published."""

from django.utils.translation import gettext as _

from maillage.calls.models import Application
from maillage.core.action_registry import ActionError, follows
from maillage.notifications.notice_kinds import register_notice_kind
from maillage.reviews.models import Decision
from maillage.reviews.notifications import DECISION_NOTICES, REVIEW_NOTICES

register_notice_kind(DECISION_NOTICES)
register_notice_kind(REVIEW_NOTICES)


@follows("calls.withdraw_application")
def refuse_withdrawal_after_publication(*, value: Application, **_others: object) -> None:
    """An application whose decision is published cannot be withdrawn: the label is given up or ended instead."""
    if Decision.objects.filter(application=value).exclude(published_at=None).exists():
        raise ActionError(_("The decision on this application is published; ask the authority to end the label."))
