"""The kinds of notice and their paces. A room registers its kinds where it creates the notices."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.registers import Register


class Pace(models.TextChoices):
    """How, and how soon, a person gets a notice."""

    IMMEDIATE = "immediate", _("by mail, at once")
    DIGEST = "digest", _("by mail, once a day")
    WEEKLY = "weekly", _("by mail, once a week")
    SITE = "site", _("only on the site")
    NONE = "none", _("not at all")


@dataclass(frozen=True, slots=True)
class MailRow:
    """A row that is listed in the mail of a notice: what, more about it, and the path of its page."""

    title: str
    about: str
    path: str


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that a mail carries."""

    name: str
    content: bytes
    media_type: str


Recipient: TypeAlias = Any  # Any: a person, whose model stands in a room above
# The rows for a person at a moment, in the active language.
MailRows = Callable[[Recipient, dt.datetime], Sequence[MailRow]]
# What is done where the mail of a notice about a record (kind and id) to a person does not arrive: why, and when.
MailFailed = Callable[[str, int, Recipient, str, dt.datetime], None]
# The files of the record (kind and id) that a notice is about.
MailFiles = Callable[[str, int], Sequence[MailFile]]


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice; a person may slow down one that `must_reach`, but not stop it.

    `title` completes “Notices about …”; `why` is a sentence: “You hold a mandate for this organisation.” `rows` are
    found when the mail is made, so that it says what is true as it leaves; such a notice comes first in a digest.
    `files` are those of the record that a notice is about; `failed` is called where its mail does not arrive.
    """

    name: str
    title: str | Promise
    why: str | Promise
    pace: str = Pace.IMMEDIATE
    must_reach: bool = False
    rows: MailRows | None = None
    files: MailFiles | None = None
    failed: MailFailed | None = None

    @property
    def paces(self) -> list[str]:
        """The paces that a person may choose."""
        by_mail = [Pace.IMMEDIATE.value, Pace.DIGEST.value]
        return by_mail if self.must_reach else [*by_mail, Pace.WEEKLY.value, Pace.SITE.value, Pace.NONE.value]

    def nearest_pace(self, pace: str) -> str:
        """A pace by mail, or the slowest by mail that this kind allows."""
        return pace if pace in self.paces else Pace.DIGEST.value


NOTICE_KINDS: Register[NoticeKind] = Register("notice kinds")


def register_notice_kind(kind: NoticeKind) -> NoticeKind:
    """Register a kind of notice; returns it."""
    NOTICE_KINDS[kind.name] = kind
    return kind
