"""Laboratories with a real browser: found from the home page, below an answer, and one of them made to offer."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.empty_site import EmptySite, check_page, empty_site, officer_page
from tests.projects.small_anr import partner, write_anr_folder
from tests.register.simulated_rnsr import rnsr_id, structure, write_export
from tests.site_process import MAILLAGE, user_environment

WAVES, TIDES = rnsr_id(1), rnsr_id(2)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptySite]:
    """A site of its own, with two invented laboratories that took part in an invented project."""
    folder = tmp_path_factory.mktemp("imported")
    rows = [
        structure(1, label="Énergie des vagues et de l'océan", postal_code="29200", town="BREST"),
        structure(2, label="Marées et courants", postal_code="13009", town="MARSEILLE"),
    ]
    (folder / "anr").mkdir()
    write_anr_folder(
        folder / "anr",
        anr_projects=[{"partners": "2", "rare_stems": "tide turbine"}],
        anr_partners=[{"rnsr_id": WAVES}, partner(2, rnsr_id=TIDES)],
    )
    with empty_site() as own:
        run(own, "anr", str(folder / "anr"))  # before the laboratories that took part in them
        run(own, "rnsr", "--day", "2022-02-08", str(write_export(folder / "rnsr.csv", rows)))
        yield own


def run(own: EmptySite, *words: str) -> None:
    """Run a command of import on the data of the running site."""
    command = [str(MAILLAGE), "import", words[0], "--data", str(own.folder), *words[1:]]
    subprocess.run(command, check=True, capture_output=True, env=user_environment() | own.variables)


def test_a_visitor_finds_a_laboratory_and_reads_what_it_did(browser: Browser, imported: EmptySite) -> None:
    page = browser.new_context(base_url=imported.site.url, locale="fr-FR").new_page()
    page.goto("/fr/")
    page.get_by_role("searchbox", name="Quels laboratoires travaillent sur…").fill("vagues")
    page.get_by_role("searchbox", name="Quels laboratoires travaillent sur…").press("Enter")
    expect(page.locator("ol.hits h3").first).to_have_text("Énergie des vagues et de l'océan")
    check_page(page)
    page.get_by_label("Un sujet, une technique ou un besoin entier").fill("Une turbine dans les marées de l’océan")
    page.get_by_text("Qui fait la demande").click()
    page.get_by_label("Ville ou région").fill("Bretagne")
    page.get_by_role("button", name="Trouver des laboratoires").click()
    expect(page.locator("ol.hits .tie").first).to_have_text("Dans votre région (Bretagne)")
    page.get_by_role("button", name="Ne pas en tenir compte").click()
    expect(page.locator("ol.hits .tie")).to_have_count(0)
    page.get_by_label("Région", exact=True).select_option("FR-BRE")
    page.get_by_role("button", name="Trouver des laboratoires").click()
    expect(page.locator("ol.hits > li")).to_have_count(1)
    page.get_by_role("link", name="Énergie des vagues et de l'océan").click()
    expect(page.get_by_role("img", name="Projets passés par année")).to_be_visible()
    expect(page.locator("section", has_text="Avec qui il a le plus travaillé").last).to_contain_text(
        "Marées et courants"
    )
    check_page(page)
    page.context.close()


def test_an_answer_shows_laboratories_and_one_of_them_is_made_to_offer(browser: Browser, imported: EmptySite) -> None:
    page: Page = officer_page(browser, imported.site)
    page.goto("/en/answer")
    page.locator("#need").fill("Nous cherchons à récupérer l’énergie des vagues.")
    page.get_by_role("button", name="Find who answers").click()
    nearest = page.locator("section", has_text="Public laboratories nearest to this need").last
    expect(nearest.locator("h3").first).to_have_text("Énergie des vagues et de l'océan")
    check_page(page)
    page.locator("#need").press("Tab")
    nearest.get_by_role("link", name="Draft an offer of it").first.click()
    page.get_by_label("Title in French").fill("Essais en bassin à houle")
    page.get_by_label("Title in English").fill("Tests in a wave tank")
    page.get_by_role("button", name="Publish the offer").click()
    expect(page.locator("h1")).to_have_text("Tests in a wave tank")
    page.goto("/en/laboratories?q=energy of waves")
    expect(page.locator("ol.hits > li").first).to_contain_text("makes offers here")
    page.context.close()
