"""Chapter 4, beside: once the need is written, its whole conversation goes by mail, through a real mailbox."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dovecot import DOVECOT, MailServer
from tests.site_process import Site
from tests.story.mail_programs import answer_mail, file_names, newest_mail, text_of
from tests.story.need_pages import state_need_on_page
from tests.story.person_pages import (
    MANAGER,
    PASSWORD,
    enter_recovery_code,
    signed_in_page,
    wait_for_mail,
)

pytestmark = pytest.mark.skipif(not DOVECOT, reason="Dovecot is not installed: apt-get install dovecot-imapd")
BUYER, LEAD, TITLE = "buyer@company.example", "responsable@equipe.example", "Leukaemia samples, by mail"


def opened_from_mail(browser: Browser, site: Site, link: str, email: str) -> Page:
    """The page of a link, opened in a fresh browser by somebody who is signed out, and signs in on the way."""
    page = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    page.goto(link)
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.go").click()
    enter_recovery_code(page, email)
    return page


def link_in(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[0]


def read_signed_out_and_in(browser: Browser, site: Site, signed_in: Page, link: str, email: str, words: str) -> None:
    """Open the link of a mail both ways; both arrive where these words stand."""
    fresh = opened_from_mail(browser, site, link, email)
    expect(fresh.locator("main")).to_contain_text(words)
    fresh.context.close()
    signed_in.goto("about:blank")
    signed_in.goto(link)
    expect(signed_in.locator("main")).to_contain_text(words)


def ask_a_team(browser: Browser, site: Site, manager: Page, need: str) -> Page:
    """The manager asks a team on the site, once somebody leads it; the page of that person."""
    manager.goto(f"{need}/ask")
    manager.locator("#id_offers input").first.check()
    manager.locator("form.broad button.go").click()
    manager.goto(need)
    address = manager.locator("section[aria-labelledby=teams] th a").first.get_attribute("href") or ""
    lead = signed_in_page(browser, site, LEAD, address.rstrip("/").split("/")[-1], "lead")
    manager.goto(f"{need}/ask")
    manager.locator("#id_offers input").first.check()
    manager.locator("#id_message").fill("Would sixty pairs be possible?")
    manager.locator("form.broad button.go").click()
    return lead


def check_files(page: Page, *names: str) -> None:
    """The files of a conversation open from its page."""
    for name in names:
        assert page.request.get(str(page.locator(".thread a", has_text=name).get_attribute("href"))).ok


def test_a_conversation_by_mail(browser: Browser, page: Page, site: Site, mailbox: MailServer) -> None:
    manager = signed_in_page(browser, site, MANAGER, "opale", "manager")
    state_need_on_page(page, TITLE, email=BUYER)

    # The company confirms its address by the link of the mail, in a fresh browser.
    fresh = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    fresh.goto(wait_for_mail(BUYER, r"http://\S+/needs/follow/\S+"))
    expect(fresh.locator("h1")).to_contain_text(TITLE)

    # The manager is mailed; the link leads to the need, signed out and signed in.
    need = link_in(text_of(newest_mail(MANAGER, TITLE)), r"http://\S+/needs/[\w-]+")
    read_signed_out_and_in(browser, site, manager, need, MANAGER, TITLE)

    # She asks for more on the site. The company answers by mail, with a file: the clock still stands still.
    manager.goto(f"{need}/question")
    manager.locator("#message-text").fill("How many pairs do you need?")
    manager.locator("form.broad button.go").click()
    answer_mail(
        site,
        mailbox,
        newest_mail(BUYER, "How many pairs do you need?"),
        "Sixty at best. Our protocol comes along.",
        "protocol.pdf",
    )
    told = newest_mail(MANAGER, "Sixty at best.")
    assert file_names(told) == ["protocol.pdf"]
    assert "How many pairs" not in text_of(told)
    link = link_in(text_of(told), r"http://\S+/needs/\S+")
    read_signed_out_and_in(browser, site, manager, link, MANAGER, "Sixty at best.")
    expect(manager.locator("main .thread details")).to_have_count(1)
    check_files(manager, "protocol.pdf")
    manager.get_by_role("button", name="Relancer le délai").first.click()

    # She asks a team on the site; the team answers by mail, and she by mail again.
    lead = ask_a_team(browser, site, manager, need)
    question = newest_mail(LEAD, "Would sixty pairs be possible?")
    request = link_in(text_of(question), r"http://\S+/requests/\S+")
    read_signed_out_and_in(browser, site, lead, request, LEAD, "Would sixty pairs be possible?")
    answer_mail(site, mailbox, question, "Yes, from spring on. See the plan.", "plan.pdf")
    plan = newest_mail(MANAGER, "Yes, from spring on.")
    answer_mail(site, mailbox, plan, "Thank you, the company is told.", "terms.pdf")
    sent = [file_names(mail) for mail in (plan, newest_mail(LEAD, "Thank you, the company is told."))]

    # What she answers to the company's mail reaches it by mail, with its file; the quoted text is folded.
    answer_mail(site, mailbox, told, "Sixty pairs are possible from spring on.", "offer.pdf")
    last = newest_mail(BUYER, "Sixty pairs are possible")
    assert [*sent, file_names(last)] == [["plan.pdf"], ["terms.pdf"], ["offer.pdf"]]
    fresh.context.clear_cookies()
    fresh.goto(link_in(text_of(last), r"http://\S+/needs/follow/\S+"))
    expect(fresh.locator(".thread")).to_contain_text("Sixty pairs are possible from spring on.")
    expect(fresh.locator(".thread")).not_to_contain_text("Would sixty pairs")
    expect(fresh.locator(".thread details")).to_have_count(2)
    check_files(fresh, "protocol.pdf", "offer.pdf")

    # The need still stands where she left it: no mail has moved it.
    manager.goto(need)
    expect(manager.locator("main")).to_contain_text("Auprès des équipes")
    for one in (manager, lead, fresh):
        one.context.close()
