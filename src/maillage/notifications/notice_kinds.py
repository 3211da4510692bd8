"""The kinds of notice. A room declares its own where its notices are written."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.registers import Register


class Pace(models.TextChoices):
    """How a notice reaches a person."""

    IMMEDIATE = "immediate", _("by mail, at once")
    DIGEST = "digest", _("by mail, once a day")
    SITE = "site", _("only on the site")
    NONE = "none", _("not at all")


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice is about, and why one gets it; one that `must_reach` may be slowed down, never stopped.

    `title` follows “Notices about”, as `why` stands alone: “You hold a mandate for this organisation.”
    """

    name: str
    title: str | Promise
    why: str | Promise
    pace: str = Pace.IMMEDIATE
    must_reach: bool = False

    @property
    def paces(self) -> list[str]:
        """What a person may choose."""
        mails = [Pace.IMMEDIATE.value, Pace.DIGEST.value]
        return mails if self.must_reach else [*mails, Pace.SITE.value, Pace.NONE.value]


NOTICE_KINDS: Register[NoticeKind] = Register("notice kinds")


def register_notice_kind(kind: NoticeKind) -> NoticeKind:
    """Make a kind of notice known; returns it."""
    NOTICE_KINDS[kind.name] = kind
    return kind
