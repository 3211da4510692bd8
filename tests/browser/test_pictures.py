"""The pictures of the ecosystem in a real browser: walked by keyboard, and slid to another day."""

import re

from playwright.sync_api import Page, expect


def test_the_network_is_walked_by_keyboard(page: Page) -> None:
    page.goto("/fr/network")
    nodes = page.locator("svg.network a")
    assert nodes.count() > 100
    names = page.locator("svg.network a text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().toJSON())"
    )
    assert len({(round(name["x"]), round(name["y"])) for name in names}) == nodes.count()
    nodes.first.focus()
    page.keyboard.press("Tab")
    expect(nodes.nth(1)).to_be_focused()
    expect(nodes.nth(1).locator("path.own").first).to_be_visible()
    expect(nodes.nth(2).locator("path.own").first).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/fr/organisations/"))


def test_the_day_of_labels_slides(page: Page) -> None:
    page.goto("/en/labels/timeline")
    slider = page.get_by_label("End of the year")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_contain_text("31 December 2025")
    expect(slider).to_be_focused()
    page.get_by_role("link", name="31 December 2025").click()
    expect(page).to_have_url(re.compile(r"/en/labels/timeline\?on=2025-12-31"))


def test_a_need_told_on_the_home_page_reaches_the_form_whole(page: Page) -> None:
    need = "Un essai de phase I/II pour un anticorps dans la LAM de l’adulte, prélèvements à la rechute.\n" * 90
    page.goto("/fr/")
    page.get_by_label("Quel est votre besoin").fill(need)
    page.get_by_role("button", name="Voir qui peut y répondre").click()
    expect(page).to_have_url(re.compile("/fr/needs/new$"))
    assert page.locator("#id_text").input_value().strip() == need.strip()
    expect(page.locator("#matches .hits li").first).to_be_visible()
