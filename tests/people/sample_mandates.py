"""Sample mandates."""

import datetime as dt

from django.utils import timezone

from maillage.core.actors import MANAGER
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.actions.organisations import describe_organisation
from maillage.register.models import Organisation

PASSWORD = "a sentence to remember"


def today() -> dt.date:
    return timezone.localdate()


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def create_person(name: str) -> User:
    user = User(email=f"{name}@example.org", name=name.title())
    user.set_password(PASSWORD)
    user.save()
    return user


def create_organisation(key: str, name: str = "") -> Organisation:
    return Organisation.objects.create(key=key, kind="research-unit", name_fr=name or key)


def create_mandate(user: User, organisation: Organisation, role: str = MANAGER, **more) -> Mandate:
    first_day = more.pop("first_day", today() - days(30))
    return Mandate.objects.create(person=user, organisation=organisation, role=role, first_day=first_day, **more)


def actor_of_mandate(one: Mandate, at: dt.datetime | None = None):
    return actor_of(one.person, at or timezone.now(), one.pk)


def move_organisation(actor, organisation: Organisation, at: dt.datetime | None = None) -> Organisation:
    arguments = {"organisation_id": organisation.pk, "changes": {"city": "Lyon"}, "reason": "It moved."}
    return describe_organisation(actor=actor, at=at or timezone.now(), **arguments)
