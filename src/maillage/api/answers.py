"""Answers kept for a day, for requests that bear an `Idempotency-Key`."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.api.models import GivenAnswer
from maillage.api.problems import misfit
from maillage.kernel.actors import Actor

KEPT = dt.timedelta(hours=24)
_LONGEST = 200


def claimed(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> GivenAnswer:
    """The place of an answer, empty where none was given yet. Raises a problem 422 for a key of another request.

    Runs in the transaction of the action: a second request with the same key waits here until the first has its answer.
    """
    if len(key) > _LONGEST:
        raise misfit("Idempotency-Key", _("This is too long."))
    GivenAnswer.objects.filter(person=actor.user_id, given_at__lte=at - KEPT).delete()
    answer, _new = GivenAnswer.objects.get_or_create(
        person_id=actor.user_id, key=key, defaults={"fingerprint": fingerprint, "given_at": at}
    )
    if answer.fingerprint != fingerprint:
        raise misfit("Idempotency-Key", _("This key belongs to another request; take a new one."))
    found: GivenAnswer = answer
    return found


def is_kept(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> bool:
    """Whether this very request was answered already."""
    found = GivenAnswer.objects.filter(person=actor.user_id, key=key, fingerprint=fingerprint, given_at__gt=at - KEPT)
    return bool(found.exclude(body="").exists())


def keep(answer: GivenAnswer, *, body: str, etag: str) -> None:
    """Keep what was answered. An action that is refused leaves nothing, so that it can be tried again."""
    answer.body, answer.etag = body, etag
    answer.save(update_fields=["body", "etag"])
