"""An officer shuts accounts, opens them again, names officers, and helps who lost a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from maillage.api.actions.tokens import create_token
from maillage.core.action_registry import ActionError
from maillage.people.actions.accounts import reset_second_factor, say_who_is_officer, shut_account
from maillage.people.models import User
from maillage.people.queries import actor_of
from tests.people.sample_mandates import create_mandate, create_organisation, create_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return User.objects.create(email="officer@example.org", name="O", is_officer=True)


@pytest.fixture
def officer(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


def bearer(user: User, mandate_id: int | None = None) -> dict[str, str]:
    actor = actor_of(user, timezone.now(), mandate_id)
    given = {"name": "Reports", "scopes": ["read", "write"], "days": 9, "mandate_id": mandate_id}
    return {"Authorization": "Bearer " + create_token(actor=actor, at=timezone.now(), **given)[1]}


def test_a_shut_account_opens_nothing(officer: Client):
    ada = create_person("ada")
    held, own = create_mandate(ada, create_organisation("own")), Client()
    own.force_login(ada)
    token = bearer(ada)
    page = officer.get("/en/account/people?who=ada").content.decode()
    assert "ada@example.org" in page
    officer.post(f"/en/account/people/{ada.pk}/shut", {"reason": "She left."})
    held.refresh_from_db()
    assert held.last_day == timezone.localdate()
    assert "Sign in" in own.get("/en/account", follow=True).content.decode()
    assert Client().get("/api/v1/organisations", headers=token).status_code == 401
    officer.post(f"/en/account/people/{ada.pk}/reopen", {"reason": "She is back."})
    assert Client().get("/api/v1/organisations", headers=token).status_code == 200


def test_officers_are_named_and_the_last_one_stays(officer: Client, chief: User):
    ada = create_person("ada")
    assert "Give a reason" in officer.post(f"/en/account/people/{ada.pk}/officer", {}, follow=True).content.decode()
    officer.post(f"/en/account/people/{ada.pk}/officer", {"reason": "She takes over."})
    ada.refresh_from_db()
    assert ada.is_officer
    actor = actor_of(ada, timezone.now())
    say_who_is_officer(actor=actor, at=timezone.now(), person_id=chief.pk, is_officer=False, reason="He left.")
    for act, more in ((say_who_is_officer, {"is_officer": False}), (shut_account, {})):
        with pytest.raises(ActionError, match="last officer"):
            act(actor=actor, at=timezone.now(), person_id=ada.pk, reason="Both.", **more)


def test_a_lost_second_factor_is_taken_away_by_another(officer: Client, chief: User):
    ada = create_person("ada")
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    officer.post(f"/en/account/people/{ada.pk}/factor", {"reason": "The telephone is lost; seen in person."})
    assert not Authenticator.objects.filter(user=ada).exists()
    with pytest.raises(ActionError):
        reset_second_factor(actor=actor_of(chief, timezone.now()), at=timezone.now(), person_id=chief.pk, reason="Me.")


def test_nobody_else_sees_the_accounts(client: Client):
    client.force_login(create_person("eve"))
    assert client.get("/en/account/people").status_code == 403
    assert client.post("/en/account/people/1/shut", {"reason": "x"}).status_code == 403


def test_a_token_for_a_mandate_opens_what_the_mandate_opens_even_of_an_officer(chief: User):
    held, other = create_mandate(chief, create_organisation("own"), role="requester"), create_organisation("other")
    edit = {"organisation_id": other.pk, "changes": {"city": "Lyon"}, "reason": "r"}
    sent = {"content_type": "application/json"}
    address = "/api/v1/actions/register.describe_organisation"
    assert Client().post(address, edit, headers=bearer(chief, held.pk), **sent).status_code == 403
    assert Client().post(address, edit, headers=bearer(chief), **sent).status_code == 200


def test_where_a_second_factor_is_required_no_way_goes_around_it(officer: Client, chief: User, settings):
    token = bearer(chief)
    settings.SECOND_FACTOR = "required"
    new = {"name": "N", "email": "new@example.org", "language": "fr", "is_officer": "on"}
    for address in ("/fr/account/new", "/fr/account/people", "/fr/account/programs", "/fr/account/data.json"):
        assert officer.post(address, new).status_code in (302, 403), address
    assert not User.objects.filter(email="new@example.org").exists()
    own = create_organisation("own")
    edit = {"organisation_id": own.pk, "changes": {"city": "Lyon"}, "reason": "r"}
    answer = Client().post(
        "/api/v1/actions/register.describe_organisation", edit, headers=token, content_type="application/json"
    )
    assert answer.status_code == 403


def test_a_new_password_ends_what_tokens_open(client: Client):
    ada = create_person("ada")
    token = bearer(ada)
    client.force_login(ada)
    words = {
        "oldpassword": "a sentence to remember",
        "password1": "another one to keep",
        "password2": "another one to keep",
    }
    assert client.post("/en/account/password", words).status_code == 302
    assert Client().get("/api/v1/organisations", headers=token).status_code == 401
