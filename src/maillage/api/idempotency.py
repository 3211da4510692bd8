"""Responses stored for a day, for requests with an `Idempotency-Key`."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.api.models import StoredResponse
from maillage.api.problems import field_problem
from maillage.core.actors import Actor

RETENTION = dt.timedelta(hours=24)
_MAX_KEY_LENGTH = 200


def claim_response(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> StoredResponse:
    """The stored response of a key; its `body` is empty if the request has not been answered yet.

    Raises `ProblemError` 422 if the key was used for another request. Runs in the transaction of the action: a second
    request with the same key waits here until the first has its response.
    """
    if len(key) > _MAX_KEY_LENGTH:
        raise field_problem("Idempotency-Key", _("This is too long."))
    StoredResponse.objects.filter(person=actor.user_id, given_at__lte=at - RETENTION).delete()
    stored: StoredResponse
    stored, _created = StoredResponse.objects.get_or_create(
        person_id=actor.user_id, key=key, defaults={"fingerprint": fingerprint, "given_at": at}
    )
    if stored.fingerprint != fingerprint:
        raise field_problem("Idempotency-Key", _("This key belongs to another request; take a new one."))
    return stored


def has_stored_response(actor: Actor, at: dt.datetime, *, key: str, fingerprint: str) -> bool:
    """Whether the same request, by key and fingerprint, has a stored response."""
    responses = StoredResponse.objects.filter(
        person=actor.user_id, key=key, fingerprint=fingerprint, given_at__gt=at - RETENTION
    )
    return bool(responses.exclude(body="").exists())


def store_response(answer: StoredResponse, *, body: str, etag: str) -> None:
    """Store a response. A refused action stores none, so that it can be tried again."""
    answer.body, answer.etag = body, etag
    answer.save(update_fields=["body", "etag"])
