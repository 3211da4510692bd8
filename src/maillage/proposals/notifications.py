"""Notices of proposals of change, to those who answer them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import Actor
from maillage.notifications.notice_kinds import NoticeKind
from maillage.notifications.notifier import NoticeText, notify
from maillage.proposals.models import Proposal
from maillage.proposals.queries import answering_person_ids

PROPOSAL_NOTICES = NoticeKind(
    "proposals",
    gettext_lazy("changes that readers propose to facts of mine"),
    gettext_lazy("You may write this fact: you accept or refuse what is proposed."),
)


def notify_answering_persons(*, actor: Actor, at: dt.datetime, value: Proposal, **_others: object) -> None:
    """Tell those who answer a proposal that it is there, once it is confirmed."""
    if not value.is_open:
        return

    def words() -> NoticeText:
        subject = _("A change is proposed: %s") % value.title
        return NoticeText(subject, value.reason, reverse("proposal", args=[value.pk]))

    persons = answering_person_ids(value, at) - {actor.user_id or 0}
    notify(at=at, kind=PROPOSAL_NOTICES, persons=persons, words=words)
