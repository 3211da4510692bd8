"""The first officer of an empty site."""

import secrets

from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.people.actions.accounts import create_account
from maillage.people.models import User

FIRST_OFFICER_EMAIL = "officer@maillage.localhost"


def ensure_first_officer() -> tuple[str, str] | None:
    """Create the first officer; return the mail address and password, or `None` if an officer exists."""
    if User.objects.filter(is_officer=True).exists():
        return None
    password = secrets.token_urlsafe(9)
    create_account(
        actor=SYSTEM, at=timezone.now(), email=FIRST_OFFICER_EMAIL, name="Officer", password=password, is_officer=True
    )
    return FIRST_OFFICER_EMAIL, password
