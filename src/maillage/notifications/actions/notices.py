"""What can be done to notices: read them, choose how they come, stop them from a mail; and noting how mails fared."""

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
    """Mark the person's own notices as read, those made after the notice `up_to` left out; return how many."""
    return Notice.objects.filter(person_id=_person_id(actor), read_at=None, pk__lte=up_to).update(read_at=at)


@action(READER, title=gettext_lazy("Choose how one is told"))
def choose_paces(*, actor: Actor, at: dt.datetime, paces: Mapping[str, str]) -> None:
    """Keep the pace at which the person wants each kind of notice (kind to pace).

    Raises `ActionError` for a kind there is not, or a pace that the kind does not have.
    """
    person = _person_id(actor)
    for name, pace in paces.items():
        kind = NOTICE_KINDS.get(name)
        if kind is None or pace not in kind.paces:
            raise ActionError(_("These notices cannot be had so; choose one of the ways the page offers."))
        Preference.objects.update_or_create(person_id=person, kind=name, defaults={"pace": pace})


@action(READER, title=gettext_lazy("Stop notices by the link of a mail"), over_api=False)
def stop_mails(*, actor: Actor, at: dt.datetime, notice_id: int, digest: bool) -> Notice:
    """Show from now on only on the site what came by the mail of a notice: its kind, or all that came by `digest`.

    Whoever holds the mail may do so, signed in or not: the caller has checked the signature of its link. The link works
    once, so that a mail found later does not undo what the person has chosen since. Raises `ActionError` where it was
    used, and where notices of this kind must reach the person; `Notice.DoesNotExist` where the notice is gone.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.stopped_at:
        raise ActionError(_("This link was used before. Sign in to choose how you are told."))
    kinds = _digest_kinds(notice.person_id) if digest else [notice.kind]
    stoppable = [name for name in kinds if name not in NOTICE_KINDS or not NOTICE_KINDS[name].must_reach]
    if not stoppable:
        raise ActionError(_("These notices must reach you; sign in to have them once a day."))
    for name in stoppable:
        Preference.objects.update_or_create(person_id=notice.person_id, kind=name, defaults={"pace": Pace.SITE})
    notice.stopped_at = at
    notice.save(update_fields=["stopped_at"])
    return notice


def _digest_kinds(person: int) -> list[str]:
    chosen = dict(Preference.objects.filter(person_id=person).values_list("kind", "pace"))
    return [name for name, kind in NOTICE_KINDS.items() if chosen.get(name, kind.pace) == Pace.DIGEST]
