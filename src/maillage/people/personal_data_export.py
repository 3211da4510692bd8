"""Export of the personal data of a person."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet
from pghistory.models import Context

from maillage.core.security.session_scope import read_everything
from maillage.people.models import Invitation, Mandate, User
from maillage.people.personal_data import PERSONAL_DATA, ROW_LIMIT


def get_personal_data(person: User) -> dict[str, object]:
    """All data of a person, as plain values for JSON; dates and times are left as they are.

    `cut` names the lists that are truncated to `ROW_LIMIT` rows.
    """
    # Persons may read their own data whatever mandate is in use.
    with read_everything():
        data = _all_rows(person)
    return data | {"cut": [name for name, rows in data.items() if isinstance(rows, list) and len(rows) >= ROW_LIMIT]}


def _all_rows(person: User) -> dict[str, object]:
    return {
        "person": _plain_rows(
            User.objects.filter(pk=person.pk), "email", "name", "language", "is_officer", "last_login"
        )[0],
        "mandates": _plain_rows(
            Mandate.objects.filter(person=person).order_by("first_day", "id"),
            "organisation__key",
            "organisation__sort_name",
            "role",
            "first_day",
            "last_day",
            "given_by__name",
        ),
        "invitations": _plain_rows(
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
        "sessions": _plain_rows(
            UserSession.objects.filter(user=person).order_by("created_at"),
            "created_at",
            "last_seen_at",
            "ip",
            "user_agent",
        ),
        "second_factors": _plain_rows(
            Authenticator.objects.filter(user=person).order_by("created_at"), "type", "created_at", "last_used_at"
        ),
        "done": _plain_rows(
            Context.objects.filter(metadata__user=person.pk, metadata__has_key="action").order_by("created_at", "id"),
            "created_at",
            "metadata",
        ),
        **{personal_data.title: personal_data.of(person) for personal_data in PERSONAL_DATA.values()},
    }


def _plain_rows(records: QuerySet[Model], *fields: str) -> list[dict[str, object]]:
    return [
        {name.replace("__", "_"): value for name, value in row.items()} for row in records.values(*fields)[:ROW_LIMIT]
    ]
