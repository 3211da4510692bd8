"""The pages of processes in a real browser: reached by keyboard, readable by assistive tools."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious_violations
from tests.browser.test_sheets import sign_in
from tests.site_process import Site


@pytest.mark.parametrize("width", [1280, 390])
def test_the_drawing_leads_to_its_words_by_keyboard(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/fr/processes/correction/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signalement d’une erreur")
    page.locator(".process a[href='#state-accepted']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#state-accepted")
    expect(page.locator("#state-accepted")).to_be_in_viewport()
    assert serious_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_no_box_or_word_of_the_drawing_meets_another(page: Page) -> None:
    page.goto("/fr/processes/correction/")
    meets = page.evaluate("""() => {
        const drawn = document.querySelectorAll('.process rect.node, .process rect.word')
        const boxes = [...drawn].map(r => r.getBoundingClientRect())
        const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
        return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => !apart(a, b))).length
    }""")
    assert meets == 0


def test_who_is_signed_out_while_typing_is_told_and_comes_back(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto("/fr/processes/correction/edit")
    page.context.clear_cookies(name="sessionid")
    page.locator("textarea.code").press_sequentially("# plus court")
    notice = page.get_by_role("alert").filter(has_text="Vous n’êtes plus connecté")
    expect(notice).to_be_visible()
    expect(notice).to_be_in_viewport()
    expect(page.locator("textarea.code")).to_have_value(re.compile("# plus court"))
    assert page.locator("h1").count() == 1
    assert serious_violations(page) == []
    notice.get_by_role("link", name="Se connecter").click()
    page.locator("input[name=username]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main form button.go").click()
    expect(page).to_have_url(re.compile("/fr/processes/correction/edit$"))
