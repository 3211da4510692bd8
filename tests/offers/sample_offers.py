"""A network with two members that have a laboratory each, and who acts for them."""

import datetime as dt
from dataclasses import dataclass

from maillage.core.actors import Actor
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@dataclass
class SampleMembers:
    network: Organisation
    lab: Organisation
    platform: Organisation
    stranger: Organisation

    def acting(self, organisation: Organisation, role: str = "lead") -> Actor:
        """Somebody who holds a role for an organisation."""
        email = f"{role}-{organisation.key}@example.org"
        person = User.objects.get_or_create(email=email, defaults={"name": f"{role} of {organisation.key}"})[0]
        arguments = {"person": person, "organisation": organisation, "role": role, "first_day": dt.date(2020, 1, 1)}
        return actor_of(person, AT, Mandate.objects.get_or_create(**arguments)[0].pk)


def create_sample_members() -> SampleMembers:
    """The laboratory and the platform are members of the network since 2020; the stranger is not."""
    kinds = {"network": "network", "lab": "research-unit", "platform": "platform", "stranger": "research-unit"}
    organisations = {
        key: Organisation.objects.create(key=key, kind=kind, name_fr=key.title(), country="FR")
        for key, kind in kinds.items()
    }
    for key in ("lab", "platform"):
        network = organisations["network"]
        Tie.objects.create(subject=organisations[key], object=network, kind="member", period_start="2020")
    return SampleMembers(**organisations)
