"""An officer uploads a sheet with a real browser, wide and on a phone, with and without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.site_process import Site

PICTURES = Path(__file__).parents[2] / "test-artifacts"
SHEET = (
    "Liste des membres;;;;\r\nClé;Nom en français;Type;Ville;Réf.\r\n"
    "opale;;;Villejuif;\r\nnouvelle-{width};Une nouvelle plateforme;plateforme;Lille;page 3\r\n"
    "fautive;Plateforme fautive;plate-forme tech.;Paris;page 4\r\n"
)


def sign_in(page: Page, site: Site) -> None:
    page.goto("/fr/sign-in")
    page.locator("input[name=username]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main form button.go").click()
    page.wait_for_url(re.compile(r"/fr/(?!sign-in)"))


def check(page: Page, name: str, width: int) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 1280:  # The checker is a script.
        assert serious_violations(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_sheet_is_checked_and_applied(browser: Browser, site: Site, width: int) -> None:
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 900}, java_script_enabled=width == 1280
    )
    page = context.new_page()
    sign_in(page, site)
    page.goto("/fr/organisations/")
    page.get_by_role("link", name="Modifier cette liste par une feuille de calcul").click()
    check(page, "sheet-upload", width)
    content = SHEET.format(width=width).encode("cp1252")
    page.set_input_files("input[type=file]", {"name": "membres.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("membres.csv")
    expect(page.get_by_text("Cellule C5 (Type)")).to_be_visible()
    page.locator("#column-4").select_option("note_fr")
    page.get_by_role("button", name="Vérifier de nouveau avec ces choix").click()
    expect(page.get_by_text("Colonnes reconnues : 5 sur 5")).to_be_visible()
    check(page, "sheet-preview", width)
    page.get_by_role("button", name=re.compile("Appliquer")).click()
    expect(page.get_by_role("link", name=re.compile("Télécharger la ligne refusée"))).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_a_large_sheet_tells_how_far_it_is(browser: Browser, site: Site, width: int) -> None:
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 900}, java_script_enabled=width == 1280
    )
    page = context.new_page()
    sign_in(page, site)
    rows = "".join(
        f"grande-{width}-{number};Grande {number};autre organisation\r\n"
        for number in range(12_000 if width == 1280 else 20_000)
    )
    page.goto("/fr/facts/organisations/sheet")
    content = f"Clé;Nom en français;Type\r\n{rows}".encode()
    page.set_input_files("input[type=file]", {"name": "grande.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.get_by_role("heading", name="Vérification de chaque ligne")).to_be_visible()
    expect(page.get_by_text(re.compile(r"lignes sur"))).to_be_visible(timeout=30_000)
    check(page, "sheet-work", width)
    if width == 390:
        page.get_by_role("button", name="Annuler").click()
        expect(page.get_by_text("Annulé : rien n’a été enregistré.")).to_be_visible(timeout=30_000)
    else:
        expect(page.get_by_role("heading", name=re.compile("Ce que deviendra"))).to_be_visible(timeout=90_000)
        check(page, "sheet-large", width)
    context.close()
