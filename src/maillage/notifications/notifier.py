"""Writing notices, inside the transaction of the action they tell of."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import translation

from maillage.notifications.models import Notice, Preference
from maillage.notifications.notice_kinds import NoticeKind, Pace


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in the active language: what happened in a line, more of it if need be, and the page to read."""

    subject: str
    body: str = ""
    link: str = ""


def notify(
    *, at: dt.datetime, kind: NoticeKind, persons: Iterable[int], words: Callable[[], NoticeText]
) -> list[Notice]:
    """Tell persons (by id) of something, as each wants to be told; `words` is called once in each language.

    To be called by an action: the notices are part of its transaction, and no mail leaves before it is committed.
    """
    wanted = dict.fromkeys(persons, kind.pace)
    chosen = Preference.objects.filter(kind=kind.name, person_id__in=wanted).values_list("person_id", "pace")
    wanted |= {person: pace for person, pace in chosen if pace in kind.paces}
    texts = _texts(words)
    notices = Notice.objects.bulk_create(
        Notice(person_id=person, kind=kind.name, pace=pace, created_at=at, **texts)
        for person, pace in sorted(wanted.items())
        if pace != Pace.NONE
    )
    _send_later(notices)
    return notices


def _texts(words: Callable[[], NoticeText]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            said = words()
        subject = " ".join(said.subject.split())[:300]
        found |= {f"subject_{language}": subject, f"body_{language}": said.body, f"link_{language}": said.link}
    return found


def _send_later(notices: list[Notice]) -> None:
    """One job a mail, queued in the transaction: it is seen by the worker once that is committed, and never else."""
    from maillage.notifications.tasks import mail_notice  # it needs the models loaded

    for notice in notices:
        if notice.pace == Pace.IMMEDIATE:
            mail_notice.defer(notice_id=notice.pk)
