"""A program that asks too much waits; the others do not."""

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.api.openapi_schema import openapi_json
from maillage.api.rate_limits import ClientKeys, RateLimiter
from tests.settings import API_PER_MINUTE

# The whole API is built for them, which takes seconds.
pytestmark = pytest.mark.programs

LIST = "/api/v1/startups"


@given(st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=200), st.integers(1, 30))
def test_never_more_than_the_rate_beyond_one_minute_saved(pauses, rate):
    throttle, now, taken = RateLimiter(rate), 0.0, 0
    for pause in pauses:
        now += pause
        taken += throttle.wait("one", now) == 0
    assert taken <= rate + now * rate / 60 + 1e-6


def test_who_waits_as_told_is_served():
    throttle = RateLimiter(6)
    assert [throttle.wait("one", 0.0) for _time in range(7)] == [0] * 6 + [10]
    assert throttle.wait("two", 0.0) == 0
    assert throttle.wait("one", 10.0) == 0


def test_a_client_that_asks_too_much_is_told_to_wait(db, settings):
    assert API_PER_MINUTE == 0, "tests ask much"
    settings.API_PER_MINUTE = 2
    client = Client()
    answers = [client.get(LIST, headers={"Accept-Language": "en"}) for _time in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "30"
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert client.get("/en/startups/").status_code == 200


def test_another_token_each_time_gains_nothing(db, settings):
    settings.API_PER_MINUTE = 2
    client = Client()
    for address in (LIST, "/api/v1/openapi.json"):
        codes = [client.get(address, headers={"Authorization": f"Bearer {n}"}).status_code for n in range(3)]
        assert codes[2] == 429


def test_a_token_that_proved_good_shares_with_nobody_until_it_is_revoked(person, with_token, settings):
    settings.API_PER_MINUTE = 3
    program = with_token(person, "read")
    others = Client()
    others.handler = program.handler
    assert [program.get(LIST).status_code for _time in range(3)] == [200] * 3
    assert [others.get(LIST).status_code for _time in range(3)] == [200, 200, 429]
    assert [program.get(LIST).status_code for _time in range(2)] == [200, 429]


def test_a_token_that_is_revoked_is_counted_with_its_address(rf):
    clients = ClientKeys()
    request = rf.get(LIST, headers={"Authorization": "Bearer one"})
    address = clients.of(request)
    request.token_id = 1
    clients.learn(request, HttpResponse())
    assert clients.of(request) != address
    del request.token_id
    clients.learn(request, HttpResponse())
    assert clients.of(request) != address
    clients.learn(request, HttpResponse(status=401))
    assert clients.of(request) == address


def test_the_description_is_made_once_in_each_language(db, client: Client):
    openapi_json.cache_clear()
    for _time in range(2):
        french, english = (
            client.get("/api/v1/openapi.json", headers={"Accept-Language": language}) for language in ("fr", "en")
        )
        assert french.json()["paths"]["/api/v1/organisations"]["get"]["summary"] == "Organisations"
        assert english.json()["paths"]["/api/v1/organisations"]["get"]["summary"] == "Organisations"
        for language in ("fr", "en"):
            assert client.get(f"/{language}/api/").status_code == 200
    assert openapi_json.cache_info().misses == 2
