"""A program that asks too much waits; the others do not."""

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.api.throttling import Throttle
from tests.settings import API_PER_MINUTE

LIST = "/api/v1/startups"


@given(st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=200), st.integers(1, 30))
def test_never_more_than_the_rate_beyond_one_minute_saved(pauses, rate):
    throttle, now, taken = Throttle(rate), 0.0, 0
    for pause in pauses:
        now += pause
        taken += throttle.wait("one", now) == 0
    assert taken <= rate + now * rate / 60 + 1e-6


def test_who_waits_as_told_is_served():
    throttle = Throttle(6)
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
    assert client.get(LIST, headers={"Authorization": "Bearer other"}).status_code == 401
    assert client.get("/en/startups/").status_code == 200
