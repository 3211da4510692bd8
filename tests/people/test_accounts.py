"""One's account: what an officer opens, what its person changes, what is left once it is erased."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from pghistory.models import Context

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actors import FORMER_PERSON, OFFICER, PUBLIC, READER, SYSTEM, Actor
from maillage.core.history import tracked_models
from maillage.core.models import Contradiction
from maillage.errors import MaillageError
from maillage.people.actions import accounts, own_account
from maillage.people.models import Invitation, Mandate, User
from maillage.people.oidc_settings import oidc_provider_settings
from maillage.people.roles import Role
from maillage.register.models import Organisation
from maillage.workflow.actions.cases import apply_transition, open_case
from maillage.workflow.models import CaseStep
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.story.person_pages import totp_code

PASSWORD = "a long enough password"


@pytest.fixture
def officer(db) -> User:
    return person("officer@example.org", "An officer", is_officer=True)


def person(email: str, name: str, **more: object) -> User:
    user = User(email=email, name=name, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


def acting(user: User) -> Actor:
    return Actor(user.name, frozenset({READER, OFFICER} if user.is_officer else {READER}), user.pk)


def now() -> dt.datetime:
    return timezone.now()


def test_an_account_is_opened_without_a_password(officer: User):
    words = {"email": "New@Example.org ", "name": "Somebody", "language": "en", "is_officer": False}
    user = accounts.open_account(actor=acting(officer), at=now(), **words)
    assert user.email == "new@example.org"
    assert not user.has_usable_password()
    with pytest.raises(ActionError):
        accounts.open_account(actor=acting(officer), at=now(), **words)
    with pytest.raises(ActionForbiddenError):
        accounts.open_account(actor=acting(user), at=now(), **(words | {"email": "b@example.org"}))


def test_nobody_changes_the_account_of_nobody(db):
    with pytest.raises(ActionForbiddenError):
        own_account.revise_account(actor=PUBLIC, at=now(), name="x", language="fr")
    with pytest.raises(ActionForbiddenError):
        own_account.erase_account(actor=SYSTEM, at=now())


def test_the_last_officer_stays(officer: User):
    with pytest.raises(ActionError):
        own_account.erase_account(actor=acting(officer), at=now())
    officer.refresh_from_db()
    assert officer.is_active


def test_erasing_leaves_what_was_done_by_a_former_person(example, officer: User, client: Client):
    person("other@example.org", "Another", is_officer=True)
    one = Contradiction.objects.filter(settled_side="").first()
    assert one is not None
    settle_contradiction(actor=acting(officer), at=now(), contradiction_id=one.pk, side="a", reason="Read again.")
    today = timezone.localdate()
    mandate = Mandate.objects.create(
        person=officer, organisation=Organisation.objects.all()[0], role=Role.MANAGER, first_day=today
    )
    client.force_login(officer)
    TOTP.activate(officer, "A" * 32)
    own_account.erase_account(actor=acting(officer), at=now())
    officer.refresh_from_db()
    mandate.refresh_from_db()
    assert (officer.name, officer.is_active, officer.is_officer) == (FORMER_PERSON, False, False)
    assert "example.org" not in officer.email
    assert mandate.last_day == today
    assert not Authenticator.objects.filter(user=officer).exists()
    assert not EmailAddress.objects.filter(user=officer).exists()
    page = Client().get(f"/fr/contradictions/{one.pk}").content.decode()
    assert "An officer" not in page
    assert "une personne partie" in page
    assert client.get("/en/account").status_code == 302


def test_secrets_are_not_readable_in_the_database(officer: User):
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=officer)
    assert "JBSWY3DPEHPK3PXP" not in str(stored.data)
    code = totp_code("JBSWY3DPEHPK3PXP")
    assert stored.wrap().validate_code(code)


def test_name_and_language_are_changed_on_the_page(officer: User, client: Client):
    client.force_login(officer)
    assert client.post("/en/account", {"name": "", "language": "en"}).status_code == 422
    assert client.post("/en/account", {"name": "Changed", "language": "en"}).status_code == 302
    officer.refresh_from_db()
    assert (officer.name, officer.language) == ("Changed", "en")


def test_the_session_of_another_is_not_ended(officer: User, client: Client):
    other = person("other@example.org", "Another")
    client.post("/en/sign-in", {"username": officer.email, "password": PASSWORD})
    session = UserSession.objects.get(user=officer)
    with pytest.raises(ActionError):
        own_account.end_session(actor=acting(other), at=now(), session_id=session.pk)
    own_account.end_session(actor=acting(officer), at=now(), session_id=session.pk)
    assert client.get("/en/account").status_code == 302


def test_only_officers_open_accounts(db, client: Client):
    client.force_login(person("one@example.org", "One"))
    assert client.get("/en/account/new").status_code == 403


@pytest.mark.parametrize(("language", "subject"), [("fr", "Choisir un mot de passe"), ("en", "Choose a password")])
def test_mails_are_in_their_readers_language_and_lead_to_the_site(db, client: Client, language: str, subject: str):
    person("one@example.org", "One", language=language)
    other = "en" if language == "fr" else "fr"
    client.post(f"/{other}/account/password/reset", {"email": "one@example.org"})
    [sent] = mail.outbox
    assert sent.subject == subject
    assert f"{settings.SITE_URL}/{language}/account/password/reset/" in sent.body
    assert "<html" in sent.alternatives[0].content


def test_an_officer_without_a_second_factor_goes_no_further_where_it_is_required(officer: User, settings):
    settings.SECOND_FACTOR = "required"
    client = Client()
    client.force_login(officer)
    assert client.get("/en/").headers["Location"] == "/en/account/second-factor"
    assert client.get("/en/account/second-factor").status_code == 200
    TOTP.activate(officer, "A" * 32)
    assert client.get("/en/").status_code == 200


def test_a_provider_named_in_part_is_refused():
    with pytest.raises(MaillageError, match="MAILLAGE_OIDC_SECRET"):
        oidc_provider_settings({"MAILLAGE_OIDC_URL": "https://a", "MAILLAGE_OIDC_CLIENT": "b"})


def test_an_earlier_name_is_forgotten_too(officer: User):
    publish_shipped_definitions(now())
    one = open_case(actor=acting(officer), at=now(), process="correction", title="A wrong town")
    own_account.revise_account(actor=acting(officer), at=now(), name="Another name", language="en")
    officer.refresh_from_db()
    apply_transition(actor=acting(officer), at=now(), case_id=one.pk, transition="accept", reason="Read.")
    person("other@example.org", "Other", is_officer=True)
    own_account.erase_account(actor=acting(officer), at=now())
    events = dict(tracked_models())[CaseStep]
    names = {*one.steps.values_list("actor", flat=True), *events.objects.values_list("actor", flat=True)}
    assert names == {FORMER_PERSON}
    assert {row.metadata["actor"] for row in Context.objects.filter(metadata__action__startswith="core.")} <= {
        FORMER_PERSON,
        SYSTEM.name,
    }


def test_ones_data_are_given_whole_whatever_the_mandate_in_use(db, client: Client):
    one = person("one@example.org", "One")
    for key in ("here", "there"):
        body = Organisation.objects.create(key=key, kind="other", name_fr=key)
        Invitation.objects.create(
            email=one.email, name="One", organisation=body, role="lead", first_day=now().date(), invited_at=now(),
            expires_at=now(),
        )  # fmt: skip
    publish_shipped_definitions(now())
    open_case(actor=acting(one), at=now(), process="correction", record=("register.organisation", body.pk))
    client.force_login(one)
    held = client.get("/en/account/data.json").json()
    assert [row["organisation_key"] for row in held["invitations"]] == ["here", "there"]
    assert [row["title"] for row in held["cases_opened"]] == ["there"]
    assert [row["metadata"]["action"] for row in held["done"]] == ["workflow.open_case"]
    assert held["cut"] == []


def test_pages_about_the_reader_are_of_today(db, client: Client):
    client.force_login(person("one@example.org", "One"))
    for page in ("account", "account/mail", "account/sessions", "mandates/"):
        assert client.get(f"/en/{page}?known=2030-01-01T00:00:00Z").status_code == 200, page


def test_an_address_that_was_never_confirmed_is_shown_as_the_present_one(db, client: Client):
    client.force_login(person("one@example.org", "One"))
    assert "Your address is one@example.org." in client.get("/en/account/mail").content.decode()
