"""Actions of persons on notices: mark them as read, choose their pace, stop them by the link of a mail."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import READER, Actor
from maillage.notifications.models import Notice, Preference
from maillage.notifications.notice_kinds import NOTICE_KINDS, Pace


def _person_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise ActionForbiddenError(_("Sign in: notices belong to a person."))
    return actor.user_id


@action(READER, title=gettext_lazy("Read one’s notices"))
def mark_notices_read(*, actor: Actor, at: dt.datetime, up_to: int) -> int:
    """Mark the actor's own notices up to the id `up_to` as read; return how many were unread."""
    return Notice.objects.filter(person_id=_person_id(actor), read_at=None, pk__lte=up_to).update(read_at=at)


@action(READER, title=gettext_lazy("Choose how notices are sent"))
def choose_paces(*, actor: Actor, at: dt.datetime, paces: Mapping[str, str]) -> None:
    """Save the pace that the actor chooses for each kind of notice (pace by name of the kind).

    Raises `ActionError` for an unknown kind, or a pace that the kind does not allow.
    """
    person_id = _person_id(actor)
    for name, pace in paces.items():
        kind = NOTICE_KINDS.get(name)
        if kind is None or pace not in kind.paces:
            raise ActionError(_("These notices cannot be had so; choose one of the ways the page offers."))
        Preference.objects.update_or_create(person_id=person_id, kind=name, defaults={"pace": pace})


@action(READER, title=gettext_lazy("Stop notices by the link of a mail"), over_api=False)
def stop_mails(*, actor: Actor, at: dt.datetime, notice_id: int, digest: bool) -> Notice:
    """Show notices only on the site from now on: those of the notice's kind, or all that come by `digest`.

    The caller has checked the signature of the link, so the actor need not be signed in. The link works once, so that
    an old mail does not change a later choice. Raises `ActionError` if the link was used before or if notices of this
    kind must reach the person, and `Notice.DoesNotExist` if there is no such notice.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.stopped_at:
        raise ActionError(_("This link was used before. Sign in to choose how you are notified."))
    kinds = _digest_kinds(notice.person_id) if digest else [notice.kind]
    stoppable = [name for name in kinds if name not in NOTICE_KINDS or not NOTICE_KINDS[name].must_reach]
    if not stoppable:
        raise ActionError(_("These notices must reach you; sign in to have them once a day."))
    for name in stoppable:
        Preference.objects.update_or_create(person_id=notice.person_id, kind=name, defaults={"pace": Pace.SITE})
    notice.stopped_at = at
    notice.save(update_fields=["stopped_at"])
    return notice


def _digest_kinds(person_id: int) -> list[str]:
    pace_by_kind = dict(Preference.objects.filter(person_id=person_id).values_list("kind", "pace"))
    together = (Pace.DIGEST, Pace.WEEKLY)
    return [name for name, kind in NOTICE_KINDS.items() if pace_by_kind.get(name, kind.pace) in together]
