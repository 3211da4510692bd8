"""The search box, with and without script."""

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("example", "own_search_index")


@pytest.mark.parametrize("words", ["thema", "THÉMA", "saint louis", "hopital"])
def test_the_box_finds_with_and_without_script(client: Client, words):
    page = client.get("/fr/find", {"q": words, "on": "2021-01-01"}).content.decode()
    below = client.get("/fr/find", {"q": words, "on": "2021-01-01"}, headers={"hx-request": "true"}).content.decode()
    assert "<h1>" in page
    assert "<h1>" not in below
    for answer in (page, below):
        assert 'on=2021-01-01"' in answer


@pytest.mark.parametrize("words", ["", "   ", "\0", "x" * 5000, "\u200fשלום", "%%%", "'; DROP TABLE"])
def test_odd_words_do_no_harm(client: Client, words):
    assert client.get("/fr/find", {"q": words}).status_code == 200
