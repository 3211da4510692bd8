"""What a visitor without an account may send, and what a site behind a proxy believes."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from maillage.projects.models import Party
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.people.sample_mandates import create_organisation, create_person

pytestmark = pytest.mark.django_db
TEXT = {"text": "The town is wrong: the unit moved to Lyon in 2021."}


def create_party(key: str) -> Party:
    """A party of past projects, an error of which is told as a case."""
    values = {"number": key, "name": key, "kind": "REC", "organisation": create_organisation(key), "tie": "name"}
    return Party.objects.create(key=key, **values)


def test_one_address_does_not_take_what_all_share(settings):
    settings.ACCOUNT_RATE_LIMITS = {"sent_without_account": "3/h/ip"}
    cache.clear()
    publish_shipped_definitions(timezone.now())
    keys = [create_party(f"unit-{number}").key for number in range(5)]
    sent = [Client().post(f"/en/reports/new/parties/{key}", TEXT) for key in keys]
    assert [answer.status_code for answer in sent] == [302, 302, 302, 422, 422]
    assert "from your address" in sent[-1].content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(f"/en/reports/new/parties/{keys[3]}", TEXT).status_code == 302
    known = Client()
    known.force_login(create_person("ada"))
    assert known.post(f"/en/reports/new/parties/{keys[4]}", TEXT).status_code == 302
