"""Chapter 1: a reader opens the ecosystem in French as it was on 1 January 2021, then today, and corrects it."""

import re

from playwright.sync_api import Page, expect

from tests.story.person_pages import propose_correction


def test_a_reader_sees_the_years_pass(page: Page) -> None:
    page.goto("/fr/ecosystems/opale?on=2021-01-01")
    story = page.locator(".story")
    expect(story).to_contain_text("OPALE participe")
    expect(story).not_to_contain_text("terminé en juin 2023")
    expect(story).to_contain_text(re.compile("2019\\s*–\\s*2024"))
    expect(story).to_contain_text("Centre national de médecine de précision sur les leucémies")

    page.goto("/fr/ecosystems/opale")
    expect(story).to_contain_text("terminé en juin 2023")
    expect(story).to_contain_text(re.compile("2025\\s*–\\s*2030"))
    expect(story).to_contain_text("Institut de la leucémie Paris Saint-Louis")

    sentence = page.locator(".told-contradicted").first
    sentence.locator(".why-link").click()
    panel = page.locator("#why")
    expect(panel.locator(".side")).not_to_have_count(0)
    sources = panel.locator("a[rel=external]")
    assert sources.count() >= 2
    for number in range(2):
        assert (sources.nth(number).get_attribute("href") or "").startswith("http")


def test_a_reader_corrects_what_she_knows_better(page: Page) -> None:
    propose_correction(page, "lectrice@example.org", "https://www.ligue-cancer.net/le-comite-de-patients")
