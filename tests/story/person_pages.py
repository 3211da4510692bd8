"""The persons of the story at their browsers: invited by mail, signed in with a second factor, acting for a body."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.conftest import DATA
from tests.site_process import Site

PASSWORD = "trente-neuf instituts et une agence"
MANAGER = "gestionnaire@example.org"
# What is left of each person's recovery codes: the story goes from one file to the next.
_codes: dict[str, list[str]] = {}


def wait_for_mail(email: str, pattern: str) -> str:
    """What in a mail to an address, its subject first, has this form: as soon as the worker has written it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for mail in list_mails(email):
            if found := re.search(pattern, _plain(mail)):
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email} says {pattern}")


def list_mails(email: str) -> list[EmailMessage]:
    """The mails to an address, the last one first."""
    Path(DATA, "mail").mkdir(exist_ok=True)
    files = sorted(Path(DATA, "mail").iterdir(), reverse=True)
    written = (part.lstrip() for file in files for part in reversed(file.read_bytes().split(b"-" * 79)))
    mails = (message_from_bytes(part, policy=policy.default) for part in written if part)
    return [mail for mail in mails if email in str(mail["To"])]


def _plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def invitation(email: str) -> str:
    """The link in the mail that invites somebody."""
    return wait_for_mail(email, r"http://\S+/invitation/\S+")


def sign_in(page: Page, email: str, password: str) -> None:
    """Give a mail address and a password."""
    page.goto("/fr/sign-in")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.go").click()


def invite(page: Page, body: str, email: str, name: str, role: str) -> None:
    """Invite somebody to act for a body."""
    page.goto(f"/fr/mandates/of/{body}")
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill(email)
    page.locator("#id_role").select_option(role)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.locator(".messages")).to_contain_text(email)


def accept(page: Page, email: str) -> None:
    """Follow the link of the mail and choose a password."""
    page.goto(invitation(email))
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".acting")).to_be_visible()


def set_up_second_factor(page: Page, email: str) -> None:
    """With an authenticator app; the recovery codes are kept."""
    page.goto("/fr/account/second-factor/app")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button.go").click()
    secret = page.locator("#secret").inner_text()
    page.locator("main input[name=code]").fill(totp_code(secret))
    page.locator("main form button.go").click()
    expect(page.locator(".codes li")).to_have_count(10)
    _codes[email] = page.locator(".codes li").all_inner_texts()


def totp_code(secret: str) -> str:
    """The code of this half minute, or of the next one where this one is about to end."""
    left = 30 - time.time() % 30
    if left < 8:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def enter_recovery_code(page: Page, email: str) -> None:
    """One of the recovery codes, when the site asks for it."""
    expect(page.locator("h1")).to_have_text("Encore une étape")
    page.locator("main input[name=code]").fill(_codes[email].pop())
    page.locator("main form button.go").click()


def signed_in_page(browser: Browser, site: Site, email: str, body: str, role: str) -> Page:
    """Somebody signed in and acting for a body; invited first where no chapter before did."""
    page = browser.new_context(base_url=site.url, locale="fr-FR", timezone_id="Europe/Paris").new_page()
    if email in _codes:
        sign_in(page, email, PASSWORD)
        enter_recovery_code(page, email)
    else:
        officer = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
        sign_in(officer, site.email, site.password)
        invite(officer, body, email, f"Une personne simulée ({role})", role)
        officer.context.close()
        accept(page, email)
        set_up_second_factor(page, email)
    use_first_mandate(page)
    return page


def use_first_mandate(page: Page) -> None:
    """Use the first mandate, unless one is in use."""
    page.goto("/fr/mandates/")
    use = page.get_by_role("button", name=re.compile("^Exercer"))
    if use.count():
        use.first.click()
    expect(page.locator(".acting")).to_be_visible()


def propose_correction(page: Page, reader: str, website: str) -> None:
    """A reader without an account corrects the website of the patients' committee, and confirms it by mail."""
    page.goto("/fr/organisations/comite-patients")
    page.get_by_role("link", name="Proposer une modification").click()
    page.get_by_label("Site web").fill(website)
    expect(page.locator("#will-change")).to_contain_text(website)
    page.get_by_label("Qu’est-ce qui est faux").fill("Le comité a désormais sa propre page.")
    page.get_by_label("Votre adresse électronique").fill(reader)
    page.get_by_role("button", name="Envoyer la proposition").click()
    expect(page.locator("main")).to_contain_text("Ouvrez le courriel")
    page.goto(wait_for_mail(reader, r"http://\S+/proposals/confirm/\S+"))
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.locator("main")).to_contain_text("attend une réponse")
