"""The kinds of notice and their paces. A room registers its kinds where it creates the notices."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.registers import Register


class Pace(models.TextChoices):
    """How, and how soon, a person gets a notice."""

    IMMEDIATE = "immediate", _("by mail, at once")
    DIGEST = "digest", _("by mail, once a day")
    SITE = "site", _("only on the site")
    NONE = "none", _("not at all")


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice; a person may slow down one that `must_reach`, but not stop it.

    `title` completes “Notices about …”; `why` is a sentence: “You hold a mandate for this organisation.”
    """

    name: str
    title: str | Promise
    why: str | Promise
    pace: str = Pace.IMMEDIATE
    must_reach: bool = False

    @property
    def paces(self) -> list[str]:
        """The paces that a person may choose."""
        by_mail = [Pace.IMMEDIATE.value, Pace.DIGEST.value]
        return by_mail if self.must_reach else [*by_mail, Pace.SITE.value, Pace.NONE.value]


NOTICE_KINDS: Register[NoticeKind] = Register("notice kinds")


def register_notice_kind(kind: NoticeKind) -> NoticeKind:
    """Register a kind of notice; returns it."""
    NOTICE_KINDS[kind.name] = kind
    return kind
