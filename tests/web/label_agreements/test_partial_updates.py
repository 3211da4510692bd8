"""The form of an entity leaves what is not posted as it was."""

import datetime as dt

import pytest
from django.test import Client

from maillage.label_agreements.models import PerimeterEntity
from tests.calls.sample_call import publish_sample_call
from tests.label_agreements.sample_agreements import open_agreements, write_sample_entity
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(db) -> tuple[PerimeterEntity, Client]:
    """An entity of a perimeter, and the institute that may change it."""
    wave = publish_sample_call()
    (agreement,) = open_agreements(wave, wave.institute)
    entity = write_sample_entity(wave, agreement, "60", since="2027-01-01", until="2027-12-31")
    return entity, client_of(wave.acting(wave.institute))


def test_perimeter_page_keeps_the_fields_that_are_not_posted(opened):
    entity, client = opened
    version = entity.version
    address = f"/en/conventions/{version.agreement_id}/{version.number}/perimeter"
    sent = client.post(address, {"organisation": "unit", "share": "50", "base": str(entity.edition)})
    assert sent.status_code == 302, sent.content
    before = (entity.host, entity.since, entity.until)
    entity.refresh_from_db()
    assert entity.share == 50
    assert (entity.host, entity.since, entity.until) == before
    client.post(address, {"organisation": "unit", "until": "", "base": str(entity.edition)})
    entity.refresh_from_db()
    assert (entity.share, entity.since, entity.until) == (50, dt.date(2027, 1, 1), None)


def test_perimeter_page_takes_no_entity_without_its_organisation(opened):
    entity, client = opened
    address = f"/en/conventions/{entity.version.agreement_id}/{entity.version.number}/perimeter"
    assert client.post(address, {"share": "50", "base": str(entity.edition)}).status_code == 422
    entity.refresh_from_db()
    assert entity.share == 60
