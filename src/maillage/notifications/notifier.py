"""Creation of notices, in the transaction of the action they are about."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import translation

from maillage.notifications.models import Notice, Preference
from maillage.notifications.notice_kinds import NoticeKind, Pace


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in the active language: a subject of one line, an optional text, and the address of a page."""

    subject: str
    body: str = ""
    link: str = ""


def notify(
    *,
    at: dt.datetime,
    kind: NoticeKind,
    persons: Iterable[int],
    words: Callable[[], NoticeText],
    reply_to: Callable[[int], str] | None = None,
    about: tuple[str, int] | None = None,
) -> list[Notice]:
    """Create notices for persons (ids), at the pace that each has chosen for this kind; none for the pace `NONE`.

    `reply_to` gives the address to which a person may answer the mail of the notice, or an empty text; `about` names
    the record (kind and id) that it is about. `words` is called once in each language. Call this in an action: the
    notices are part of its transaction, and mails
    are sent only after its commit.
    """
    pace_by_person = dict.fromkeys(persons, kind.pace)
    preferences = Preference.objects.filter(kind=kind.name, person_id__in=pace_by_person).values_list(
        "person_id", "pace"
    )
    pace_by_person |= {person: pace for person, pace in preferences if pace in kind.paces}
    texts = _texts(words)
    notices = Notice.objects.bulk_create(
        Notice(
            person_id=person,
            kind=kind.name,
            pace=pace,
            created_at=at,
            reply_to=reply_to(person) if reply_to else "",
            record_kind=about[0] if about else "",
            record_id=about[1] if about else None,
            **texts,
        )
        for person, pace in sorted(pace_by_person.items())
        if pace != Pace.NONE
    )
    _send_later(notices)
    return notices


def _texts(words: Callable[[], NoticeText]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            notice_text = words()
        subject = " ".join(notice_text.subject.split())[:300]
        texts |= {
            f"subject_{language}": subject,
            f"body_{language}": notice_text.body,
            f"link_{language}": notice_text.link,
        }
    return texts


def _send_later(notices: list[Notice]) -> None:
    """Queue one job per mail, in the transaction: the worker sees it only once that is committed."""
    from maillage.notifications.tasks import mail_notice  # needs the models to be loaded

    for notice in notices:
        if notice.pace == Pace.IMMEDIATE:
            mail_notice.defer(notice_id=notice.pk)
