"""What can be done to charters: publish a version, follow every holder, remind of what is due.

What is done within a follow-up is in `proving`, `findings` and `progress`.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter import findings, progress, proving  # noqa: F401 - actions of this room
from maillage.charter.document import CharterDocument
from maillage.charter.due import dues_of
from maillage.charter.models import Charter, CharterVersion, FollowUp, Reminder
from maillage.charter.queries import charter_of, followed
from maillage.charter.reading import from_text
from maillage.charter.telling import tell_of_dues
from maillage.kernel.actions import Impossible, action, follows
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, SYSTEM, Actor
from maillage.labels.models import Award, Label
from maillage.labels.queries import label_named


def _of_text(*, text: str, **_others: Any) -> Iterable[int]:
    return label_named(from_text(text).label).offices


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish a charter"), concerns=_of_text)
def publish_charter(
    *, actor: Actor, at: dt.datetime, text: str, reason: str, base: int | None = None
) -> CharterVersion:
    """A new charter, or a new version of one, given as YAML; from then on each holder of the label is followed.

    Raises `BadDocument` with every fault, `Impossible` for a label that the register does not know or that has another
    charter, without a reason, where nothing changed, or where it was made from another version (`base`) than the last.
    """
    says = from_text(text)
    if not reason.strip():
        raise Impossible(_("Say why: the reason stands beside the version."))
    label = label_named(says.label)
    charter = Charter.objects.select_for_update().filter(key=says.name).first()
    last = charter.last if charter else None
    _refuse_second(says.name, label)
    _refuse_odd(last, says, base)
    fields = {"label": label, "title_fr": says.title.fr, "title_en": says.title.en}
    charter = Charter.objects.update_or_create(key=says.name, defaults=fields)[0]
    made: CharterVersion = CharterVersion.objects.create(
        charter=charter, version=last.version + 1 if last else 1, text=text, applies_from=says.since,
        published_at=at, author=actor.name, reason=reason.strip(),
    )  # fmt: skip
    begin(at)
    return made


def _refuse_second(name: str, label: Label) -> None:
    """A label has one charter, and a charter keeps its label."""
    other = Charter.objects.filter(Q(key=name) ^ Q(label=label)).first()
    if other:
        told = _("A label has one charter, and a charter keeps its label; publish a version of “%s”.")
        raise Impossible(told % other.key)


def _refuse_odd(last: CharterVersion | None, says: CharterDocument, base: int | None) -> None:
    if last is None:
        return
    if base is not None and last.version != base:
        told = _("Version %(last)s was published in the meantime, and yours was made from version %(base)s: take over "
                 "what changed, then publish.")  # fmt: skip
        raise Impossible(told % {"last": last.version, "base": base})
    if last.says.document == says.document:
        raise Impossible(_("Nothing differs from version %s; change something first.") % last.version)


def begin(at: dt.datetime) -> int:
    """Follow every award in force of a label with a charter whose holder is a body; how many were not followed yet."""
    day = timezone.localdate(at)
    awards = Award.objects.possible_on(day).filter(label__charter__isnull=False, holder__isnull=False, follow_up=None)
    new = [
        FollowUp(award=one, label_id=one.label_id, holder_id=one.holder_id, begun_on=day)
        for one in awards.order_by("pk")
    ]
    return len(FollowUp.objects.bulk_create(new))


@action(title=gettext_lazy("Follow those who hold a label"))
def begin_follow_ups(*, actor: Actor, at: dt.datetime) -> int:
    """Begin to follow each holder of a label with a charter who is not followed yet; how many."""
    return begin(at)


@follows("reviews.publish_decisions")
def _follow_new_holders(*, at: dt.datetime, **_others: Any) -> None:
    """A label awarded today is followed from today."""
    begin(at)


@action(title=gettext_lazy("Remind of what is due by a charter"))
def remind(*, actor: Actor, at: dt.datetime, follow_up_id: int) -> int:
    """Tell the holder and who runs the label of what has become due, each thing once; how many things."""
    day = timezone.localdate(at)
    follow_up = followed(actor=SYSTEM, day=day).filter(pk=follow_up_id).first()
    if follow_up is None:
        return 0
    told = set(Reminder.objects.filter(follow_up=follow_up).values_list("about", flat=True))
    new = [one for one in dues_of(follow_up, charter_of(follow_up, day).says, day) if one.about not in told]
    Reminder.objects.bulk_create(Reminder(follow_up=follow_up, about=one.about, told_at=at) for one in new)
    if new:
        tell_of_dues(follow_up, new, at=at)
    return len(new)
