"""Chapter 3: a manager of the institute is invited, signs in with a second factor, and hands the mandate over."""

import datetime as dt
import re
import time
from email import message_from_bytes, policy
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.conftest import DATA
from tests.serving import Site

PASSWORD = "trente-neuf instituts et une agence"
MANAGER, COLLEAGUE = "gestionnaire@example.org", "collegue@example.org"


def invitation(email: str) -> str:
    """The link in the mail that the worker writes for an address."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if found := _written(email):
            return found
        time.sleep(0.2)
    raise AssertionError(f"no invitation for {email}")


def _written(email: str) -> str:
    Path(DATA, "mail").mkdir(exist_ok=True)
    for file in sorted(Path(DATA, "mail").iterdir(), reverse=True):
        for written in file.read_bytes().split(b"-" * 79):
            mail = message_from_bytes(written.lstrip(), policy=policy.default)
            body = mail.get_body(("plain",))
            found = re.search(
                r"http://\S+/invitation/\S+", body.get_content() if body and email in str(mail["To"]) else ""
            )
            if found:
                return found[0]
    return ""


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/fr/sign-in")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.go").click()


def invite(page: Page, email: str, name: str, role: str) -> None:
    page.goto("/fr/mandates/of/opale")
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill(email)
    page.locator("#id_role").select_option(role)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.locator(".messages")).to_contain_text(email)


def accept(page: Page, email: str) -> None:
    page.goto(invitation(email))
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".acting")).to_contain_text("OPALE")


def set_up_second_factor(page: Page) -> str:
    """With an authenticator app; one of the recovery codes."""
    page.goto("/fr/account/second-factor/app")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button.go").click()
    secret = page.locator("#secret").inner_text()
    page.locator("main input[name=code]").fill(code(secret))
    page.locator("main form button.go").click()
    expect(page.locator(".codes li")).to_have_count(10)
    return page.locator(".codes li").first.inner_text()


def test_a_manager_is_invited_and_hands_the_mandate_over(browser: Browser, page: Page, site: Site) -> None:
    # The officer of the site invites the manager of the institute.
    sign_in(page, site.email, site.password)
    invite(page, MANAGER, "Une gestionnaire", "manager")

    manager = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    accept(manager, MANAGER)
    expect(manager.locator(".acting")).to_contain_text("gestionnaire")

    # She sets up a second factor, and is asked for it from then on.
    recovery = set_up_second_factor(manager)
    manager.locator("footer form button").click()
    sign_in(manager, MANAGER, PASSWORD)
    expect(manager.locator("h1")).to_have_text("Encore une étape")
    manager.locator("main input[name=code]").fill(recovery)
    manager.locator("main form button.go").click()

    # She acts for the institute, edits its record, and is refused the neighbour's.
    manager.goto("/fr/mandates/")
    manager.get_by_role("button", name=re.compile("^Exercer")).first.click()
    expect(manager.locator(".acting")).to_contain_text("OPALE")
    manager.goto("/fr/organisations/opale/describe")
    manager.locator("#id_note_fr").fill("Institut Carnot dédié aux leucémies.")
    manager.locator("#id_reason").fill("Une note que chacun comprend.")
    manager.get_by_role("button", name="Modifier la fiche").click()
    expect(manager.locator("main")).to_contain_text("Institut Carnot dédié aux leucémies.")
    refused = manager.goto("/fr/organisations/carnot-curie/describe")
    assert refused is not None
    assert refused.status == 403

    # A colleague joins the institute, and stands in for her during two weeks.
    invite(manager, COLLEAGUE, "Un collègue", "lead")
    colleague = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    accept(colleague, COLLEAGUE)
    manager.goto("/fr/mandates/")
    today = dt.datetime.now(dt.UTC).date()
    manager.locator("#id_email").fill(COLLEAGUE)
    manager.locator("#id_first_day").fill((today + dt.timedelta(days=1)).isoformat())
    manager.locator("#id_last_day").fill((today + dt.timedelta(days=14)).isoformat())
    manager.get_by_role("button", name="Confier").click()
    expect(manager.locator("main")).to_contain_text("Qui vous remplace")
    expect(manager.locator("main")).to_contain_text("Un collègue")

    for one in (manager, colleague):
        one.context.close()
