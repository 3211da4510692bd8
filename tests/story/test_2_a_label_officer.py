"""Chapter 2: a label officer settles that contradiction with a reason; the losing value stays visible."""

from playwright.sync_api import Page, expect

from tests.site_process import Site

REASON = "Le dossier de labellisation de 2023 nomme ces quatre membres."


def test_an_officer_settles_a_contradiction(page: Page, site: Site) -> None:
    page.goto("/fr/sign-in")
    page.locator("input[type=email], input[name=username]").first.fill(site.email)
    page.locator("input[type=password]").fill(site.password)
    page.locator("main form button").click()

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
