"""The ecosystem pages as a static site, and within a frame of another site."""

import re
from pathlib import Path

import pytest
from django.test import Client

from maillage.errors import MaillageError
from maillage.register.models import Organisation, Tie
from maillage.web.publishing.static_site.writer import publish_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def brio() -> Organisation:
    made = Organisation(key="brio", kind="network", name_fr="BRIO", period_start="2010")
    made.save()
    other = Organisation(key="euro", kind="network", name_fr="EURO")
    other.save()
    Tie(subject=made, kind="member", object=other, period_start="2015").save()
    return made


def publish(folder: Path, live_site: str = "") -> int:
    return publish_site(folder, ["brio"], live_site, lambda *_told: None)


def linked(page: Path) -> set[str]:
    """The files to which a page links, as its links name them."""
    found = re.findall(r' (?:href|src)="([^"#:]+)', page.read_text(encoding="utf-8"))
    return set(found)


@pytest.mark.usefixtures("brio")
def test_every_link_leads_to_a_file_and_no_page_needs_the_living_site(tmp_path: Path) -> None:
    publish(tmp_path)
    pages = sorted(tmp_path.rglob("*.html"))
    names = {str(page.relative_to(tmp_path)) for page in pages}
    assert {"fr/ecosystems/brio/index.html", "en/organisations/euro/index.html", "index.html"} <= names
    assert "fr/ecosystems/brio/why/1/index.html" in names
    for page in pages:
        for link in linked(page):
            assert (page.parent / link).resolve().is_file(), f"{page}: {link}"
        html = page.read_text(encoding="utf-8")
        assert not re.search(r"<form|<search|hx-|<script(?! type=\"application/ld)", html), page
    french = (tmp_path / "fr/ecosystems/brio/index.html").read_text(encoding="utf-8")
    assert "depuis 2015" in french
    assert re.search(r'<p class="asof">\s*Situation', french)


@pytest.mark.usefixtures("brio")
def test_other_links_lead_to_the_living_site_where_one_is_named(tmp_path: Path) -> None:
    publish(tmp_path, "https://network.example")
    html = (tmp_path / "en/ecosystems/brio/index.html").read_text(encoding="utf-8")
    assert 'href="https://network.example/en/offers/"' in html


@pytest.mark.usefixtures("brio")
def test_written_again_it_removes_its_own_old_files_and_never_those_of_others(tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "other"
    publish(site)
    Tie.objects.all().delete()
    publish(site)
    assert not (site / "fr/organisations/euro/index.html").exists()
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(MaillageError, match="not an empty folder"):
        publish(other)
    with pytest.raises(MaillageError, match="no public organisation with the key “nobody”"):
        publish_site(tmp_path / "new", ["nobody"], "", lambda *_told: None)


@pytest.mark.usefixtures("brio")
def test_any_site_may_frame_the_sentences_and_no_other_page() -> None:
    framed = Client().get("/en/ecosystems/brio/embed")
    assert "BRIO" in framed.content.decode()
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    whole = Client().get("/en/ecosystems/brio")
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Frame-Options"] == "DENY"
    assert "/en/ecosystems/brio/embed&quot;" in whole.content.decode().replace('"', "&quot;")
    assert Client().get("/en/ecosystems/nobody/embed").status_code == 404
