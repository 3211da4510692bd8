"""A reader without an account proposes a correction, confirms it by mail, and an officer accepts it."""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site, fresh_database, running_site, user_environment


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="maillage-proposals-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def proposals_site(folder: Path) -> Iterator[Site]:
    """An empty site of its own, which writes its mails to a folder."""
    with ExitStack() as ending:
        variables = {}
        if own := user_environment().get("DATABASE_URL"):
            variables["DATABASE_URL"] = ending.enter_context(fresh_database(own))
        yield ending.enter_context(running_site(folder, "--empty", **variables))


def check_page(page: Page) -> None:
    """Nothing serious for axe, and no sideways scroll, wide and on a phone."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert serious_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def mail_to(folder: Path, address: str, word: str) -> str:
    """The text of a mail to an address whose subject holds a word, awaited: the worker sends it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in sorted((folder / "mail").glob("*")):
            for raw in re.split(rb"^-{79}\n", path.read_bytes(), flags=re.MULTILINE):
                message = message_from_bytes(raw, policy=policy.default)
                body = message.get_body(("plain",))
                if address in str(message["To"]) and word in str(message["Subject"]) and body:
                    return str(body.get_content())
        time.sleep(0.5)
    raise AssertionError(f"no mail to {address} about {word}")


def officer_who_recorded_a_biobank(browser: Browser, site: Site) -> Page:
    officer = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    officer.goto("/en/sign-in")
    officer.locator("input[name=username]").fill(site.email)
    officer.locator("input[name=password]").fill(site.password)
    officer.locator("main form button.go").click()
    officer.goto("/en/facts/organisations/new")
    officer.get_by_label("Name in English").fill("River Biobank")
    officer.get_by_label("Kind").select_option("platform")
    officer.get_by_label("Town").fill("Nantes")
    officer.get_by_role("button", name="Record", exact=True).click()
    return officer


def test_a_reader_without_account_has_a_fact_corrected(browser: Browser, proposals_site: Site, folder: Path) -> None:
    officer = officer_who_recorded_a_biobank(browser, proposals_site)
    reader = browser.new_context(base_url=proposals_site.url, locale="fr-FR").new_page()
    reader.goto("/fr/organisations/river-biobank")
    reader.get_by_role("link", name="Proposer une modification").click()
    reader.get_by_label("Ville").fill("Angers")
    expect(reader.locator("#will-change")).to_contain_text("Angers")
    reader.get_by_label("Qu’est-ce qui est faux").fill("La biobanque a déménagé à Angers en 2024.")
    check_page(reader)
    reader.get_by_label("Votre adresse électronique").fill("reader@example.org")
    reader.get_by_role("button", name="Envoyer la proposition").click()
    expect(reader.locator("main")).to_contain_text("Ouvrez le courriel")
    check_page(reader)
    link = re.search(r"https?://[^/\s]+(/\S+)", mail_to(folder, "reader@example.org", "Confirmez"))
    assert link
    reader.goto(link[1])
    check_page(reader)
    reader.get_by_role("button", name="Confirmer et envoyer").click()
    expect(reader.locator("main")).to_contain_text("attend une réponse")
    followed = reader.url

    officer.get_by_role("link", name="Proposals").click()
    check_page(officer)
    officer.get_by_role("link", name="River Biobank").click()
    check_page(officer)
    officer.get_by_role("link", name="Change it before accepting").click()
    check_page(officer)
    officer.get_by_label("Town").fill("Angers (Maine-et-Loire)")
    officer.get_by_role("button", name="Accept with these changes").click()
    expect(officer.locator(".messages")).to_contain_text("accepted")
    assert "/proposals/follow/" in mail_to(folder, "reader@example.org", "acceptée")
    reader.goto(followed)
    expect(reader.locator("main")).to_contain_text("Angers (Maine-et-Loire)")
    check_page(reader)
