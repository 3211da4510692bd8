"""Chapter 2: a label officer settles the contradiction, accepts that correction, and records facts by a document."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.files.sample_files import PDF
from tests.site_process import Site
from tests.story.person_pages import propose_correction, sign_in, wait_for_mail

READER = "lecteur@example.org"
REASON = "Le dossier de labellisation de 2023 nomme ces quatre membres."


def test_an_officer_settles_a_contradiction(page: Page, site: Site) -> None:
    sign_in(page, site.email, site.password)
    page.goto("/fr/contradictions/")
    page.get_by_role("link", name="Fondateurs de THEMA").click()
    page.locator("form input[name=side][value=a]").check()
    page.locator("form textarea[name=reason]").fill(REASON)
    page.locator("form", has=page.locator("input[name=side]")).locator("button").click()

    main = page.locator("main")
    expect(main).to_contain_text(REASON)
    expect(main).to_contain_text("Collège de France")
    expect(main).to_contain_text("CEA")

    feed = page.request.get(f"{site.url}/fr/changes.atom").text()
    assert "THEMA" in feed
    assert REASON in feed

    page.goto("/fr/ecosystems/opale?why=29")
    expect(page.locator("#s29.told-contradicted")).to_have_count(0)
    expect(page.locator("#why .lost")).to_contain_text("CEA")


def test_an_officer_accepts_a_readers_correction(browser: Browser, page: Page, site: Site) -> None:
    website = "https://www.ligue-cancer.net/comite-de-patients"
    propose_correction(browser.new_context(base_url=site.url, locale="fr-FR").new_page(), READER, website)
    sign_in(page, site.email, site.password)
    expect(page).to_have_url(re.compile("/fr/desk"))
    page.locator("main").get_by_role("link", name=re.compile("^Comité de patients")).last.click()
    expect(page.locator("main")).to_contain_text("Le comité a désormais sa propre page.")
    page.get_by_role("button", name="Accepter et enregistrer").click()
    expect(page.locator(".messages")).to_contain_text("acceptée")
    wait_for_mail(READER, r"acceptée")

    page.goto("/fr/organisations/comite-patients")
    expect(page.locator("main")).to_contain_text("ligue-cancer.net")


def test_an_officer_records_an_office_and_its_end_by_one_document(page: Page, site: Site) -> None:
    sign_in(page, site.email, site.password)
    page.goto("/fr/facts/people_roles/new?of=comite-patients")
    for name, text in (("name", "Personne simulée"), ("role", "coordinator"), ("role_fr", "coordination")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=from]").press_sequentially("février 2023")
    expect(page.locator("#from-understood")).to_contain_text("février 2023")
    page.get_by_role("radio", name="Document").check()
    page.locator("[name=source_title]").fill("Relevé de décision du comité")
    page.locator("[name=source_dated]").fill("12 juin 2023")
    page.locator("[name=source_file]").set_input_files(
        files=[{"name": "releve.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    page.locator("[name=keep_source]").check()
    page.locator("main form button.go").click()
    expect(page.locator("main")).to_contain_text("releve.pdf")

    # The end is told by the same document, which is kept for the sitting.
    page.get_by_role("link", name="Le terminer").click()
    expect(page.locator("main")).to_contain_text("releve.pdf")
    page.locator("[name=end]").fill("juin 2024")
    page.locator("[name=source_place]").fill("point 3")
    page.locator("[name=reason]").fill("Le relevé donne la durée du mandat.")
    page.locator("main form button.go").click()
    expect(page.locator("main")).to_contain_text("point 3")
    expect(page.locator("main")).to_contain_text("Le relevé donne la durée du mandat.")
    page.goto("/fr/organisations/comite-patients")
    expect(page.locator("main")).to_contain_text("juin 2024")
