"""The ecosystem page as a reader, a program and an officer get it."""

import datetime as dt
import json
import re
from contextlib import nullcontext

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from typer.testing import CliRunner

from maillage.cli import check
from maillage.core.actors import SYSTEM
from maillage.people.models import User
from maillage.publishing.queries import get_ecosystem_page
from maillage.register.models import Organisation, Tie

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example")]


def get(client: Client, address: str, status: int = 200) -> str:
    response: HttpResponse = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def words(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def sentence(html: str, number: int) -> str:
    found = re.search(rf'<span class="told [^>]*id="s{number}">(.*?)<span class="nowrap">', html, re.DOTALL)
    return words(found[1]) if found else ""


def test_the_page_is_told_in_both_languages(client: Client) -> None:
    assert sentence(get(client, "/fr/ecosystems/opale"), 1) == "Le dispositif Carnot existe depuis 2006."
    assert sentence(get(client, "/en/ecosystems/opale"), 1) == "The Carnot scheme has existed since 2006."


def test_another_day_tells_that_days_truth_and_its_links_keep_the_day(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale?on=2021-01-01")
    assert "takes part in HARMONY" in sentence(html, 42)
    assert 'href="/en/organisations/harmony?on=2021-01-01"' in html
    assert sentence(get(client, "/en/ecosystems/opale?on=2015-01-01"), 42) == ""


def test_each_mark_is_a_link_with_words_to_the_sources(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale")
    links = re.findall(r'<a class="why-link"\s+href="([^"]+)".*?</a>', html, re.DOTALL)
    assert len(links) == 68
    assert links[0] == "/en/ecosystems/opale?why=1#why"
    assert html.count("why this sentence?") == 68


def test_the_panel_shows_sum_state_sources_and_both_sides_without_script(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale?on=2021-01-01&why=6")
    panel = words(html[html.index('id="why"') : html.index('id="figures"')])
    assert re.search(r"organisations holding Carnot label on 1 January 2021: \d+ for certain, \d+ perhaps", panel)
    assert "contradicted" in panel
    assert "Carnot label: true on that day" in panel
    assert "biotechinfo.fr" in panel
    assert "Number of Carnot institutes" in panel
    assert "39 (OPALE page, 2024 press)" in panel
    assert 'class="told told-contradicted chosen" id="s6"' in html


def test_the_home_page_leads_to_it_and_so_do_its_old_addresses(client: Client) -> None:
    assert 'href="/en/ecosystems/opale"' in get(client, "/en/")
    for query in ("on=2021-01-01", "why=6", "on=2021-01-01&with=2015-01-01"):
        response = client.get(f"/en/?{query}")
        assert (response.status_code, response.headers["Location"]) == (302, f"/en/ecosystems/opale?{query}")


def test_a_page_of_nobody_is_not_found_and_one_of_a_merged_organisation_leads_on(client: Client) -> None:
    get(client, "/en/ecosystems/nobody", 404)
    opale = Organisation.objects.get(key="opale")
    Organisation.objects.filter(key="unitc").update(merged_into=opale)
    response = client.get("/en/ecosystems/unitc?on=2021-01-01")
    assert (response.status_code, response.headers["Location"]) == (302, "/en/ecosystems/opale?on=2021-01-01")


@pytest.mark.parametrize("asked", ["0", "999", "x", "²", "-1", "9" * 300])
def test_a_sentence_that_is_not_there_opens_no_panel(client: Client, asked: str) -> None:
    assert 'id="why"' not in get(client, f"/en/ecosystems/opale?why={asked}")


def test_the_figures_count_each_mark(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale")
    counts = [int(count) for count in re.findall(r"<li><span class=\"mark.*?</span></span>: <b>(\d+)</b></li>", html)]
    assert sum(counts) == 68
    assert html.count('class="told told-confirmed') == counts[0]


def test_two_days_are_compared(client: Client) -> None:
    html = words(get(client, "/en/ecosystems/opale?on=2015-01-01&with=2021-01-01"))
    assert "From 1 January 2015 to 1 January 2021" in html
    assert "appeared" in html


@pytest.mark.parametrize("other", ["soon", "2021-02-30", "2021-01-01"])
def test_a_day_that_cannot_be_compared_is_refused_beside_its_field(client: Client, other: str) -> None:
    html = get(client, f"/en/ecosystems/opale?on=2021-01-01&with={other}")
    assert 'aria-describedby="with-refused"' in html
    assert "takes part in HARMONY" in sentence(html, 42)


def test_programs_read_what_the_page_is_about(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale?on=2021-01-01")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["inLanguage"]) == ("WebPage", "en")
    assert data["contentReferenceTime"] == "2021-01-01"
    assert data["about"]["alternateName"] == "OPALE"
    assert "HARMONY" in {one["name"] for one in data["mentions"]}


def test_no_style_and_no_script_stand_in_the_page(client: Client) -> None:
    html = get(client, "/en/ecosystems/opale?why=6")
    assert " style=" not in html
    assert "<style" not in html
    assert re.search(r"<script(?! (src|type=\"application/ld))", html) is None


def test_names_from_the_register_are_escaped(client: Client) -> None:
    Organisation.objects.filter(key="unitc").update(acronym="<b>U</b>")
    html = get(client, "/en/ecosystems/opale?why=18")
    assert "<b>U</b>" not in html
    assert "&lt;b&gt;U&lt;/b&gt;" in html


def test_only_officers_see_what_could_not_be_told(client: Client) -> None:
    Organisation.objects.filter(key="mesr").update(key="ministry")
    assert "is not published" not in get(client, "/en/ecosystems/opale")
    client.force_login(User.objects.create(email="officer@example.org", name="Officer", is_officer=True))
    assert "Sentence 9 is not published: the register has no organisations mesr." in words(
        get(client, "/en/ecosystems/opale")
    )


def test_as_many_queries_for_a_hundred_more_ties() -> None:
    today = timezone.localdate()
    opale = Organisation.objects.get(key="opale")

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            get_ecosystem_page(opale, actor=SYSTEM, day=today, today=today)
        return len(counted)

    before, unitc = queries(), Organisation.objects.get(key="unitc")
    for number in range(100):
        body = Organisation(key=f"body-{number}", name_en=f"Body {number}", kind="company")
        body.save()
        Tie(subject=body, object=unitc, kind="member", period_start="2020").save()
    assert queries() == before


def test_check_prints_what_to_look_at_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "running_site", nullcontext)
    result = CliRunner().invoke(check.app, ["statements", "--json"])
    assert result.exit_code == 1
    found = {fault["number"]: fault for fault in json.loads(result.stdout)}
    assert found[42]["kind"] == "ended"
    assert found[29]["kind"] == "contradicted"
    assert 1 not in found
    table = CliRunner().invoke(check.app, ["statements"])
    assert table.exit_code == 1
    assert "statements to look at" in table.stdout


def test_check_is_content_where_nothing_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "statement_faults", lambda _language: [])
    monkeypatch.setattr(check, "running_site", nullcontext)
    assert CliRunner().invoke(check.app, ["statements"]).exit_code == 0


def test_the_past_record_is_read_too(client: Client) -> None:
    before = (timezone.localdate() - dt.timedelta(days=400)).isoformat()
    get(client, f"/en/ecosystems/opale?known={before}", 404)
