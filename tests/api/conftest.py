"""Programs that read and act with a token. Imports wait for Django, which is set up after this file is read."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from maillage.people.models import User


@pytest.fixture
def officer(db) -> "User":
    from maillage.people.models import User

    return User.objects.create(email="officer@example.org", name="An officer", is_officer=True)


@pytest.fixture
def person(db) -> "User":
    from maillage.people.models import User

    return User.objects.create(email="person@example.org", name="A person")


@pytest.fixture
def with_token() -> Callable[..., Client]:
    """A client that sends a token of a person: `with_token(person, "read", "write")`."""
    from maillage.api.actions.tokens import create_token
    from maillage.people.queries import actor_of

    def make(user: "User", *scopes: str, mandate_id: int | None = None) -> Client:
        at = timezone.now()
        _token, secret = create_token(
            actor=actor_of(user, at), at=at, name="test", scopes=[*scopes], days=30, mandate_id=mandate_id
        )
        return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    return make
