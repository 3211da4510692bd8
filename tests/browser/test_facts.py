"""A small network, written down from an empty site by its pages alone, as a person who keeps a register does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.empty_site import check_page, empty_site, officer_page
from tests.site_process import Site

DEED = "https://example.org/deed"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An empty site of its own."""
    with empty_site() as own:
        yield own.site


@pytest.fixture(scope="module")
def officer(browser: Browser, site: Site) -> Iterator[Page]:
    """The officer of the site, signed in."""
    page = officer_page(browser, site)
    yield page
    page.context.close()


def add(page: Page, list_title: str) -> None:
    """Go to the form of a list, from the menu of what may be recorded."""
    page.locator("footer").get_by_role("link", name="What you may record").click()
    page.get_by_role("link", name=f"Add ({list_title})").click()


def record(page: Page) -> None:
    """Give the source and save; the page of the fact follows, and names it."""
    page.get_by_label("Address of the page").fill(DEED)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("Recorded:")


def pick(page: Page, field: str, typed: str, name: str) -> None:
    """Type into a picker and choose one of the organisations that it offers."""
    page.get_by_label(field, exact=True).press_sequentially(typed)
    page.get_by_role("radio", name=name).check()


def test_a_small_network_is_written_by_its_pages_alone(officer: Page) -> None:
    page = officer
    for name, acronym, kind, town in (
        ("Bio North", "BN", "network", "Lille"),
        ("River Biobank", "RB", "platform", "Nantes"),
        ("Hill Biobank", "HB", "platform", "Nantes"),
    ):
        add(page, "Organisations")
        page.get_by_label("Name in English").fill(name)
        page.get_by_label("Acronym").fill(acronym)
        page.get_by_label("Kind").select_option(kind)
        page.get_by_label("Town").fill(town)
        page.get_by_label("Start").press_sequentially("July 2019")
        expect(page.locator("#since-understood")).to_contain_text("July 2019")
        record(page)
        expect(page.locator("h1")).to_have_text(name)

    # A tie, from the page of an organisation: found by acronym, told apart from its neighbour of the same town.
    page.get_by_text("Add a fact about it").click()
    page.get_by_role("link", name="Ties", exact=True).last.click()
    expect(page.get_by_label("First organisation")).to_have_value("Hill Biobank · Nantes · hill-biobank")
    page.get_by_label("Tie", exact=True).select_option("member")
    pick(page, "Second organisation", "BN", "Bio North")
    page.get_by_label("Start").fill("7/2/2020")
    check_page(page)
    record(page)
    expect(page.locator("main")).to_contain_text("7 February 2020")
    check_page(page)

    add(page, "Labels")
    page.get_by_label("Name in French").fill("Qualité des biobanques")
    page.get_by_label("Name in English").fill("Quality of biobanks")
    pick(page, "Authority", "bio n", "Bio North")
    record(page)

    add(page, "Awards")
    page.get_by_label("Label", exact=True).select_option("Quality of biobanks")
    pick(page, "Holder", "Nantes", "River Biobank")
    page.get_by_label("Start").fill("2024")
    record(page)

    add(page, "Events")
    page.get_by_label("Name as announced").fill("Day of the biobanks")
    page.get_by_label("Kind in English").fill("meeting")
    page.get_by_label("Date", exact=True).fill("2026-06-10/2026-06-12")
    record(page)
    page.goto("/en/organisations/river-biobank")
    expect(page.locator("main")).to_contain_text("Quality of biobanks")


def test_a_fact_is_corrected_ended_withdrawn_and_restored_from_its_page(officer: Page) -> None:
    page = officer
    page.goto("/en/organisations/hill-biobank")
    page.get_by_role("link", name="Correct it").click()
    page.get_by_label("Town").fill("Rennes")
    expect(page.locator("#will-change ins")).to_have_text("Rennes")
    page.get_by_label("Reason").fill("It is in Rennes.")
    check_page(page)
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator("main")).to_contain_text("Rennes")

    page.locator("#ties + h3 + ul a.when").first.click()
    tie = page.url
    page.get_by_role("link", name="End it").click()
    page.get_by_label("It no longer holds since").press_sequentially("March 2025")
    expect(page.locator("#end-understood")).to_contain_text("March 2025")
    page.get_by_label("Reason").fill("It left.")
    check_page(page)
    page.get_by_role("button", name="End the fact").click()
    expect(page.locator("main")).to_contain_text("March 2025")

    page.get_by_role("link", name="Withdraw it").click()
    page.get_by_label("Reason").fill("It never joined.")
    check_page(page)
    page.get_by_role("button", name="Withdraw the fact").click()
    gone = page.goto(tie)
    assert gone is not None
    assert gone.status == 410
    expect(page.locator("main")).to_contain_text("It never joined.")
    check_page(page)
    page.locator("footer").get_by_role("link", name="Withdrawn facts").click()
    check_page(page)
    page.get_by_role("link", name="Restore").click()
    page.get_by_label("Reason").fill("It did join.")
    page.get_by_role("button", name="Restore the fact").click()
    page.goto(tie)
    expect(page.locator("h1")).to_contain_text("Bio North")


def test_each_form_can_be_read_by_everybody(officer: Page) -> None:
    for name in ("organisations", "memberships", "offers", "agreements", "parameters", "statements"):
        officer.goto(f"/fr/facts/{name}/new")
        check_page(officer)
