"""The form of one’s own account."""

import pytest
from django.test import Client

from maillage.people.models import User

pytestmark = pytest.mark.django_db


def test_account_page_keeps_the_language_that_is_not_posted(db):
    person = User.objects.create(email="person@example.org", name="A person", language="en", password="unusable")
    client = Client()
    client.force_login(person)
    assert client.post("/en/account", {"name": "Another name"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language) == ("Another name", "en")
