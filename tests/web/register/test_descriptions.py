"""The form of a description leaves what is not posted as it was."""

import pytest

from maillage.register.models import Organisation
from tests.web.clients import client_for


@pytest.fixture
def lab(db) -> Organisation:
    return Organisation.objects.create(
        key="lab", kind="research-unit", name_fr="Lab", city="Lyon", country="FR", website="https://lab.example.org"
    )


def test_description_page_keeps_the_fields_that_are_not_posted(lab):
    client = client_for("lab", "lead")
    sent = client.post("/en/organisations/lab/describe", {"city": "Paris", "reason": "It moved."})
    assert sent.status_code == 302, sent.content
    lab.refresh_from_db()
    assert (lab.city, lab.country, lab.website) == ("Paris", "FR", "https://lab.example.org")
