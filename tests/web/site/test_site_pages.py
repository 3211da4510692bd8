"""The pages of the settings of the site, and what every page shows of them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.register.models import Organisation
from maillage.register.queries import shown_organisations
from maillage.site.actions.site_settings import save_site_settings, write_site_text
from maillage.site.queries import current_site
from tests.hidden_records import create_person
from tests.site.test_site_settings import png
from tests.web.clients import page_text, page_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(create_person("Officer", is_officer=True))
    return client


def save(**changes: Any) -> None:
    save_site_settings(actor=SYSTEM, at=timezone.now(), changes=changes)


def test_the_settings_are_for_officers() -> None:
    assert Client().get("/en/site/settings/").status_code == 403
    assert Client().get("/en/site/settings/name").status_code == 403


def test_what_an_officer_saves_is_on_every_page(officer: Client) -> None:
    answer = officer.post("/en/site/settings/name", {"name_fr": "Réseau Iris", "name_en": "Iris network"}, follow=True)
    assert "Saved: Name of the network." in page_text(answer)
    officer.post("/en/site/settings/contact", {"contact_mail": "iris@iris.example", "contact": "1 Port Road\nBrest"})
    reader = Client()
    assert "<title>Organisations · Iris network</title>" in page_text(reader.get("/en/organisations/"))
    assert "· Réseau Iris</title>" in page_text(reader.get("/fr/organisations/"))
    assert "1 Port Road Brest" in page_words(reader, "/en/organisations/").replace("<br>", " ")


def test_a_refused_value_is_said_at_its_field_and_nothing_typed_is_lost(officer: Client) -> None:
    answer = officer.post("/en/site/settings/colours", {"colour": "#ffcc00", "dark_colour": "#ffffff"})
    assert answer.status_code == 422
    assert "needs 4.5 to 1" in page_text(answer)
    assert 'value="#ffcc00"' in page_text(answer)
    assert 'value="#ffffff"' in page_text(answer)


def test_the_colours_are_a_style_sheet_that_browsers_keep(officer: Client) -> None:
    assert "/site/colours/" not in page_text(officer.get("/en/organisations/"))
    officer.post("/en/site/settings/colours", {"colour": "#7A1F5C", "dark_colour": ""})
    digest = current_site().colour_digest
    assert f'href="/site/colours/{digest}.css"' in page_text(officer.get("/en/organisations/"))
    sheet = Client().get(f"/site/colours/{digest}.css")
    assert "--opal: #7a1f5c" in page_text(sheet)
    assert "immutable" in sheet["Cache-Control"]


def test_a_setting_of_the_environment_is_shown_locked(officer: Client, settings: Any) -> None:
    settings.SITE_ENVIRONMENT = {"name_en": "Set outside"}
    assert "locked by the environment (MAILLAGE_NAME_EN)" in page_words(officer, "/en/site/settings/")
    assert "Locked: the environment sets it (MAILLAGE_NAME_EN)." in page_words(officer, "/en/site/settings/name")
    officer.post("/en/site/settings/name", {"name_fr": "Le nôtre", "name_en": "Ours"})
    assert (current_site().values.name_fr, current_site().values.name_en) == ("Le nôtre", "Set outside")


@pytest.mark.usefixtures("own_storage")
def test_a_logo_is_served_as_the_picture_it_is_and_a_script_is_refused(officer: Client) -> None:
    script = SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'></svg>", content_type="image/png")
    refused = officer.post("/en/site/settings/logo", {"file": script}, follow=True)
    assert "An SVG picture may hold a script" in page_text(refused)
    officer.post("/en/site/settings/logo", {"file": SimpleUploadedFile("a.svg", png(), content_type="image/svg+xml")})
    logo = current_site().logo
    assert logo
    picture = Client().get(f"/site/logo/{logo.digest}")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert picture.content == png()
    officer.post("/en/site/settings/logo", {"do": "remove"})
    assert Client().get(f"/site/logo/{logo.digest}").status_code == 404


@pytest.mark.usefixtures("own_search_index")
def test_the_organisations_shown_are_picked_by_name(officer: Client) -> None:
    for key, name in (("north", "Northern Institute"), ("south", "Southern Institute")):
        Organisation.objects.create(key=key, kind="institute", name_en=name)
    refused = officer.post("/en/site/settings/shown", {"shown-0": "Nowhere"})
    assert "Nothing in the register answers to “Nowhere”" in page_words_of(refused)
    officer.post("/en/site/settings/shown", {"shown-0": "Southern Institute", "shown-1": "northern institute"})
    assert [record.key for record in shown_organisations(actor=SYSTEM)] == ["south", "north"]
    assert "Southern Institute" in page_words(officer, "/en/site/settings/")


def page_words_of(answer: Any) -> str:
    return page_text(answer).replace("&quot;", '"')


def test_a_text_is_shown_without_its_markup_and_led_to_from_the_foot(officer: Client) -> None:
    assert Client().get("/en/site/texts/legal").status_code == 404
    text = "## Publisher\n\nIris, 1 Port Road <script>\n- https://iris.example\n- by post"
    write_site_text(actor=SYSTEM, at=timezone.now(), kind="legal", text_en=text, text_fr="Éditeur")
    page = page_text(Client().get("/en/site/texts/legal"))
    assert "<h2>Publisher</h2>" in page
    assert "&lt;script&gt;" in page
    assert '<a href="https://iris.example"' in page
    assert 'href="/fr/site/texts/legal">Mentions légales</a>' in page_text(Client().get("/fr/organisations/"))


def test_a_language_that_is_not_offered_leads_to_one_that_is() -> None:
    save(languages="en,fr")
    assert Client().get("/", headers={"accept-language": "de"}).url == "/en/"
    assert Client().get("/", headers={"accept-language": "de, fr;q=0.5"}).url == "/fr/"
    save(languages="en")
    assert Client().get("/fr/organisations/?on=2020-01-01").url == "/en/organisations/?on=2020-01-01"
    assert 'hreflang="fr"' not in page_text(Client().get("/en/organisations/"))
    assert Client().get("/fr/nothing/here").url == "/en/nothing/here"
    assert Client().get("/en/nothing/here").status_code == 404
