"""Signing in with a real browser, real mails and a real provider: each step as a person goes it."""

import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import oidc_provider_mock
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site, free_port, fresh_database, running_site, user_environment
from tests.story.person_pages import totp_code

PASSWORD = "un tramway nommé carnot"
KNOWN = oidc_provider_mock.User(
    sub="a", claims={"email": "manager@example.org", "email_verified": True, "name": "A manager"}
)
STRANGER = oidc_provider_mock.User(sub="b", claims={"email": "stranger@example.org", "email_verified": True})
UNVERIFIED = oidc_provider_mock.User(sub="c", claims={"email": "manager@example.org", "email_verified": False})


class Letterbox:
    """Keeps what the SMTP server is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[attr-defined]
        return "250 OK"

    def last(self, to: str) -> EmailMessage:
        """The last mail to an address, awaited: the server thread may be a moment behind the page."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if found := [mail for mail in self.mails if to in str(mail["To"])]:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no mail to {to} among {[str(mail['To']) for mail in self.mails]}")


def words(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture(scope="module")
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture(scope="module")
def site(letterbox: Letterbox) -> Iterator[Site]:
    """An empty site of its own, which sends its mails to a server and knows a provider."""
    port = free_port()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="maillage-sign-in-")))
        post = Controller(letterbox, hostname="127.0.0.1", port=port)
        post.start()
        ending.callback(post.stop)
        provider = ending.enter_context(
            oidc_provider_mock.run_server_in_thread(user_claims=[KNOWN, STRANGER, UNVERIFIED])
        )
        variables = {
            "MAILLAGE_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "MAILLAGE_OIDC_URL": f"http://localhost:{provider.server_port}",
            "MAILLAGE_OIDC_CLIENT": "maillage",
            "MAILLAGE_OIDC_SECRET": "secret",
            "MAILLAGE_OIDC_NAME": "Fédération",
            # Authlib speaks plain HTTP on the loopback only when told so.
            "AUTHLIB_INSECURE_TRANSPORT": "1",
        }
        if own := user_environment().get("DATABASE_URL"):
            variables["DATABASE_URL"] = ending.enter_context(fresh_database(own))
        yield ending.enter_context(running_site(folder, "--empty", **variables))


def sign_in(page: Page, email: str, password: str, language: str = "fr") -> None:
    page.goto(f"/{language}/sign-in")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.go").click()


@pytest.fixture
def another(browser: Browser, site: Site) -> Iterator[Page]:
    """A second visitor, who reads English."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def manager(browser: Browser, site: Site, letterbox: Letterbox) -> str:
    """A person whose account the first officer opened, who chose a password by the link of the mail."""
    context = browser.new_context(base_url=site.url, locale="fr-FR")
    page = context.new_page()
    sign_in(page, site.email, site.password)
    expect(page.locator(".messages")).to_contain_text("second facteur")
    page.goto("/fr/account/new")
    page.locator("#id_name").fill("A manager")
    page.locator("#id_email").fill("manager@example.org")
    page.locator("#id_language").select_option("en")
    page.locator("main form button.go").click()
    expect(page.locator(".messages")).to_contain_text("mot de passe")
    context.close()
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    choose_password(page, letterbox)
    context.close()
    return "manager@example.org"


def choose_password(page: Page, letterbox: Letterbox) -> None:
    mail = letterbox.last("manager@example.org")
    assert mail["Subject"] == "Choose a password"
    assert "Dear A manager" in words(mail)
    link = re.findall(r"http://\S+", words(mail))[0]
    assert "/en/account/password/reset/" in link
    assert link in words(mail, "html")
    page.goto(link)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form button.go").click()
    expect(page.locator("h1")).to_have_text("Your password is changed")
    page.goto(link)
    expect(page.locator("main")).to_contain_text("no longer good")


def test_a_password_is_forgotten_and_another_chosen(page: Page, manager: str, letterbox: Letterbox) -> None:
    page.goto("/fr/sign-in")
    page.get_by_role("link", name="oublié").click()
    page.locator("main input[type=email]").fill(manager)
    letterbox.mails.clear()
    page.locator("main form button.go").click()
    choose_password(page, letterbox)
    sign_in(page, manager, PASSWORD, "en")
    expect(page.get_by_role("link", name="My account")).to_be_visible()


def test_a_code_by_mail_opens_the_site(page: Page, manager: str, letterbox: Letterbox) -> None:
    page.goto("/fr/sign-in")
    page.get_by_role("link", name="code par courriel").click()
    page.locator("main input[type=email]").fill(manager)
    letterbox.mails.clear()
    page.locator("main form button.go").click()
    mail = words(letterbox.last(manager))
    [code] = re.findall(r"^[A-Z0-9-]{4,12}\s*$", mail, re.MULTILINE)
    page.locator("main input[name=code]").fill(code.strip())
    page.locator("main form button.go").click()
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()


def test_nobody_is_told_who_has_an_account(page: Page, site: Site, letterbox: Letterbox) -> None:
    letterbox.mails.clear()
    page.goto("/en/account/password/reset")
    page.locator("main input[type=email]").fill("nobody@example.org")
    page.locator("main form button.go").click()
    expect(page.locator("h1")).to_have_text("Look into your mail")
    assert letterbox.mails == []


def test_password_then_second_factor_then_a_recovery_code(page: Page, another: Page, site: Site) -> None:
    sign_in(page, site.email, site.password)
    page.get_by_role("link", name="Le configurer").click()
    page.get_by_role("link", name="Configurer une application").click()
    expect(page.locator("h1")).to_have_text("Confirmez que c’est bien vous")
    page.locator("input[type=password]").fill(site.password)
    page.locator("main form button.go").click()
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.naturalWidth") > 50
    secret = page.locator("#secret").inner_text()
    page.locator("main input[name=code]").fill(totp_code(secret))
    page.locator("main form button.go").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    assert serious_violations(page) == []

    sign_in(another, site.email, site.password, "en")
    expect(another.locator("h1")).to_have_text("One step more")
    another.locator("main input[name=code]").fill("000000")
    another.locator("main form button.go").click()
    expect(another.locator(".errorlist")).to_contain_text("not right")
    another.locator("main input[name=code]").fill(recovery)
    another.locator("main form button.go").click()
    expect(another.get_by_role("link", name="My account")).to_be_visible()

    page.goto("/fr/account/sessions")
    rows = page.locator("tbody tr").count()
    assert rows >= 2
    page.get_by_role("button", name="Fermer toutes les autres").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    another.goto("/en/account")
    expect(another).to_have_url(re.compile("/en/sign-in"))
    page.goto("/fr/account/second-factor/app/remove")
    page.locator("main form button.go").click()
    expect(page.get_by_role("link", name="Configurer une application")).to_be_visible()


def test_the_provider_lets_in_whom_the_site_knows(page: Page, manager: str, site: Site) -> None:
    by_provider(page, "a")
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()
    page.goto("/fr/account")
    expect(page.locator("main")).to_contain_text(manager)
    page.locator("footer form button").click()
    sign_in(page, manager, PASSWORD)
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()


@pytest.mark.parametrize("sub", ["b", "c"])
def test_the_provider_creates_nobody(page: Page, manager: str, sub: str) -> None:
    by_provider(page, sub)
    expect(page.locator("h1")).to_have_text("Pas encore de compte")
    page.goto("/fr/account")
    expect(page).to_have_url(re.compile("/fr/sign-in"))


def by_provider(page: Page, sub: str) -> None:
    page.goto("/fr/sign-in")
    page.get_by_role("link", name="Fédération").click()
    page.locator(f"button[name=sub][value={sub}]").click()


def test_a_passkey_signs_in_alone(browser: Browser, manager: str, site: Site) -> None:
    # Browsers tie a passkey to a name; an address in figures is none.
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"), locale="en-GB")
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = device | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, manager, PASSWORD, "en")
    page.goto("/en/account/passkeys/new")
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button.go").click()
    page.locator("main input[name=name]").fill("Telephone")
    page.locator("main input[name=passwordless]").check()
    page.locator("#passkey_add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/en/account/passkeys")
    expect(page.locator("main")).to_contain_text("Telephone")
    page.locator("footer form button").click()
    page.goto("/en/sign-in")
    page.locator("#passkey_login").click()
    expect(page.get_by_role("link", name="My account")).to_be_visible()
    assert errors == []
    page.goto("/en/account/passkeys")
    page.get_by_role("link", name="Remove").click()
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    page.get_by_role("link", name="security key").click()
    page.locator("#passkey_use").click()
    expect(page.locator("h1")).to_have_text("Remove a passkey")
    page.locator("main form button.go").click()
    expect(page.locator("main")).to_contain_text("None yet")
    context.close()


def test_what_the_site_knows_of_one_comes_as_a_file(page: Page, manager: str) -> None:
    sign_in(page, manager, PASSWORD)
    page.goto("/fr/account")
    held = json.loads(page.request.get("/fr/account/data.json").text())
    assert held["person"]["email"] == manager
    assert held["sessions"]


@pytest.mark.parametrize(
    "path",
    ["sign-in", "sign-in/code", "sign-up", "account/password/reset", "account/password/reset/1-x"],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_before_signing_in_are_ours(page: Page, path: str, language: str) -> None:
    page.goto(f"/{language}/{path}")
    expect(page.locator("header.bar")).to_be_visible()
    assert serious_violations(page) == []


@pytest.mark.parametrize(
    "path",
    ["", "/new", "/mail", "/password", "/second-factor", "/passkeys", "/sessions", "/erase"],
)
def test_pages_of_the_account_are_ours(page: Page, site: Site, path: str) -> None:
    sign_in(page, site.email, site.password)
    page.goto(f"/fr/account{path}")
    expect(page.locator("header.bar")).to_be_visible()
    assert serious_violations(page) == []


def test_guessing_is_made_to_wait(page: Page, manager: str) -> None:
    """The last: the address waits from here on."""
    for _ in range(5):
        sign_in(page, manager, "not it")
        expect(page.locator(".errorlist")).to_contain_text("pas le bon")
    sign_in(page, manager, PASSWORD)
    expect(page.locator(".errorlist")).to_contain_text("quart d’heure")
