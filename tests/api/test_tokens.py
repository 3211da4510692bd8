"""Tokens: shown once, ended by time, by hand or with the mandate; a stolen one opens no more than it says."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from maillage.api.actions.tokens import create_token, record_token_use, revoke_token
from maillage.api.models import ApiToken
from maillage.api.queries import get_token_and_actor, tokens_of
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC
from maillage.people.models import Mandate
from maillage.people.queries import actor_of
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

LIST = "/api/v1/organisations"
SETTLE = "/api/v1/actions/core.settle_contradiction"


def make(user, **changes: object) -> tuple[ApiToken, str]:
    at = timezone.now()
    return create_token(actor=actor_of(user, at), at=at, **({"name": "n", "scopes": ["read"], "days": 1} | changes))


def test_the_secret_is_not_kept(person):
    token, secret = make(person)
    kept = ApiToken.objects.filter(pk=token.pk).values_list().get()
    assert secret not in map(str, kept)
    at = timezone.now()
    assert get_token_and_actor(secret, at) == (token, actor_of(person, at))
    assert tokens_of(actor_of(person, timezone.now())) == [token]


@pytest.mark.parametrize("change", [{"days": 0}, {"days": 400}, {"scopes": []}, {"scopes": ["all"]}, {"name": " "}])
def test_odd_tokens_are_refused(person, change):
    with pytest.raises(ActionError):
        make(person, **change)


def test_nobody_makes_a_token_for_the_public(db):
    with pytest.raises(ActionForbiddenError):
        create_token(actor=PUBLIC, at=timezone.now(), name="n", scopes=["read"], days=1)


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic abc", "Bearer mlg_\u00e9"])
def test_a_wrong_token_opens_not_even_what_is_public(db, header):
    response = Client(headers={"Authorization": header}).get(LIST)
    assert response.status_code == 401
    assert "invalid_token" in response["WWW-Authenticate"]


def test_an_expired_a_revoked_and_an_inactive_persons_token_open_nothing(person, with_token):
    client = with_token(person, "read")
    token = ApiToken.objects.get()
    assert client.get(LIST).status_code == 200
    ApiToken.objects.update(created_at=token.created_at - dt.timedelta(days=60), expires_at=timezone.now())
    assert client.get(LIST).status_code == 401
    ApiToken.objects.update(expires_at=token.expires_at)
    assert client.get(LIST).status_code == 200
    revoke_token(actor=actor_of(person, timezone.now()), at=timezone.now(), token_id=token.pk)
    assert client.get(LIST).status_code == 401
    ApiToken.objects.update(revoked_at=None)
    person.is_active = False
    person.save()
    assert client.get(LIST).status_code == 401


def test_a_token_ends_with_its_mandate(person, with_token):
    today = timezone.localdate()
    body = Organisation.objects.create(key="body", kind="other", name_en="Body")
    mandate = Mandate.objects.create(person=person, organisation=body, role="lead", first_day=today)
    client = with_token(person, "read", mandate_id=mandate.pk)
    assert client.get(LIST).status_code == 200
    Mandate.objects.update(first_day=today - dt.timedelta(days=9), last_day=today - dt.timedelta(days=1))
    assert client.get(LIST).status_code == 401


def test_who_asks_and_what_the_mandate_opens_is_one_query(example, person, django_assert_num_queries):
    opale = Organisation.objects.get(key="opale")
    mandate = Mandate.objects.create(person=person, organisation=opale, role="manager", first_day="2020-01-01")
    token, secret = make(person, mandate_id=mandate.pk)
    at = timezone.now()
    with django_assert_num_queries(1):
        found = get_token_and_actor(secret, at)
    assert found == (token, actor_of(person, at, mandate.pk))
    assert found[1].network > {opale.pk}


def test_the_mandate_of_another_is_not_taken(person, officer):
    body = Organisation.objects.create(key="body", kind="other", name_en="Body")
    mandate = Mandate.objects.create(person=officer, organisation=body, role="lead", first_day=timezone.localdate())
    with pytest.raises(ActionForbiddenError):
        make(person, mandate_id=mandate.pk)


def test_a_scope_opens_no_other(officer, with_token):
    assert with_token(officer, "read").post(SETTLE, {}, "application/json").status_code == 403
    assert with_token(officer, "write").get(LIST).status_code == 403
    assert Client().post(SETTLE, {}, "application/json").status_code == 401


def test_only_ones_own_token_is_revoked(person, officer, with_token):
    token, _secret = make(officer)
    client = with_token(person, "write")
    answer = client.post("/api/v1/actions/api.revoke_token", {"token_id": token.pk}, "application/json")
    assert answer.status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_token_makes_no_token(officer, with_token):
    body = {"name": "n", "scopes": ["write"], "days": 300}
    answer = with_token(officer, "write").post("/api/v1/actions/api.create_token", body, "application/json")
    assert answer.status_code == 404


def test_the_last_use_is_written_once_an_hour(person):
    token, _secret = make(person)
    at = timezone.now()
    for minutes, written in ((0, 0), (59, 0), (60, 60)):
        token.refresh_from_db()
        record_token_use(token, at + dt.timedelta(minutes=minutes))
        token.refresh_from_db()
        assert token.used_at == at + dt.timedelta(minutes=written)


def test_reading_the_past_with_a_token(person, with_token):
    client = with_token(person, "read")
    assert client.get(LIST, {"known": timezone.now().isoformat()}).status_code == 200
    assert ApiToken.objects.get().used_at
