"""Actions that record whether the mails of notices were sent."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.notifications.models import Notice


@action(title=gettext_lazy("Note that a mail left"), over_api=False)
def record_mail_sent(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int]) -> None:
    """Record that the mail server accepted the mail of these notices."""
    Notice.objects.filter(pk__in=notice_ids).update(mailed_at=at, failure="", failed_at=None)


@action(title=gettext_lazy("Note that a mail was refused"), over_api=False)
def record_mail_failure(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int], failure: str, final: bool) -> None:
    """Record why the mail of these notices was not sent; `final` if it will not be tried again."""
    Notice.objects.filter(pk__in=notice_ids).update(failure=failure, failed_at=at if final else None)
