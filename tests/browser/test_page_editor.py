"""The editor of an ecosystem page in a browser: from the draft to a sentence of one's own."""

from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site
from tests.story.person_pages import sign_in


def test_a_sentence_is_written_with_its_preview_beside_it(browser: Browser, site: Site) -> None:
    page = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    sign_in(page, site.email, site.password)
    page.goto("/en/ecosystems/rainbow")
    expect(page.locator("main")).to_contain_text("nobody has edited this page yet")
    page.get_by_role("link", name="Edit this page").click()
    page.get_by_role("button", name="Edit the page, starting from the draft").click()
    expect(page.locator(".edited li").first).to_contain_text("RAINBOW is part of THEMA")
    assert serious_violations(page) == []

    page.get_by_role("link", name="Add a sentence").first.click()
    page.get_by_label("Sentence in French").fill("{host.start} accueille RAINBOW.")
    page.get_by_label("Sentence in English").fill("{host.start} hosts RAINBOW.")
    # The fact is asked for, and the sentence read, while one types.
    fact = page.get_by_label("What {host} is")
    option = fact.locator("option", has_text="THEMA (").first.get_attribute("value")
    fact.select_option(option)
    expect(page.locator("#preview")).to_contain_text("L’IHU THEMA accueille RAINBOW.")
    expect(page.locator("#preview")).to_contain_text("THEMA hosts RAINBOW.")
    assert serious_violations(page) == []
    page.get_by_role("button", name="Put it on the page").click()
    expect(page.locator(".messages")).to_contain_text("The sentence is on the page.")

    reader = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    reader.goto("/fr/ecosystems/rainbow")
    expect(reader.locator("main")).to_contain_text("L’IHU THEMA accueille RAINBOW.")
    reader.goto("/fr/ecosystems/rainbow/embed")
    expect(reader.locator("main")).to_contain_text("L’IHU THEMA accueille RAINBOW.")
    for person in (page, reader):
        person.context.close()
