"""Answers kept for a day, for requests that bear an `Idempotency-Key`."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.api.models import StoredResponse
from maillage.api.problems import field_problem
from maillage.core.actors import Actor

RETENTION = dt.timedelta(hours=24)
_MAX_KEY_LENGTH = 200


def claim_response(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> StoredResponse:
    """The place of an answer, empty where none was given yet. Raises a problem 422 for a key of another request.

    Runs in the transaction of the action: a second request with the same key waits here until the first has its answer.
    """
    if len(key) > _MAX_KEY_LENGTH:
        raise field_problem("Idempotency-Key", _("This is too long."))
    StoredResponse.objects.filter(person=actor.user_id, given_at__lte=at - RETENTION).delete()
    answer, _new = StoredResponse.objects.get_or_create(
        person_id=actor.user_id, key=key, defaults={"fingerprint": fingerprint, "given_at": at}
    )
    if answer.fingerprint != fingerprint:
        raise field_problem("Idempotency-Key", _("This key belongs to another request; take a new one."))
    found: StoredResponse = answer
    return found


def has_stored_response(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> bool:
    """Whether this very request was answered already."""
    found = StoredResponse.objects.filter(
        person=actor.user_id, key=key, fingerprint=fingerprint, given_at__gt=at - RETENTION
    )
    return bool(found.exclude(body="").exists())


def store_response(answer: StoredResponse, *, body: str, etag: str) -> None:
    """Keep what was answered. An action that is refused leaves nothing, so that it can be tried again."""
    answer.body, answer.etag = body, etag
    answer.save(update_fields=["body", "etag"])
