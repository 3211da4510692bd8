"""Chapter 8: a consortium writes its dossier together; the last signature comes forty seconds before closing.

Reviewers are assigned without conflict; the panel ranks; the ministry decides; the badge verifies; the ecosystem page
counts one more. Everybody here is made up, and so is the call, which does not say so: what is simulated is not counted.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_violations
from tests.calls.sample_call import TEXT
from tests.site_process import Site
from tests.story.person_pages import signed_in_page, wait_for_mail

NAMES = {"label: mark-ahead": "label: carnot-tremplin", "label: mark\n": "label: carnot\n",
         "label: mark,": "label: carnot,", "decides: ministry": "decides: mesr", "runs: agency": "runs: anr",
         "holders: [institute]": "holders: [consortium]", "number: 1, role: host": "number: 1, role: host",
         "fr: Appel simulé, en: Simulated call": "fr: Vague simulée, en: Simulated wave",
         "call: simulated": "call: wave-of-the-story", "simulated: yes": "simulated: no"}  # fmt: skip
CALL = "/fr/calls/wave-of-the-story"
KEPT = re.compile("enregistr|gard", re.IGNORECASE)
# The first one’s institute is tied to the consortium, as the register knows.
REVIEWERS = {"relectrice": "calym", "relecteur": "carnot-star", "lectrice": "carnot-cognition"}
PARIS = ZoneInfo("Europe/Paris")
WRITTEN = "Nous faisons avancer, ensemble, les thérapies cellulaires et géniques des cancers du sang."
HOSTED = "L’établissement hôte met à disposition deux plateformes et leurs équipes."


@dataclass
class Persons:
    """Who acts in this chapter, each at a browser of their own."""

    agency: Page
    ministry: Page
    lead: Page
    host: Page
    reviewers: dict[str, Page]


@pytest.fixture(scope="module")
def persons(browser: Browser, site: Site) -> Iterator[Persons]:
    def at(email: str, body: str, role: str) -> Page:
        return signed_in_page(browser, site, f"{email}@example.org", body, role)

    held = Persons(
        agency=at("agence", "anr", "label-officer"),
        ministry=at("ministere", "mesr", "label-officer"),
        lead=at("consortium", "unitc", "manager"),
        host=at("etablissement", "aphp", "manager"),
        reviewers={name: at(name, body, "pilot") for name, body in REVIEWERS.items()},
    )
    yield held
    for page in (held.agency, held.ministry, held.lead, held.host, *held.reviewers.values()):
        page.context.close()


def call_closing(at: dt.datetime) -> str:
    """The text of the call, opened yesterday and closing at a second."""
    text = TEXT
    for old, new in NAMES.items():
        text = text.replace(old, new)
    opened = dt.datetime.now(PARIS) - dt.timedelta(days=1)
    return text.replace("2026-03-02T09:00", f"{opened:%Y-%m-%dT%H:%M}").replace(
        "2026-04-30T13:00", f"{at.astimezone(PARIS):%Y-%m-%dT%H:%M:%S}"
    )


def publish(page: Page, address: str, text: str, reason: str) -> None:
    page.goto(address)
    page.locator("textarea[name=text]").fill(text)
    page.locator("[name=reason]").fill(reason)
    page.locator("button[value=publish]").click()
    expect(page).to_have_url(re.compile(r"/calls/wave-of-the-story"))


def answered(page: Page, question: str, words: str) -> None:
    """Write to a question, and wait until it is kept."""
    form = page.locator(f"form[action$='/{question}']")
    form.locator("textarea").fill(words)
    expect(page.locator(f"#state-{question}")).to_contain_text(KEPT)


def counted(page: Page) -> int:
    """How many awards of the label are or may be in force."""
    listed = page.request.get("/api/v1/awards?label=carnot&force=possible&simulated=no&limit=200")
    return len(listed.json()["items"])


def test_from_the_first_word_to_the_label(page: Page, persons: Persons) -> None:
    before = counted(page)
    far = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    publish(persons.agency, "/fr/calls/new", call_closing(far), "L’appel s’ouvre.")
    page.goto(CALL)
    expect(page.locator(".state")).to_contain_text("ouvert")
    application = _begun(persons)
    _written(persons, application)
    _sent(persons, application)
    _reviewed(persons)
    _decided(persons, application)

    # The register counts one more at once, and the badge verifies.
    assert counted(page) == before + 1
    page.goto("/fr/ecosystems/opale")
    expect(page.locator("main")).to_contain_text("1 organisation le détient")
    persons.lead.goto(application)
    page.goto(str(persons.lead.locator("main a[href*='/awards/']").first.get_attribute("href")))
    expect(page.locator("main")).to_contain_text("UNITC")
    page.get_by_role("link", name="Voir le badge").click()
    expect(page.locator("main")).to_contain_text("le label est détenu")
    assert serious_violations(page) == []
    token = page.request.get(str(page.locator("a[href$='.jwt']").get_attribute("href"))).text()
    _verified(page, token, "Signé par ce site, et non modifié depuis")
    head, _dot, rest = token.partition(".")
    _verified(page, f"{head}.A{rest[1:]}", "Non vérifié")


def _verified(page: Page, token: str, said: str) -> None:
    page.goto("/fr/badges/verify")
    page.locator("main form textarea").fill(token)
    page.locator("main form button.go").click()
    expect(page.locator("main")).to_contain_text(said)


def _begun(persons: Persons) -> str:
    """The consortium begins, and takes its host in; the address of the dossier."""
    lead = persons.lead
    lead.goto(f"{CALL}/begin")
    lead.locator("#id_title").fill("Cellules et gènes contre les leucémies")
    lead.locator("main form button.go").click()
    expect(lead.locator("h1")).to_contain_text("Cellules et gènes")
    application = lead.url
    lead.goto(f"{application}/parties")
    lead.locator("#id_organisation").fill("aphp")
    lead.locator("#id_part").select_option("host")
    lead.locator("button[value=add]").click()
    expect(lead.locator("ul.tied")).to_contain_text("hébergeur")
    return application


def _written(persons: Persons, application: str) -> None:
    """Two write at once: each in its own question, and nothing is lost; on the same one, the second is told."""
    lead, host = persons.lead, persons.host
    for each in (lead, host):
        each.goto(f"{application}/write/summary")
    answered(lead, "abstract", WRITTEN)
    host.locator("form[action$='/abstract'] textarea").fill(HOSTED)
    expect(host.locator("#state-abstract")).to_contain_text(WRITTEN[:40])
    host.goto(f"{application}/write/summary")
    host.locator("input[value=yes]").check()
    expect(host.locator("#state-charter")).to_contain_text(KEPT)
    lead.goto(f"{application}/write/summary")
    expect(lead.locator("input[value=yes]")).to_be_checked()
    expect(lead.locator("form[action$='/abstract'] textarea")).to_have_value(WRITTEN)


def _sent(persons: Persons, application: str) -> None:
    """The wave is changed midway, and who began is moved by a decision; the host signs last, and it is sent in time."""
    agency, lead = persons.agency, persons.lead
    closing = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=75)
    publish(agency, f"{CALL}/edit", call_closing(closing), "La clôture est avancée.")
    agency.goto(f"{CALL}/move")
    expect(agency.locator("main tbody tr")).to_have_count(1)
    agency.locator("#id_reason").fill("Tous les dossiers suivent la nouvelle clôture.")
    agency.locator("main form button.go").click()
    expect(agency.locator(".messages")).to_be_visible()
    for each in (lead, persons.host):
        each.goto(application)
        each.locator("form[action$='/sign'] button").click()
        expect(each.locator(".messages")).to_be_visible()
    lead.goto(application)
    lead.locator("form[action$='/send'] button").click()
    expect(lead.locator(".messages")).to_be_visible()
    assert dt.datetime.now(dt.UTC) < closing
    assert lead.request.get(f"{application}/paper").body().startswith(b"%PDF")


def _reviewed(persons: Persons) -> None:
    """An applicant is refused, three are named, the one who is too near is kept away, the two others mark."""
    agency = persons.agency
    _name(agency, "etablissement", "aphp")
    expect(agency.locator("main form .errorlist, main form [role=alert]").first).to_be_visible()
    for name, body in REVIEWERS.items():
        _name(agency, name, body)
    agency.locator("form[action$='/assign'] button").click()
    expect(agency.locator(".messages")).to_contain_text("prouvé")
    expect(agency.locator("main")).to_contain_text("liée à une organisation du dossier (UNITC)")
    assert serious_violations(agency) == []
    away = persons.reviewers["relectrice"]
    away.goto("/fr/reviews/")
    assert away.locator("main a[href*='/reviews/']").count() == 0
    for name in ("relecteur", "lectrice"):
        _marked(persons.reviewers[name])


def _name(agency: Page, name: str, body: str) -> None:
    agency.goto(f"{CALL}/panel")
    if not agency.locator("#id_email").is_visible():
        agency.locator("summary", has_text="Désigner").click()
    agency.locator("#id_email").fill(f"{name}@example.org")
    agency.locator("#id_employer").fill(body)
    agency.locator("#id_competences").fill("leucémie, thérapie cellulaire")
    agency.locator("button[value=name]").click()


def _marked(reviewer: Page) -> None:
    reviewer.goto("/fr/reviews/")
    reviewer.locator("main a[href*='/reviews/']").first.click()
    expect(reviewer.locator("main")).to_contain_text(WRITTEN)
    reviewer.locator("#id_mark-strategy").fill("4,5")
    reviewer.locator("#id_mark-means").fill("4")
    reviewer.locator("#id_to_applicant").fill("Un projet clair.")
    assert serious_violations(reviewer) == []
    reviewer.locator("button[value=send]").click()
    expect(reviewer.locator(".messages")).to_be_visible()


def _decided(persons: Persons, application: str) -> None:
    """The agency proposes along the ranking, the ministry decides and publishes, and the consortium is told by mail."""
    agency, ministry = persons.agency, persons.ministry
    agency.goto(f"{CALL}/ranking")
    expect(agency.locator("tbody tr").first).to_contain_text("4,30")
    assert serious_violations(agency) == []
    agency.locator("select[name=outcome]").first.select_option("award")
    agency.locator("tbody form.inline button").first.click()
    ministry.goto(f"{CALL}/decisions")
    ministry.locator("form[action$='/conclude'] button").click()
    expect(ministry.locator(".messages")).to_be_visible()
    assert serious_violations(ministry) == []
    ministry.locator("button[value=publish]").click()
    expect(ministry.locator("main")).to_contain_text("publié")
    wait_for_mail("consortium@example.org", "Cellules et gènes contre les leucémies")
    persons.lead.goto(application)
    expect(persons.lead.locator("main")).to_contain_text("Un projet clair.")
    assert persons.lead.request.get(f"{application}/letter").body().startswith(b"%PDF")
