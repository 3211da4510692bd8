"""Notices about labels."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import LEAD, MANAGER, PILOT, Actor
from maillage.documents.bilingual_text import BilingualText as InBoth
from maillage.labels.models import Award
from maillage.notifications.notice_kinds import NoticeKind, register_notice_kind
from maillage.notifications.notifier import NoticeText
from maillage.people.notifications import notify_mandate_holders

AWARD_NOTICES = register_notice_kind(
    NoticeKind(
        "awards",
        gettext_lazy("labels that are ended early, lengthened, or confirmed"),
        gettext_lazy("You act for the holder of a label."),
    )
)


def notify_award_term(award: Award, reason: str | InBoth, *, actor: Actor, at: dt.datetime) -> None:
    """Notify those who act for the holder, except the actor, of the new term of an award and its reason."""
    organisation_ids = [award.holder_id] if award.holder_id else []
    roles = (MANAGER, LEAD, PILOT)
    notify_mandate_holders(
        at=at,
        kind=AWARD_NOTICES,
        roles=roles,
        organisation_ids=organisation_ids,
        words=lambda: _term_text(award, reason),
        by=actor,
    )


def _term_text(award: Award, reason: str | InBoth) -> NoticeText:
    term = formats.period(award.period_start, award.period_end)
    return NoticeText(_("The term of a label has changed: %s") % award, f"{term}\n\n{reason}", award.get_absolute_url())
