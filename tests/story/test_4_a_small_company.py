"""Chapter 4: a small company states a need in English without an account, and gets a link and a promised day."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious_violations
from tests.story.need_pages import COMPANY, NEED, state_need_on_page
from tests.story.person_pages import list_mails, wait_for_mail

TITLE = "Bispecific antibody in adult AML"


def test_capabilities_appear_as_she_types(page: Page) -> None:
    page.goto("/en/needs/new")
    expect(page.locator("#matches")).to_contain_text("As you type")
    page.locator("#id_text").press_sequentially("A bispecific antibody in adult AML")
    expect(page.locator("#matches .weighed")).to_contain_text("bispecific", ignore_case=True)
    page.locator("#id_text").press_sequentially(", with paired samples at relapse")
    expect(page.locator("#matches .weighed")).to_contain_text("paired", ignore_case=True)
    # She weighs one as merely wished, and goes on typing: it stays so.
    chosen = page.locator("#matches select").last
    name = chosen.get_attribute("name")
    chosen.select_option("wished")
    page.locator("#id_text").press_sequentially(" and measurable residual disease")
    expect(page.locator("#matches .weighed")).to_contain_text("residual", ignore_case=True)
    expect(page.locator(f'#matches select[name="{name}"]')).to_have_value("wished")


def test_she_gets_a_link_and_a_promised_day(page: Page) -> None:
    state_need_on_page(page, TITLE)
    expect(page.locator("main")).to_contain_text("An answer is promised by")
    expect(page.locator("main h1")).to_contain_text(TITLE)
    assert serious_violations(page) == []
    # The link comes by mail too, in the language in which she wrote, and opens without an account.
    link = wait_for_mail(COMPANY, r"http://\S+/needs/follow/\S+")
    assert "/en/" in link
    # Whoever reads this address has not written yet: the mail carries none of the words of the form.
    assert "Bispecific" not in str(list_mails(COMPANY)[0]["Subject"]) + str(list_mails(COMPANY)[0])
    page.context.clear_cookies()
    page.goto(link)
    expect(page.locator("blockquote")).to_contain_text(NEED[:60])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_is_accessible_and_fits(page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/{language}/needs/new?need=" + "bispecific antibody in adult AML with paired samples")
    expect(page.locator("#matches .weighed li").first).to_be_visible()
    assert serious_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_wrong_is_told_beside_its_field(page: Page) -> None:
    page.goto("/fr/needs/new?to=opale")
    page.locator("#id_text").fill("Un anticorps bispécifique dans la LAM de l’adulte.")
    page.locator("#id_organisation").fill("Une petite entreprise simulée")
    page.locator("#id_email").fill(COMPANY)
    page.locator("summary", has_text="budget").click()
    page.locator("#id_start_on").fill("2020-01-01")
    page.locator("form#need-form button.go").click()
    expect(page.locator(".errorlist").first).to_contain_text(re.compile("passé"))
    expect(page.locator("#id_text")).to_have_value("Un anticorps bispécifique dans la LAM de l’adulte.")
