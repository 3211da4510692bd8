"""A page that is refused says what its reader can do about it."""

import pytest
from django.test import Client

from maillage.register.models import Organisation
from maillage.web.middleware import MANDATE_SESSION_KEY
from tests.web.clients import client_for, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CLOSED = "/en/facts/"


def test_a_reader_is_led_to_sign_in_and_back() -> None:
    refused = Client().get(CLOSED)
    assert refused.status_code == 403
    assert f"?next={CLOSED}" in page_text(refused)


def test_who_uses_no_mandate_is_led_to_those_they_hold() -> None:
    Organisation.objects.create(key="lab", name_fr="Le laboratoire", kind="other")
    client = client_for("lab")
    assert client.get(CLOSED).status_code == 200
    session = client.session
    del session[MANDATE_SESSION_KEY]
    session.save()
    refused = client.get(CLOSED)
    assert refused.status_code == 403
    assert "Use one of your mandates" in page_text(refused)
    assert "?next=" not in page_text(refused)
