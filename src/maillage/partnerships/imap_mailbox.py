"""The mailbox to which conversations are answered, read by IMAP.

Each mail is dealt with in the database first and then moved to a folder under the mailbox's own: a worker that dies in
between meets the mail again, finds it recorded, and only moves it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError
from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted, MailMessage

from maillage.notifications.inbox_settings import InboxSettings

log = logging.getLogger(__name__)
TAKEN_FOLDER, REFUSED_FOLDER, FAILED_FOLDER = "Taken", "Refused", "Failed"
_AT_ONCE = 100
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class MailOnServer:
    """A mail on the server: its headers, and its content, fetched where it is not too large."""

    heading: MailMessage
    fetch: Callable[[], MailMessage | None]

    @property
    def is_too_large(self) -> bool:
        """Whether the mail is larger than a file may be, with what its encoding adds."""
        return self.heading.size_rfc822 > settings.FILES_MAX_BYTES * 3 // 2 + 1024 * 1024


def read_inbox(inbox: InboxSettings, deal_with: Callable[[MailOnServer], bool]) -> int:
    """Deal with the mails of the mailbox, each moved to a folder by whether it was taken; return their number.

    A mail that cannot be dealt with stays where the database or the server fails, else moves to a folder of its own;
    the log says which, and it keeps no other waiting.
    """
    number = 0
    with _open(inbox) as box:
        for heading in list(box.fetch("ALL", headers_only=True, mark_seen=False, limit=_AT_ONCE, bulk=True)):
            try:
                taken = deal_with(MailOnServer(heading, lambda uid=heading.uid: _fetch(box, uid)))  # type: ignore[misc]
            except (OperationalError, InterfaceError, OSError):
                log.exception("The mail %s of the inbox could not be dealt with now; it stays there", heading.uid)
                continue
            except Exception:
                log.exception("The mail %s of the inbox cannot be dealt with", heading.uid)
                _move(box, inbox.folder, str(heading.uid), FAILED_FOLDER)
                continue
            _move(box, inbox.folder, str(heading.uid), TAKEN_FOLDER if taken else REFUSED_FOLDER)
            number += 1
    return number


@contextmanager
def _open(inbox: InboxSettings) -> Iterator[BaseMailBox]:
    kind = MailBox if inbox.encrypted else MailBoxUnencrypted
    with kind(inbox.host, inbox.port, timeout=_TIMEOUT_SECONDS).login(inbox.user, inbox.password, inbox.folder) as box:
        yield box


def _fetch(box: BaseMailBox, uid: str) -> MailMessage | None:
    return next(iter(box.fetch(AND(uid=uid), mark_seen=False)), None)


def _move(box: BaseMailBox, folder: str, uid: str, name: str) -> None:
    delimiter = next((one.delim for one in box.folder.list() if one.delim), "/")
    goal = f"{folder}{delimiter}{name}"
    if not box.folder.exists(goal):
        box.folder.create(goal)
    box.move(uid, goal)
