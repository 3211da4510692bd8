"""Kinds of notices of the register, and notification of those who hold a mandate."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import MANAGER, Actor
from maillage.core.models import Contradiction
from maillage.listing.listing import listing_of_kind
from maillage.notifications.notice_kinds import NoticeKind, Pace, register_notice_kind
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.models import Mandate
from maillage.people.queries import actor_of, mandate_holder_ids
from maillage.register.models import Organisation
from maillage.workflow.signals import CaseNotice as ProcessNotice

CONTRADICTION_NOTICES = register_notice_kind(
    NoticeKind(
        "contradictions",
        gettext_lazy("contradictions about my organisations, settled or reopened"),
        gettext_lazy("You hold a mandate as manager for an organisation that this contradiction is about."),
    )
)
LOOKALIKE_NOTICES = register_notice_kind(
    NoticeKind(
        "lookalikes",
        gettext_lazy("records that look alike after an import"),
        gettext_lazy("You are an officer of this site, and these pairs wait for a decision."),
        pace=Pace.DIGEST,
    )
)


CASE_NOTICES = register_notice_kind(
    NoticeKind(
        "cases",
        gettext_lazy("cases that begin or move on, and that wait for me"),
        gettext_lazy(
            "You hold a role that this process names, for the site or for the organisation that the case concerns."
        ),
    )
)
DEADLINE_NOTICES = register_notice_kind(
    NoticeKind(
        "deadlines",
        gettext_lazy("delays that end, or have ended, of cases that wait for me"),
        gettext_lazy("This case waits for a role that you hold."),
        must_reach=True,
    )
)


MANDATE_NOTICES = register_notice_kind(
    NoticeKind(
        "mandates",
        gettext_lazy("mandates that I am given, that are handed over to me, or that end"),
        gettext_lazy("This mandate is yours, or was."),
        must_reach=True,
    )
)


def reminder_subject(notice: ProcessNotice) -> str:
    day = formats.day(timezone.localdate(notice.due_at)) if notice.due_at else ""
    message = _("Overdue since %(day)s: %(title)s") if (notice.offset or 0) > 0 else _("Due on %(day)s: %(title)s")
    return message % {"day": day, "title": notice.title}


def managers_who_may_read(contradiction: Contradiction, at: dt.datetime) -> set[int]:
    manager_mandates = Mandate.objects.on(timezone.localdate(at)).filter(
        role=MANAGER, organisation__in=_organisation_ids_about(contradiction)
    )
    mandates = manager_mandates.filter(person__is_active=True).select_related("person")
    return {mandate.person_id for mandate in mandates if _may_read(mandate, contradiction, at)}


def _may_read(mandate: Mandate, contradiction: Contradiction, at: dt.datetime) -> bool:
    reader = actor_of(mandate.person, at, mandate.pk)
    return bool(Contradiction.objects.visible_to(reader).filter(pk=contradiction.pk).exists())


def _organisation_ids_about(contradiction: Contradiction) -> set[int]:
    """The ids of the organisations that a contradiction is about, directly or by one of their records."""
    subjects = contradiction.subjects.all()[:200]
    return {
        organisation.pk
        for subject in subjects
        for organisation in _organisations_of_record(subject.record_kind, subject.record_id)
    }


def _organisations_of_record(kind: str, record_id: int) -> Iterable[Organisation]:
    listing = listing_of_kind(kind)
    record = listing.model._base_manager.filter(pk=record_id).first() if listing else None
    if record is None or listing is None:
        return []
    return [record] if isinstance(record, Organisation) else listing.organisations(record)


def notify_mandate_holders(
    *,
    at: dt.datetime,
    kind: NoticeKind,
    roles: Iterable[str],
    organisation_ids: Iterable[int],
    words: Callable[[], NoticeText],
    by: Actor | None = None,
    reply_to: Callable[[int], str] | None = None,
    about: tuple[str, int] | None = None,
) -> None:
    """Notify those who hold one of the roles for the organisations (ids) on the day of `at`, except the actor `by`.

    `reply_to` gives the address to which a person (id) may answer.
    """
    persons = mandate_holder_ids(roles, organisation_ids, timezone.localdate(at))
    persons -= {by.user_id or 0} if by else set()
    notify(at=at, kind=kind, persons=persons, words=words, reply_to=reply_to, about=about)
