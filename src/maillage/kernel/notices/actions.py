"""What can be done to notices: read them, choose how they come, stop them from a mail; and noting how mails fared."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Forbidden, Impossible, action
from maillage.kernel.actors import READER, Actor
from maillage.kernel.notices.kinds import KINDS, Pace
from maillage.kernel.notices.models import Notice, Preference


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden(_("Sign in: notices belong to a person."))
    return actor.user_id


@action(READER, title=gettext_lazy("Read one’s notices"))
def read_notices(*, actor: Actor, at: dt.datetime, up_to: int) -> int:
    """Mark the person's own notices as read, those made after the notice `up_to` left out; return how many."""
    return Notice.objects.filter(person_id=_person(actor), read_at=None, pk__lte=up_to).update(read_at=at)


@action(READER, title=gettext_lazy("Choose how one is told"))
def choose_paces(*, actor: Actor, at: dt.datetime, paces: Mapping[str, str]) -> None:
    """Keep the pace at which the person wants each kind of notice (kind to pace).

    Raises `Impossible` for a kind there is not, or a pace that the kind does not have.
    """
    person = _person(actor)
    for name, pace in paces.items():
        kind = KINDS.get(name)
        if kind is None or pace not in kind.paces:
            raise Impossible(_("These notices cannot be had so; choose one of the ways the page offers."))
        Preference.objects.update_or_create(person_id=person, kind=name, defaults={"pace": pace})


@action(READER, title=gettext_lazy("Stop notices by the link of a mail"), over_api=False)
def stop_mails(*, actor: Actor, at: dt.datetime, notice_id: int, digest: bool) -> Notice:
    """Show from now on only on the site what came by the mail of a notice: its kind, or all that came by `digest`.

    Whoever holds the mail may do so, signed in or not: the caller has checked the signature of its link. The link works
    once, so that a mail found later does not undo what the person has chosen since. Raises `Impossible` where it was
    used, and where notices of this kind must reach the person; `Notice.DoesNotExist` where the notice is gone.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.stopped_at:
        raise Impossible(_("This link was used before. Sign in to choose how you are told."))
    kinds = _digested(notice.person_id) if digest else [notice.kind]
    stoppable = [name for name in kinds if name not in KINDS or not KINDS[name].must_reach]
    if not stoppable:
        raise Impossible(_("These notices must reach you; sign in to have them once a day."))
    for name in stoppable:
        Preference.objects.update_or_create(person_id=notice.person_id, kind=name, defaults={"pace": Pace.SITE})
    notice.stopped_at = at
    notice.save(update_fields=["stopped_at"])
    return notice


def _digested(person: int) -> list[str]:
    chosen = dict(Preference.objects.filter(person_id=person).values_list("kind", "pace"))
    return [name for name, kind in KINDS.items() if chosen.get(name, kind.pace) == Pace.DIGEST]


@action(title=gettext_lazy("Note that a mail left"), over_api=False)
def note_mailed(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int]) -> None:
    """The mail server took the mail of these notices."""
    Notice.objects.filter(pk__in=notice_ids).update(mailed_at=at, failure="", failed_at=None)


@action(title=gettext_lazy("Note that a mail was refused"), over_api=False)
def note_failure(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int], failure: str, final: bool) -> None:
    """The mail of these notices was not taken, for now or, where `final`, for good."""
    Notice.objects.filter(pk__in=notice_ids).update(failure=failure, failed_at=at if final else None)
