"""Notifications about findings and due items of a follow-up, and their recipients."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.charter.due_items import DueItem
from maillage.charter.models import Finding, FindingStage, FollowUp
from maillage.core.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT, Actor
from maillage.notifications.notice_kinds import NoticeKind, register_notice_kind
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.queries import mandate_holder_ids

CHARTER_NOTICES = register_notice_kind(
    NoticeKind(
        "charter",
        gettext_lazy("findings, plans, and what is due by the charter of a label"),
        gettext_lazy("You act for the holder of a label, or for who runs it."),
    )
)


def holder_recipients(follow_up: FollowUp, day: dt.date) -> set[int]:
    """The user ids of the persons who act for the holder."""
    return mandate_holder_ids((MANAGER, LEAD, PILOT), [follow_up.holder_id], day)


def operator_recipients(follow_up: FollowUp, day: dt.date) -> set[int]:
    """The user ids of the officers of the label."""
    return mandate_holder_ids((LABEL_OFFICER,), follow_up.label.operator_ids, day)


def notify_finding(finding: Finding, *, actor: Actor, at: dt.datetime) -> None:
    """Notify whoever acts next on a finding: the holder, or the officers of the label; not `actor`."""
    day, follow_up = timezone.localdate(at), finding.follow_up
    is_for_operator = finding.stage in (FindingStage.PLANNED, FindingStage.DONE)
    recipients = (operator_recipients if is_for_operator else holder_recipients)(follow_up, day) - {actor.user_id or 0}
    _notify(at, recipients, lambda: _finding_words(finding))


def _finding_words(finding: Finding) -> NoticeText:
    message = _("A finding on %(who)s: %(stage)s")
    subject = message % {"who": finding.follow_up, "stage": finding.get_stage_display()}
    lines = [finding.text, finding.request_reason]
    link = f"{finding.follow_up.get_absolute_url()}/findings/{finding.pk}"
    return NoticeText(subject, "\n\n".join(line for line in lines if line), link)


def notify_due_items(follow_up: FollowUp, dues: Iterable[DueItem], *, at: dt.datetime) -> None:
    """Notify the holder and the officers of the label of due items, in one notice."""
    day, due_items = timezone.localdate(at), list(dues)

    def notice_text() -> NoticeText:
        message = ngettext("%(who)s: %(number)d thing is due", "%(who)s: %(number)d things are due", len(due_items))
        subject = message % {"who": follow_up, "number": len(due_items)}
        return NoticeText(subject, "\n".join(str(due_item) for due_item in due_items), follow_up.get_absolute_url())

    _notify(at, holder_recipients(follow_up, day) | operator_recipients(follow_up, day), notice_text)


def _notify(at: dt.datetime, persons: set[int], words: Callable[[], NoticeText]) -> None:
    notify(at=at, kind=CHARTER_NOTICES, persons=persons, words=words)
