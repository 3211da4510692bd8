"""Two who publish a version made from the same one: the second is told, and nothing is lost without a word."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.people.models import User
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.shipped_definitions import publish_shipped_definitions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(User.objects.create(email="officer@example.org", name="O", is_officer=True))
    return client


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1].replace("&quot;", '"')


def test_a_version_made_from_an_old_one_is_not_published(officer: Client):
    publish_shipped_definitions(timezone.now())
    text = ProcessDefinition.objects.get(name="correction").text
    base = hidden(officer.get("/en/processes/correction/edit").content.decode(), "base")
    one, two = (text.replace("working_days: 10", f"working_days: {days}") for days in (11, 12))
    sent = {"do": "publish", "reason": "More time.", "base": base}
    assert officer.post("/en/processes/correction/edit", sent | {"text": one}).status_code == 302
    late = officer.post("/en/processes/correction/edit", sent | {"text": two})
    assert late.status_code == 422
    assert "in the meantime" in late.content.decode()
