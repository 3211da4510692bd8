"""Chapter 5: the manager sees the clock, composes a team, answers by letter; redirects a need; a third escalates."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site
from tests.story.need_pages import COMPANY, age_case, state_need_on_page, wait_for_text
from tests.story.person_pages import MANAGER, signed_in_page, wait_for_mail

PILOT = "pilote@example.org"


@pytest.fixture(scope="module")
def manager(browser: Browser, site: Site) -> Iterator[Page]:
    page = signed_in_page(browser, site, MANAGER, "opale", "manager")
    yield page
    page.context.close()


def opened(manager: Page, title: str, language: str = "fr") -> str:
    """The page of a need, from the list of needs."""
    manager.goto(f"/{language}/needs/")
    manager.get_by_role("link", name=title).first.click()
    expect(manager.locator("h1")).to_contain_text(title)
    return manager.url


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_need_to_answer(page: Page, manager: Page, language: str) -> None:
    words = {
        "fr": (
            "La meilleure équipe, c’est prouvé",
            "Personne dans cette équipe ne couvre",
            "Répondre avec cette équipe",
            "Une réponse à votre besoin",
        ),
        "en": (
            "The best team, proven",
            "Nobody of this team covers",
            "Answer with this team",
            "An answer to your need",
        ),
    }[language]
    title = f"Bispecific antibody, the way of {language}"
    follow = state_need_on_page(page, title, language=language)

    # The clock shows on the page of what waits, and on that of the need.
    manager.goto(f"/{language}/desk")
    expect(manager.locator("main")).to_contain_text(title)
    assert serious_violations(manager) == []
    need = opened(manager, title, language)
    assert serious_violations(manager) == []

    # Three providers or fewer, proven best; one wished capability is covered by nobody.
    manager.goto(f"{need}/team?places=3")
    expect(manager.locator("#best")).to_have_text(words[0])
    expect(manager.locator("section[aria-labelledby=best] svg")).to_be_visible()
    expect(manager.locator("section[aria-labelledby=best] p.against")).to_contain_text(words[1])
    assert serious_violations(manager) == []

    # She compares its offers, then answers with it.
    manager.locator("section[aria-labelledby=best] a.button").nth(2).click()
    expect(manager.locator("table.compared th[scope=col]")).not_to_have_count(1)
    manager.go_back()
    manager.get_by_role("link", name=words[2]).first.click()
    letter = manager.locator("#id_letter").input_value()
    assert ("Dear" if language == "en" else "We propose") in letter or "Madame" in letter
    manager.locator("#id_signer_function").fill("Partenariats")
    manager.locator("form.broad button.go").click()
    expect(manager.locator(".messages")).to_be_visible()

    # The company reads the answer at its link, is told by mail, and has the letter as a file.
    page.goto(follow)
    expect(page.locator("section.answer")).to_be_visible()
    file = page.request.get(str(page.locator("section.answer p a").last.get_attribute("href")))
    assert file.body().startswith(b"%PDF")
    wait_for_mail(COMPANY, words[3])


def test_answering_takes_five_clicks_at_most_after_signing_in(page: Page, manager: Page) -> None:
    title = "Few clicks to an answer"
    state_need_on_page(page, title)
    manager.goto("/fr/desk")
    clicks = 0

    def click(name: str) -> None:
        nonlocal clicks
        manager.get_by_role("link", name=name).or_(manager.get_by_role("button", name=name)).first.click()
        clicks += 1

    click(title)
    expect(manager.locator("section.now .go")).to_have_count(1)
    click("Composer une équipe")
    click("Répondre avec cette équipe")
    if not manager.locator("#id_signer_contact").input_value():
        manager.locator("#id_signer_contact").fill("01 00 00 00 00")
    click("Envoyer la réponse")
    expect(manager.locator("section.now")).to_contain_text("La réponse est partie")
    assert clicks <= 5


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_a_need_are_accessible_by_keyboard_and_fit(page: Page, manager: Page, width: int) -> None:
    title = f"By keyboard at {width}"
    state_need_on_page(page, title)
    manager.set_viewport_size({"width": width, "height": 900})
    need = opened(manager, title)
    for path in ("", "/team", "/team?places=2", "/answer", "/ask", "/question", "/decline"):
        manager.goto(f"{need}{path}")
        assert serious_violations(manager) == [], path
        assert manager.evaluate("document.documentElement.scrollWidth") <= width, path
    # The first act is reached by the tabulator and opened by the return key; so is a swap in the team.
    manager.goto(need)
    manager.keyboard.press("Tab")
    manager.keyboard.press("Enter")
    for _number in range(12):
        if manager.evaluate("document.activeElement.closest('.now .acts') !== null"):
            break
        manager.keyboard.press("Tab")
    manager.keyboard.press("Enter")
    expect(manager).to_have_url(re.compile("/team$"))
    manager.get_by_text("La modifier à la main").first.focus()
    manager.keyboard.press("Enter")
    manager.locator("#place-1").focus()
    manager.keyboard.press("End")
    manager.keyboard.press("Tab")
    manager.get_by_role("button", name="Voir cette équipe").focus()
    manager.keyboard.press("Enter")
    expect(manager.locator("#own")).to_contain_text("de la valeur de la meilleure équipe")
    assert serious_violations(manager) == []
    assert manager.evaluate("document.documentElement.scrollWidth") <= width
    manager.set_viewport_size({"width": 1280, "height": 900})


def test_a_second_need_is_redirected(page: Page, manager: Page) -> None:
    title = "CAR-T cells in lymphoma"
    follow = state_need_on_page(
        page, title, "We look for a partner on CAR-T cells in diffuse large B-cell lymphoma, with samples."
    )
    need = opened(manager, title)
    manager.goto(f"{need}/redirect")
    choice = manager.locator("#id_organisation option", has_text=re.compile("CALYM", re.IGNORECASE)).first
    manager.locator("#id_organisation").select_option(choice.get_attribute("value"))
    manager.locator("#id_letter").fill("L’institut CALYM, dédié aux lymphomes, vous répondra mieux que nous.")
    manager.locator("form.broad button.go").click()
    expect(manager.locator(".messages")).to_be_visible()
    # The need is confidential: once the company agrees, it sees both, the second with its own day.
    page.goto(follow)
    page.get_by_role("button", name="Yes, pass it on").click()
    expect(page.locator("main")).to_contain_text("CALYM")
    expect(page.locator("main section.card ol.stages")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("An answer is promised by")


def test_a_third_goes_unanswered_and_escalates(page: Page, manager: Page, browser: Browser, site: Site) -> None:
    title = "Residual disease by sequencing"
    follow = state_need_on_page(
        page, title, "We look for measurable residual disease by sequencing in acute myeloid leukaemia."
    )
    pilot = signed_in_page(browser, site, PILOT, "carnot-mti", "pilot")
    pilot.goto("/fr/needs/")
    assert pilot.get_by_role("link", name=title).count() == 0

    # Past the day promised it is overdue, for the manager and for the company.
    age_case(site, title, 16)
    manager.goto("/fr/desk")
    expect(manager.locator("main .desk-row", has_text=title)).to_contain_text(re.compile("retard"))
    # Two working days later still nothing: the need is confidential, and goes to the network once the company agrees.
    age_case(site, title, 6)
    wait_for_text(page, follow, "It was not answered in the time promised.")
    wait_for_mail(COMPANY, "May your need go on")
    page.get_by_role("button", name="Yes, pass it on").click()
    wait_for_text(pilot, "/fr/needs/", title)
    need = opened(pilot, title)
    expect(pilot.locator("main")).to_contain_text("Remonté au réseau")
    # The company knows, and the pilot answers in the institute's stead: declining, with the reason.
    page.goto(follow)
    expect(page.locator("main")).to_contain_text("network")
    pilot.goto(f"{need}/decline")
    pilot.locator("#id_reason").fill("Aucune équipe du réseau n’est libre avant l’automne ; nous vous le dirons alors.")
    pilot.locator("form.broad button.go").click()
    wait_for_text(page, follow, "Aucune équipe du réseau")
    pilot.context.close()


def test_a_complaint_has_its_own_process(page: Page, manager: Page) -> None:
    title = "Paired samples at relapse"
    follow = state_need_on_page(page, title, "We look for paired samples at diagnosis and at relapse in adult AML.")
    page.locator("#wrong ~ details summary, section[aria-labelledby=wrong] summary").first.click()
    page.locator("section[aria-labelledby=wrong] textarea").fill("Nobody has called us back since we sent the need.")
    page.locator("section[aria-labelledby=wrong] button.go").click()
    expect(page.locator("main")).to_contain_text("Your complaint")
    manager.goto("/fr/desk")
    expect(manager.locator("main")).to_contain_text("Réclamation")
    manager.locator("main .desk-row", has_text="Réclamation").get_by_role("link").first.click()
    manager.locator("main input[name=reason], main textarea[name=reason]").first.fill("Nous vous appelons demain.")
    manager.get_by_role("button", name="Répondre").click()
    page.goto(follow)
    expect(page.locator("main")).to_contain_text("Nous vous appelons demain.")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_a_manager_are_accessible_and_fit(manager: Page, language: str, width: int) -> None:
    manager.set_viewport_size({"width": width, "height": 900})
    for path in ("offers/new", "offers/joint", "offers/asked", "capacity", "promise", ""):
        manager.goto(f"/{language}/organisations/opale/{path}".rstrip("/"))
        expect(manager.locator("h1")).to_be_visible()
        assert serious_violations(manager) == [], path
        assert manager.evaluate("document.documentElement.scrollWidth") <= width, path
    manager.set_viewport_size({"width": 1280, "height": 900})
