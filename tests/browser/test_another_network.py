"""Another network takes the register up: from an empty site to a need answered, by pages and sheets alone.

The clicks and the letters typed are counted, and stand for the minutes of a person.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.empty_site import EmptySite, check_page, empty_site, officer_page

MANAGER = "coordination@coast.example.org"
PASSWORD = "quinze stations et un phare"
STATIONS = [
    ("coast", "Réseau Littoral", "Coast Network", "network", "Port-Clair"),
    ("clair-station", "Station de Port-Clair", "Port-Clair Station", "platform", "Port-Clair"),
    ("dunes-lab", "Laboratoire des dunes", "Dunes Laboratory", "research-unit", "Belle-Dune"),
    ("algae-bank", "Algothèque", "Algae Bank", "platform", "Port-Clair"),
    ("tide-office", "Service des marées", "Tide Office", "agency", "Haute-Mer"),
    ("reef-unit", "Unité des récifs", "Reef Unit", "research-unit", "Haute-Mer"),
    ("salt-school", "École du sel", "School of Salt", "university", "Belle-Dune"),
    ("net-makers", "Les Fileurs", "Net Makers", "company", "Port-Clair"),
    ("kelp-start", "Varech Vif", "Live Kelp", "start-up", "Port-Clair"),
    ("island-lab", "Laboratoire de l’île", "Island Laboratory", "research-unit", "Grande-Île"),
    ("island-uni", "Université de Grande-Île", "University of Grande-Île", "university", "Grande-Île"),
    ("wreck-archive", "Archives des épaves", "Wreck Archive", "platform", "Haute-Mer"),
    ("bird-watch", "Guet des oiseaux", "Bird Watch", "association", "Belle-Dune"),
    ("sea-ministry", "Ministère de la mer", "Ministry of the Sea", "ministry", "Haute-Mer"),
    ("port-hospital", "Hôpital du port", "Port Hospital", "hospital", "Port-Clair"),
]
# Without a vocabulary of its own, a network is understood in the key words of its offers.
OFFERS = [
    (
        "o-algae",
        "algae-bank",
        "Séquençage de génomes d’algues",
        "Sequencing of the genomes of algae",
        "sequencing; algae",
    ),
    ("o-tank", "clair-station", "Bassins d’essai à eau de mer", "Sea water test tanks", "test tank; bassin d’essai"),
    ("o-dunes", "dunes-lab", "Mesure de l’érosion des dunes", "Measurement of the erosion of dunes", "erosion; dune"),
    (
        "o-reef",
        "reef-unit",
        "Protéomique d’échantillons marins",
        "Proteomics of marine samples",
        "proteomics; marine sample",
    ),
]
NEED = "We look for proteomics of marine samples and sequencing of algae, to try a coating for nets."
# Words of the register that ships as the example.
EXAMPLE = re.compile(r"opale|leuk|leucém|carnot|filo\b|hematol|hématol|villejuif|inserm", re.IGNORECASE)


@dataclass
class Hands:
    """A page in the hands of a person, whose clicks and letters are counted."""

    page: Page
    clicks: int = 0
    letters: int = 0
    seen: list[str] = field(default_factory=list)

    def click(self, place: Locator) -> None:
        self.clicks += 1
        place.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("link", name=name).first)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("button", name=name).first)
        self.seen.append(self.page.locator("body").inner_text())

    def fill(self, label: str, text: str) -> None:
        self.clicks, self.letters = self.clicks + 1, self.letters + len(text)
        self.page.get_by_label(label, exact=True).fill(text)

    def type(self, place: Locator, text: str) -> None:
        self.clicks, self.letters = self.clicks + 1, self.letters + len(text)
        place.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.clicks += 2
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def pick(self, label: str, typed: str, name: str) -> None:
        self.clicks, self.letters = self.clicks + 2, self.letters + len(typed)
        self.page.get_by_label(label, exact=True).press_sequentially(typed)
        self.page.get_by_role("radio", name=name).first.check()

    def upload(self, name: str, content: bytes) -> None:
        self.clicks += 3  # The button, the file in the window, and its own button.
        self.page.set_input_files("input[type=file]", {"name": name, "mimeType": "", "buffer": content})

    def minutes(self) -> float:
        """The minutes of a person who takes six seconds a click and types two letters a second."""
        return (self.clicks * 6 + self.letters / 2) / 60


@pytest.fixture(scope="module")
def own() -> Iterator[EmptySite]:
    with empty_site() as site:
        yield site


def picture() -> bytes:
    """A small green PNG, as a logo."""
    rows = b"".join(b"\0" + b"\x0b\x6e\x63" * 48 for _row in range(48))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 48, 48, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sheet(*rows: tuple[str, ...]) -> bytes:
    return "".join(";".join(row) + "\r\n" for row in rows).encode("cp1252")


def load_sheet(hands: Hands, name: str, content: bytes) -> None:
    """Upload a sheet on its page, look at what becomes of each row, apply it."""
    hands.upload(name, content)
    hands.press("Check the sheet")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text(name)
    hands.press(re.compile("^Apply"))
    expect(hands.page.locator("main")).to_contain_text("What became of each row written")


def test_another_network_is_set_up_written_and_asked(browser: Browser, own: EmptySite) -> None:
    hands = Hands(officer_page(browser, own.site))
    set_name_and_logo(hands)
    write_network(hands)
    write_page(hands)
    answer_a_need(browser, own, hands)
    assert [word for text in hands.seen for word in EXAMPLE.findall(text)] == []
    assert hands.minutes() < 15, (hands.clicks, hands.letters, hands.minutes())


def set_name_and_logo(hands: Hands) -> None:
    page = hands.page
    page.goto("/en/")
    hands.follow("Take the first steps")
    hands.follow("Set")
    hands.fill("Name in French", "Réseau Littoral")
    hands.fill("Name in English", "Coast Network")
    hands.press("Save")
    hands.click(page.locator("a[href*='site/settings/logo']").first)
    hands.upload("logo.png", picture())
    hands.press("Show this logo")
    hands.click(page.locator("a[href*='site/settings/contact']").first)
    hands.fill("Mail address", "contact@coast.example.org")
    hands.press("Save")
    expect(page.locator("header")).to_contain_text("Coast Network")


def write_network(hands: Hands) -> None:
    page = hands.page
    page.goto("/en/site/first-steps")
    hands.follow("Upload a sheet")
    load_sheet(hands, "stations.csv", sheet(("Key", "Name in French", "Name in English", "Kind", "Town"), *STATIONS))
    page.goto("/en/site/first-steps")
    hands.click(page.locator("a[href*='site/settings/shown']").first)
    hands.pick("Organisation 1", "coast", "Coast Network")
    hands.press("Save")
    page.goto("/en/site/first-steps")
    hands.click(page.locator("a[href*='facts/memberships/sheet']").first)
    ties = [(key, "member", "coast", "2019") for key, *_rest in STATIONS[1:12]]
    load_sheet(hands, "members.csv", sheet(("First organisation", "Tie", "Second organisation", "Start"), *ties))
    page.goto("/en/offers/")
    hands.follow(re.compile("sheet"))
    load_sheet(
        hands, "offers.csv", sheet(("Key", "Provider", "Title in French", "Title in English", "Key words"), *OFFERS)
    )
    for french, english in (("Rivage vivant", "Living Shore"), ("Port sobre", "Frugal Port")):
        add(hands, "Labels")
        hands.fill("Name in French", french)
        hands.fill("Name in English", english)
        hands.pick("Authority", "sea", "Ministry of the Sea")
        hands.press("Record")
    add(hands, "Awards")
    hands.choose("Label", "Living Shore")
    hands.pick("Holder", "coast", "Coast Network")
    hands.fill("Start", "2024")
    hands.press("Record")
    add(hands, "Events")
    hands.fill("Name as announced", "Day of the tides")
    hands.fill("Kind in English", "meeting")
    hands.fill("Date", "2027-06-10")
    hands.press("Record")
    add(hands, "Promised delays")
    hands.pick("Organisation", "coast", "Coast Network")
    hands.fill("Working days", "10")
    hands.press("Record")


def add(hands: Hands, list_title: str) -> None:
    hands.follow("What you may record")
    hands.follow(f"Add ({list_title})")


def write_page(hands: Hands) -> None:
    """The page of the network in both languages is there from its facts; its home shows the network."""
    page = hands.page
    page.goto("/en/ecosystems/coast")
    expect(page.locator("main")).to_contain_text("Living Shore")
    hands.follow("Edit this page")
    hands.press("Edit the page, starting from the draft")
    page.goto("/fr/ecosystems/coast")
    expect(page.locator("main")).to_contain_text("Rivage vivant")
    check_page(page)
    page.goto("/en/")
    expect(page.locator("h1")).to_contain_text("Coast Network")
    check_page(page)
    hands.seen.append(page.locator("body").inner_text())


def answer_a_need(browser: Browser, own: EmptySite, hands: Hands) -> None:
    """A manager is invited by mail; a company states a need at the home page; it is answered with a team."""
    page = hands.page
    page.goto("/en/site/first-steps")
    hands.follow(re.compile("Invite somebody"))
    for place, text in (("#id_name", "A coordinator"), ("#id_email", MANAGER)):
        hands.type(page.locator(place), text)
    page.locator("#id_role").select_option("manager")
    hands.press(re.compile("invitation"))
    manager = Hands(new_page(browser, own))
    manager.page.goto(own.mailed_link(MANAGER, "/invitation/"))
    manager.type(manager.page.locator("input[name=password]"), PASSWORD)
    manager.click(manager.page.locator("main form button.go").first)
    expect(manager.page.locator(".acting")).to_contain_text(re.compile("Coast Network|Réseau Littoral"))

    company = Hands(new_page(browser, own))
    company.page.goto("/en/")
    company.type(company.page.locator("main textarea").first, NEED)
    company.press("See who can answer")
    expect(company.page.locator("#matches")).to_contain_text("Proteomics of marine samples")
    company.type(company.page.locator("#id_organisation"), "Net paint, a simulated company")
    company.type(company.page.locator("#id_email"), "paint@example.org")
    company.press("Send the need")
    expect(company.page.locator("ol.stages").first).to_be_visible()
    follow = company.page.url

    manager.page.goto("/en/needs/")
    manager.click(manager.page.locator("main table a, main li a").first)
    manager.follow("Compose a team")
    manager.follow("Answer with this team")
    manager.click(manager.page.locator("form.broad button.go"))
    expect(manager.page.locator(".messages")).to_be_visible()
    company.page.goto(follow)
    expect(company.page.locator("section.answer")).to_be_visible()
    for other in (manager, company):
        hands.clicks, hands.letters = hands.clicks + other.clicks, hands.letters + other.letters
        hands.seen += other.seen


def new_page(browser: Browser, own: EmptySite) -> Page:
    return browser.new_context(base_url=own.site.url, locale="en-GB").new_page()
