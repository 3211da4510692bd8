"""A small register, and its officer at the pages."""

import pytest
from django.test import Client


@pytest.fixture
def register(db: None) -> None:
    from tests.web.facts.clients import record

    record("organisations", key="unit", name_fr="L’unité", name_en="The unit", kind="research-unit", city="Lyon")
    record("organisations", key="net", name_fr="Le réseau", name_en="The network", kind="network")
    record("labels", key="mark", name="La marque", name_en="The mark")


@pytest.fixture
def officer(register: None) -> Client:
    from maillage.people.models import User

    client = Client()
    client.force_login(User.objects.create(email="officer@example.org", name="O", is_officer=True))
    return client
