"""The page that answers a need: who asks may be said, in whatever characters."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

NEED = "A phase I trial in acute leukaemia, with samples at relapse."


@pytest.mark.parametrize("address", ["/en/answer", "/en/needs/new", "/en/needs/matches"])
@pytest.mark.parametrize("field", ["organisation", "country", "place", "sector"])
def test_who_asks_may_hold_a_character_that_is_no_text(client: Client, address: str, field: str) -> None:
    form = {"need": NEED, "text": NEED, "do": "begin", "organisation": "A company", field: "Ly\0on"}
    assert client.post(address, form).status_code in (200, 422)


def test_what_surrounds_who_asks_is_left_out(client: Client) -> None:
    page = client.post("/en/answer", {"need": NEED, "place": " Ly\0on "}).content.decode()
    assert 'value="Lyon"' in page
