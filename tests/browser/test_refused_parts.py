"""Parts of a page that are refused, or never arrive: said above the page in its language, with what was typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site

KEPT = {"en": "What you typed stays here", "fr": "Ce que vous avez saisi reste ici"}
FINDING = "**/find?*"


@pytest.fixture(params=["en", "fr"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a visitor in each language."""
    context = browser.new_context(base_url=site.url)
    opened = context.new_page()
    opened.goto(f"/{request.param}/sign-in")
    yield opened
    context.close()


def words(page: Page) -> str:
    return KEPT[page.locator("html").get_attribute("lang") or ""]


def proxy_answers(status: int):
    """What stands before a site and refuses by a page of its own."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body="<html><h1>nginx</h1></html>")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504])
def test_what_a_proxy_refuses_is_said_above_the_page(page: Page, status: int) -> None:
    page.route(FINDING, proxy_answers(status))
    box = page.locator("#find-box")
    box.press_sequentially("lille")
    expect(page.locator("#trouble")).to_contain_text(words(page))
    expect(page.locator("#trouble")).not_to_contain_text("nginx")
    expect(box).to_have_value("lille")
    expect(page.locator("#found")).to_be_empty()


def test_a_lost_connection_is_said_once_and_until_it_is_back(page: Page) -> None:
    page.route(FINDING, lambda route: route.abort("internetdisconnected"))
    box, notice = page.locator("#find-box"), page.locator("#trouble")
    box.press_sequentially("lill")
    expect(notice).to_contain_text(words(page))
    assert serious_violations(page) == []
    notice.locator(".banner").evaluate("banner => banner.dataset.seen = 'yes'")
    with page.expect_request(FINDING):
        box.press_sequentially("e")
    page.wait_for_timeout(300)
    expect(notice.locator("[data-seen]")).to_have_count(1)
    page.unroute(FINDING)
    box.press_sequentially("x")
    expect(notice).to_be_empty()


def test_the_notice_of_a_site_that_did_not_answer_ends_with_the_next_part_that_arrives(page: Page) -> None:
    answers: list[Route] = []

    def first_refused(route: Route) -> None:
        answers.append(route)
        proxy_answers(503)(route) if len(answers) == 1 else route.continue_()

    page.route(FINDING, first_refused)
    page.locator("#find-box").press_sequentially("ab", delay=20)
    expect(page.locator("#trouble")).to_contain_text(words(page))
    page.locator("#find-box").press_sequentially("c")
    expect(page.locator("#trouble")).to_be_empty()
