"""Chapter 3: a manager of the institute is invited, signs in with a second factor, and hands the mandate over."""

import datetime as dt

from playwright.sync_api import Browser, Page, expect

from tests.site_process import Site
from tests.story.person_pages import (
    MANAGER,
    PASSWORD,
    accept,
    enter_recovery_code,
    invite,
    set_up_second_factor,
    sign_in,
    use_first_mandate,
)

COLLEAGUE = "collegue@example.org"


def test_a_manager_is_invited_and_hands_the_mandate_over(browser: Browser, page: Page, site: Site) -> None:
    # The officer of the site invites the manager of the institute.
    sign_in(page, site.email, site.password)
    invite(page, "opale", MANAGER, "Une gestionnaire", "manager")

    manager = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    accept(manager, MANAGER)
    expect(manager.locator(".acting")).to_contain_text("gestionnaire")

    # She sets up a second factor, and is asked for it from then on.
    set_up_second_factor(manager, MANAGER)
    manager.locator("footer form button").click()
    sign_in(manager, MANAGER, PASSWORD)
    enter_recovery_code(manager, MANAGER)

    # She acts for the institute, edits its record, and is refused the neighbour's.
    use_first_mandate(manager)
    expect(manager.locator(".acting")).to_contain_text("OPALE")
    manager.goto("/fr/organisations/opale")
    manager.get_by_role("link", name="Le corriger").click()
    manager.locator(".more-fields summary").last.click()
    manager.locator("#id_note_fr").fill("Institut Carnot dédié aux leucémies.")
    manager.locator("#id_reason").fill("Une note que chacun comprend.")
    manager.get_by_role("button", name="Enregistrer la correction").click()
    expect(manager.locator("main")).to_contain_text("Institut Carnot dédié aux leucémies.")
    manager.goto("/fr/organisations/carnot-curie")
    expect(manager.get_by_role("link", name="Le corriger")).to_have_count(0)

    # A colleague joins the institute, and stands in for her during two weeks.
    invite(manager, "opale", COLLEAGUE, "Un collègue", "lead")
    colleague = browser.new_context(base_url=site.url, locale="fr-FR").new_page()
    accept(colleague, COLLEAGUE)
    manager.goto("/fr/mandates/")
    today = dt.datetime.now(dt.UTC).date()
    manager.locator("#id_email").fill(COLLEAGUE)
    manager.locator("#id_first_day").fill((today + dt.timedelta(days=1)).isoformat())
    manager.locator("#id_last_day").fill((today + dt.timedelta(days=14)).isoformat())
    manager.get_by_role("button", name="Confier").click()
    expect(manager.locator("main")).to_contain_text("Qui vous remplace")
    expect(manager.locator("main")).to_contain_text("Un collègue")

    for one in (manager, colleague):
        one.context.close()
