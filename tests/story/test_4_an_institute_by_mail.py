"""Chapter 4, beside: a need goes to an institute without an account, which answers by the link of its mail."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site
from tests.story.need_pages import COMPANY, NEED
from tests.story.person_pages import list_mails, sign_in, wait_for_mail

INSTITUTE, CONTACT = "Simulated institute of the estuary", "contact@estuary.example"
TITLE = "Chemosensitivity of leukaemia cells"


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Page]:
    """A fresh browser that has never seen the site."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    yield context.new_page()
    context.close()


def record_institute(browser: Browser, site: Site) -> None:
    """An officer records the institute with its public contact."""
    officer = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    sign_in(officer, site.email, site.password)
    officer.goto("/en/facts/organisations/new")
    officer.get_by_label("Name in English").fill(INSTITUTE)
    officer.get_by_label("Kind").select_option("institute")
    officer.get_by_label("Town").fill("Nantes")
    officer.get_by_label("Contact", exact=True).fill(CONTACT)
    officer.get_by_label("Address of the page").fill("https://example.org/estuary")
    officer.get_by_role("button", name="Record", exact=True).click()
    expect(officer.locator(".messages")).to_contain_text("Recorded:")
    officer.context.close()


def test_an_institute_without_an_account_answers_by_the_link_of_its_mail(
    page: Page, visitor: Page, browser: Browser, site: Site
) -> None:
    record_institute(browser, site)

    # The company begins at the home page, picks the institute by name, and is told before sending.
    page.goto("/en/")
    page.locator("#need").fill(NEED)
    page.get_by_role("button", name="See who can answer it").click()
    expect(page.locator("#id_text")).to_have_value(NEED)
    expect(page.locator("#to-whom")).to_contain_text("We propose")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_organisation").fill("Une petite entreprise simulée, Lyon")
    page.locator("#id_email").fill(COMPANY)
    page.locator("summary", has_text="Another organisation").click()
    page.locator("#id_other").press_sequentially("estuary")
    page.get_by_role("radio", name=INSTITUTE).check()
    page.get_by_role("button", name="Send the need").click()
    expect(page.locator("#need-form")).to_contain_text(CONTACT)
    expect(page.locator("#id_text")).to_have_value(NEED)
    page.get_by_label("Send it all the same").check()
    page.get_by_role("button", name="Send the need").click()
    expect(page.locator("main")).to_contain_text(f"the need was mailed to {CONTACT}")

    # The mail carries no words of the company; its link opens in a fresh browser and answers.
    link = wait_for_mail(CONTACT, r"http://\S+/needs/asked/\S+")
    assert TITLE not in str(list_mails(CONTACT)[0])
    visitor.goto(link)
    expect(visitor.locator("blockquote")).to_contain_text(NEED[:60])
    assert serious_violations(visitor) == []
    visitor.get_by_role("textbox").last.fill("Dear colleague,\n\nwe can do this in spring.")
    visitor.locator("main button.go").click()
    expect(visitor.locator(".answer")).to_contain_text("we can do this in spring")

    # The company is told, and reads the answer by the link of its own mail.
    visitor.goto(wait_for_mail(COMPANY, r"http://\S+/needs/follow/\S+"))
    expect(visitor.locator(".answer")).to_contain_text("we can do this in spring")
