"""The pages of processes in a real browser: reached by keyboard, readable by assistive tools."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_drawing_leads_to_its_words_by_keyboard(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/fr/processes/correction/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signalement d’une erreur")
    page.locator(".process a[href='#state-accepted']").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#state-accepted")
    expect(page.locator("#state-accepted")).to_be_in_viewport()
    assert serious(page) == []
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
