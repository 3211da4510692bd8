"""What the site holds of a person, for that person alone."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from maillage.people.models import Invitation, Mandate, User
from maillage.people.personal import HELD

_BOUND = 1_000


def has_second_factor(person: User) -> bool:
    """Whether signing in asks for more than the password."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=person.pk, type__in=types).exists()


def own_data(person: User) -> dict[str, Any]:
    """All that is kept of a person, as plain values for JSON: dates and moments are left as such."""
    return {
        "person": _rows(User.objects.filter(pk=person.pk), "email", "name", "language", "is_officer", "last_login")[0],
        "mandates": _rows(
            Mandate.objects.filter(person=person).order_by("first_day", "id"),
            "organisation__key",
            "organisation__sort_name",
            "role",
            "first_day",
            "last_day",
            "given_by__name",
        ),
        "invitations": _rows(
            Invitation.objects.filter(email__iexact=person.email).order_by("invited_at"),
            "email",
            "name",
            "organisation__key",
            "role",
            "invited_at",
            "expires_at",
            "accepted_at",
            "withdrawn_at",
        ),
        "sessions": _rows(
            UserSession.objects.filter(user=person).order_by("created_at"),
            "created_at",
            "last_seen_at",
            "ip",
            "user_agent",
        ),
        "second_factors": _rows(
            Authenticator.objects.filter(user=person).order_by("created_at"), "type", "created_at", "last_used_at"
        ),
        **{held.title: held.of(person) for held in HELD},
    }


def _rows(records: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    return [{name.replace("__", "_"): value for name, value in row.items()} for row in records.values(*fields)[:_BOUND]]
