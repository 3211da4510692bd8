"""Who is told what of a follow-up."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.charter.due import Due
from maillage.charter.models import Finding, FollowUp, Stage
from maillage.kernel.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT, Actor
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words, notify
from maillage.people.queries import holders

CHARTER = declare(
    Kind(
        "charter",
        gettext_lazy("findings, plans, and what is due by the charter of a label"),
        gettext_lazy("You act for the holder of a label, or for who runs it."),
    )
)


def of_holder(follow_up: FollowUp, day: dt.date) -> set[int]:
    """The persons (ids) who act for the holder."""
    return holders((MANAGER, LEAD, PILOT), [follow_up.holder_id], day)


def of_offices(follow_up: FollowUp, day: dt.date) -> set[int]:
    """The persons (ids) who run the label."""
    return holders((LABEL_OFFICER,), follow_up.label.offices, day)


def tell_of_finding(finding: Finding, *, actor: Actor, at: dt.datetime) -> None:
    """The holder is told where it is its turn, who runs the label where it is theirs."""
    day, follow_up = timezone.localdate(at), finding.follow_up
    theirs = finding.stage in (Stage.PLANNED, Stage.DONE)
    persons = (of_offices if theirs else of_holder)(follow_up, day) - {actor.user_id or 0}
    _tell(at, persons, lambda: _of_finding(finding))


def _of_finding(finding: Finding) -> Words:
    told = _("A finding on %(who)s: %(stage)s")
    subject = told % {"who": finding.follow_up, "stage": finding.get_stage_display()}
    lines = [finding.text, finding.asked]
    link = f"{finding.follow_up.get_absolute_url()}/findings/{finding.pk}"
    return Words(subject, "\n\n".join(line for line in lines if line), link)


def tell_of_dues(follow_up: FollowUp, dues: Iterable[Due], *, at: dt.datetime) -> None:
    """Both sides are told of all that has become due, in one notice."""
    day, found = timezone.localdate(at), list(dues)

    def words() -> Words:
        told = ngettext("%(who)s: %(number)d thing is due", "%(who)s: %(number)d things are due", len(found))
        subject = told % {"who": follow_up, "number": len(found)}
        return Words(subject, "\n".join(str(one) for one in found), follow_up.get_absolute_url())

    _tell(at, of_holder(follow_up, day) | of_offices(follow_up, day), words)


def _tell(at: dt.datetime, persons: set[int], words: Callable[[], Words]) -> None:
    notify(at=at, kind=CHARTER, persons=persons, words=words)
