"""Persons at the pages: signed in, acting for a body."""

import re

from django.test import Client

from maillage.core.actors import Actor
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation
from maillage.web.mandate_choice import MANDATE_SESSION_KEY


def get_organisation(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def client_for(key: str, role: str = "manager") -> Client:
    """A client of somebody who acts for a body in a role."""
    person = User.objects.create(email=f"{role}-{key}@example.org", name=f"{role} of {key}")
    mandate = Mandate.objects.create(
        person=person, organisation=get_organisation(key), role=role, first_day="2020-01-01"
    )
    return _signed_in(person, mandate.pk)


def client_of(actor: Actor) -> Client:
    """A client of the person who is this actor, acting by the same mandate if any."""
    return _signed_in(User.objects.get(pk=actor.user_id), actor.acting.mandate_id if actor.acting else None)


def _signed_in(person: User, mandate_id: int | None) -> Client:
    client = Client()
    client.force_login(person)
    if mandate_id:
        session = client.session
        session[MANDATE_SESSION_KEY] = mandate_id
        session.save()
    return client


def page_text(response) -> str:
    return response.content.decode()


def page_words(client: Client, address: str) -> str:
    """What a page says, without its tags."""
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_text(response)))
