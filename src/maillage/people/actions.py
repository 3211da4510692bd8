"""What can be done to persons."""

import datetime as dt
import secrets

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actions import action
from maillage.kernel.actors import OFFICER, SYSTEM, Actor
from maillage.people import mandates, persons  # noqa: F401 - their actions are those of this room
from maillage.people.models import User

FIRST_OFFICER = "officer@maillage.localhost"


@action(OFFICER, title=_("Create an account"), over_api=False)
def create_account(
    *, actor: Actor, at: dt.datetime, email: str, name: str, password: str, is_officer: bool = False
) -> User:
    """Create a person who signs in with a mail address and a password."""
    user = User(email=email.strip().lower(), name=name.strip(), is_officer=is_officer)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


def ensure_first_officer() -> tuple[str, str] | None:
    """Make the first account of an empty site; return its address and password, `None` if an officer exists."""
    if User.objects.filter(is_officer=True).exists():
        return None
    password = secrets.token_urlsafe(9)
    create_account(
        actor=SYSTEM, at=timezone.now(), email=FIRST_OFFICER, name="Officer", password=password, is_officer=True
    )
    return FIRST_OFFICER, password
