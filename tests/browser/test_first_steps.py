"""An officer makes an empty site the site of another network, from its home page to its first process of its own."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_facts import check_page, pick, record
from tests.site.test_site_settings import png
from tests.site_process import Site, fresh_database, running_site, user_environment


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An empty site of its own."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="maillage-steps-")))
        variables = {}
        if own := user_environment().get("DATABASE_URL"):
            variables["DATABASE_URL"] = ending.enter_context(fresh_database(own))
        yield ending.enter_context(running_site(folder, "--empty", **variables))


@pytest.fixture(scope="module")
def officer(browser: Browser, site: Site) -> Iterator[Page]:
    """The officer of the site, signed in, at the first steps."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    page.goto("/en/sign-in")
    page.locator("input[name=username]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main form button.go").click()
    page.get_by_role("link", name="Take the first steps").first.click()
    yield page
    context.close()


def take(page: Page, step: str) -> None:
    """Open the form of a step that is not done."""
    row = page.locator(".steps > li").filter(has=page.get_by_role("heading", name=step, exact=True))
    expect(row.locator(".part-state")).not_to_contain_text("done")
    row.get_by_role("link").first.click()


def save(page: Page, button: str = "Save") -> None:
    """Save; the first steps follow."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First steps")


def test_an_empty_site_becomes_that_of_another_network(officer: Page) -> None:
    page = officer
    check_page(page)
    take(page, "Name of the network")
    page.get_by_label("Name in French").fill("Réseau Récif")
    page.get_by_label("Name in English").fill("Reef network")
    save(page)
    expect(page.locator(".brand")).to_have_text("Reef network")
    take(page, "Languages")
    page.get_by_label("Languages offered").select_option(label="English, French")
    check_page(page)
    save(page)
    take(page, "Logo")
    page.locator("#file").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": png()})
    save(page, "Show this logo")
    expect(page.locator(".brand img.logo")).to_have_count(1)
    take(page, "Organisations in the register")
    page.get_by_label("Name in English", exact=True).fill("Reef observatory")
    page.get_by_label("Kind").select_option("consortium")
    record(page)
    page.goto("/en/site/first-steps")
    take(page, "Organisations shown")
    pick(page, "Organisation 1", "Reef", "Reef observatory")
    check_page(page)
    save(page)
    take(page, "Members")
    expect(page.get_by_label("Second organisation")).to_have_value(re.compile("Reef observatory"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/en/$"))
    expect(page.get_by_text("Take the first steps")).to_have_count(0)


def test_the_colour_of_links_is_that_of_the_network(officer: Page) -> None:
    page = officer
    page.goto("/en/site/settings/colours")
    page.get_by_label("Colour on light backgrounds").fill("#ffcc00")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errorlist")).to_contain_text("needs 4.5 to 1")
    page.get_by_label("Colour on light backgrounds").fill("#7a1f5c")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".parts a").first).to_have_css("color", "rgb(122, 31, 92)")
    check_page(page)


def test_a_process_is_drawn_while_it_is_written(officer: Page) -> None:
    page = officer
    page.goto("/en/processes/")
    page.get_by_role("link", name="Create a process").click()
    page.get_by_label("Copy of").select_option("correction")
    page.get_by_label("Title in French").fill("Accueil")
    page.get_by_label("Title in English").fill("Welcome")
    page.get_by_label("Name in addresses").fill("welcome")
    page.get_by_role("button", name="Copy it").click()
    text = page.get_by_label("The definition, as YAML")
    written = text.input_value()
    text.fill(written.replace("to: accepted", "to: nowhere", 1))
    text.press("End")
    expect(page.locator("#preview .text-faults")).to_contain_text("to: nowhere")
    text.fill(written.replace("en: Accepted", "en: Expected").replace('en: "Accepted', 'en: "Expected'))
    expect(page.locator("#preview svg")).to_contain_text("Expected")
    check_page(page)
    page.get_by_label("Reason").fill("For visitors.")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
