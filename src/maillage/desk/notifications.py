"""Notices of cases, which lead to where the case is dealt with, and the desk as a mail each morning."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core import formats
from maillage.core.actors import SYSTEM, Actor
from maillage.core.text import label_and_value
from maillage.desk.providers import DESK_KINDS, DeskRow, case_page_by_id
from maillage.desk.queries import count_waiting, desk_rows, waits_for
from maillage.desk.row_groups import days_left_words
from maillage.notifications.notice_kinds import MailRow, NoticeKind, Pace, register_notice_kind
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.models import User
from maillage.people.notifications import CASE_NOTICES, DEADLINE_NOTICES, reminder_subject
from maillage.people.queries import mandate_holder_ids
from maillage.workflow.models import Case
from maillage.workflow.signals import NOTICE_SUBJECTS, CaseNotice, add_notice_listener

# The most rows of the morning mail; the others stand on the desk.
MAX_ROWS_MAILED = 50


@add_notice_listener
def notify_case_roles(notice: CaseNotice) -> None:
    """Notify those who hold the roles that the process names, except the one who acted."""
    case = Case.objects.select_related("definition").get(pk=notice.case_id)

    def words() -> NoticeText:
        link = case_page_by_id([case], SYSTEM)[case.pk].url
        lines = [str(case.current_state.title), _due_words(case, notice), notice.reason]
        return NoticeText(_case_subject(case, notice), "\n".join(line for line in lines if line).strip(), link)

    persons = mandate_holder_ids(notice.roles, notice.organisations, timezone.localdate(notice.at)) - {
        notice.actor_id or 0
    }
    notify(at=notice.at, kind=CASE_NOTICES if notice.offset is None else DEADLINE_NOTICES, persons=persons, words=words)


def _due_words(case: Case, notice: CaseNotice) -> str:
    """By when something is to be done; a reminder says it in its subject."""
    if notice.offset is not None or case.ended_at or case.due_day is None:
        return ""
    return label_and_value(_("Due"), formats.day(case.due_day))


def _case_subject(case: Case, notice: CaseNotice) -> str:
    if notice.offset is not None:
        return reminder_subject(notice)
    if subject := NOTICE_SUBJECTS.get(notice.name):
        return str(subject) % notice.title
    return label_and_value(case.definition.definition.title, notice.title)


def mail_rows(person: User, at: dt.datetime) -> Sequence[MailRow]:
    """The rows of a person's desk that are theirs or nobody's, in its order."""
    rows, day = waits_for(desk_rows(person, at), person.pk), timezone.localdate(at)
    shown = [MailRow(row.title, _row_words(row, day), row.address) for row in rows[:MAX_ROWS_MAILED]]
    if left := len(rows) - len(shown):
        more = ngettext("%d more on the desk", "%d more on the desk", left) % left
        shown.append(MailRow(more, "", reverse("desk")))
    return shown


def _row_words(row: DeskRow, day: dt.date) -> str:
    due = f"{days_left_words(row.due, day)} ({formats.day(row.due)})" if row.due else ""
    return " · ".join(filter(None, (due, str(DESK_KINDS[row.kind].title), row.about)))


DESK_NOTICES = register_notice_kind(
    NoticeKind(
        "desk",
        gettext_lazy("what waits on my desk, each morning of the week"),
        gettext_lazy("Something waits for you by a mandate or a role that you hold."),
        pace=Pace.DIGEST,
        rows=mail_rows,
    )
)


def notify_desk(person: User, at: dt.datetime) -> bool:
    """Announce the desk of a person, in place of an earlier notice; return whether anything waits."""
    counted = count_waiting(desk_rows(person, at), person.pk, timezone.localdate(at))
    if not counted.count:
        return False

    def words() -> NoticeText:
        subject = ngettext("%d thing waits for you", "%d things wait for you", counted.count) % counted.count
        late = ngettext("%d late", "%d late", counted.overdue) % counted.overdue if counted.overdue else ""
        return NoticeText(_("%(what)s, %(late)s") % {"what": subject, "late": late} if late else subject, "",
                          reverse("desk"))  # fmt: skip

    notify(at=at, kind=DESK_NOTICES, persons=[person.pk], words=words)
    return True


GIVEN_NOTICES = register_notice_kind(
    NoticeKind(
        "desk-given",
        gettext_lazy("rows of the desk that a colleague gives me, or reminds me of"),
        gettext_lazy("You may deal with this by a mandate or a role that you hold."),
    )
)


def notify_given(
    titles: Sequence[str], person_id: int, actor: Actor, at: dt.datetime, reason: str, number: int | None = None
) -> None:
    """Tell a person that a colleague has given them rows, and why."""
    count = number or len(titles)

    def words() -> NoticeText:
        subject = ngettext(
            "%(name)s gives you %(count)d thing to deal with", "%(name)s gives you %(count)d things to deal with", count
        )
        text = "\n\n".join(filter(None, (reason.strip(), "\n".join(f"- {title}" for title in titles))))
        return NoticeText(subject % {"name": actor.name, "count": count}, text, reverse("desk"))

    notify(at=at, kind=GIVEN_NOTICES, persons=[person_id], words=words)


def notify_reminded(rows: Sequence[DeskRow], person_id: int, actor: Actor, at: dt.datetime) -> None:
    """Remind a person of rows that wait."""
    day = timezone.localdate(at)

    def words() -> NoticeText:
        subject = _("%(name)s reminds you: %(title)s") % {"name": actor.name, "title": rows[0].title}
        if more := len(rows) - 1:
            subject = ngettext("%(start)s and %(count)d more", "%(start)s and %(count)d more", more) % {
                "start": subject, "count": more,
            }  # fmt: skip
        lines = (" · ".join(filter(None, (row.title, _row_words(row, day)))) for row in rows)
        return NoticeText(subject, "\n".join(lines), rows[0].url if len(rows) == 1 else reverse("desk"))

    notify(at=at, kind=GIVEN_NOTICES, persons=[person_id], words=words)
