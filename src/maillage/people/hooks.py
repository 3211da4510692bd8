"""Notices sent after actions on mandates, contradictions and imports."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.action_registry import follows
from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.models import Contradiction
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.models import Mandate, User
from maillage.people.notifications import (
    CONTRADICTION_NOTICES,
    LOOKALIKE_NOTICES,
    MANDATE_NOTICES,
    managers_who_may_read,
)
from maillage.register.models import ImportRun


@follows("people.give_mandate", "people.delegate", "people.end_mandate")
def notify_mandate_person(*, actor: Actor, at: dt.datetime, value: Mandate, **_others: object) -> None:
    """Notify the person of the mandate, unless they acted themselves."""

    def words() -> NoticeText:
        period = _("from %s") % formats.day(value.first_day)
        until = " " + _("to %s") % formats.day(value.last_day) if value.last_day else ""
        subject = _("Your mandate for %s") % value.organisation
        return NoticeText(subject, f"{value.get_role_display()}, {period}{until}. {actor.name}", reverse("mandates"))

    notify(at=at, kind=MANDATE_NOTICES, persons={value.person_id} - {actor.user_id or 0}, words=words)


@follows("core.settle_contradiction", "core.reopen_contradiction")
def notify_contradiction_managers(*, actor: Actor, at: dt.datetime, value: Contradiction, **_others: object) -> None:
    """Notify the managers of the organisations that a contradiction is about, except the one who acted."""

    def words() -> NoticeText:
        subject = _("Reopened: %s") if value.is_open else _("Settled: %s")
        text = "" if value.is_open else _("Settled by %(who)s: %(why)s") % {
            "who": value.settled_by,
            "why": value.settled_reason,
        }  # fmt: skip
        return NoticeText(subject % value.topic, text, record_address("contradictions", value.pk))

    persons = managers_who_may_read(value, at) - {actor.user_id or 0}
    notify(at=at, kind=CONTRADICTION_NOTICES, persons=persons, words=words)


@follows("register.close_ror_run")
def notify_lookalike_officers(*, actor: Actor, at: dt.datetime, value: ImportRun, **_others: object) -> None:
    """Notify the officers once for an import that found lookalikes."""
    number = value.counts.get("lookalikes", 0)
    if not number:
        return

    def words() -> NoticeText:
        subject = ngettext("%d new pair of records that look alike", "%d new pairs of records that look alike", number)
        return NoticeText(subject % number, _("They came with the file %s.") % value.file, reverse("lookalikes"))

    officers = User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True)
    notify(at=at, kind=LOOKALIKE_NOTICES, persons=officers, words=words)
