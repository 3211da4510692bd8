"""The ecosystem in pictures: the same facts in the drawing and in the table, on any day, for whoever may read them."""

import datetime as dt
import itertools
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.core.actors import PUBLIC
from maillage.labels.models import Award, Label
from maillage.register.models import Organisation, Tie
from maillage.register.network import get_network
from tests.web.clients import page_words

pytestmark = pytest.mark.django_db

PAGES = ("/en/network", "/fr/network?on=2015-01-01", "/en/labels/timeline", "/fr/labels/timeline?label=carnot",
         "/fr/figures", "/en/figures?on=2015-01-01")  # fmt: skip
TODAY = dt.date(2026, 11, 30)


def organisation(key: str, kind: str = "institute", **fields: object) -> Organisation:
    return Organisation.objects.create(key=key, kind=kind, name_en=f"The {key}", **fields)


@pytest.mark.parametrize("address", PAGES)
def test_each_picture_has_a_title_a_table_and_links_to_the_others(example: None, client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    drawing = html[html.index("<main") :]
    assert "<svg" in drawing
    assert "<table>" in drawing
    assert 'aria-current="page"' in drawing
    assert len(re.findall('<ul class="plain-list tabs">', html)) == 1
    assert not re.search(r" style=|<script(?! (defer )?src| type=\"application)", drawing)


def test_the_map_of_the_example_has_its_towns(example: None, client: Client) -> None:
    towns = {row.town.name: row.town for row in client.get("/en/map?country=all").context["rows"]}
    assert towns["Besançon"].count == 7
    assert len(towns) > 30
    assert client.get("/en/map").context["places"].placed > 130


@pytest.mark.parametrize("address", [*PAGES, "/fr/map", "/en/labels/timeline?label=none&year=2020"])
def test_an_empty_register_says_so(db: None, client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


class TestTheNetwork:
    @pytest.fixture(autouse=True)
    def _register(self, db: None) -> None:
        hub = organisation("hub", "network")
        for number in range(6):
            end = "2020" if number == 0 else ".."
            Tie.objects.create(
                subject=organisation(f"o{number}"), object=hub, kind="member", period_start="2010", period_end=end
            )
        organisation("alone")

    def test_it_is_that_of_the_day_and_the_same_each_time(self, client: Client) -> None:
        drawing = client.get("/en/network").context["drawing"]
        assert len(drawing.edges) == 5
        assert drawing == client.get("/en/network").context["drawing"]
        assert len(client.get("/en/network?on=2015-01-01").context["drawing"].edges) == 6
        assert client.get("/en/network?on=2005-01-01").context["drawing"] is None

    def test_each_node_is_a_link_that_says_its_ties(self, client: Client) -> None:
        html = client.get("/en/network").content.decode()
        assert 'aria-label="The o1 (institute) — member of The hub"' in html
        assert re.search(r'<a href="/en/organisations/o1"\s+aria-label', html)

    def test_twins_are_named_apart(self, client: Client) -> None:
        for city in ("Lyon", "Lille"):
            twin = organisation(city.lower(), acronym="TWIN", city=city)
            Tie.objects.create(subject=twin, object=Organisation.objects.get(key="hub"), kind="member")
        names = {node.name for node in client.get("/en/network").context["drawing"].nodes}
        assert {"The lyon", "The lille"} <= names

    def test_the_table_has_the_ties_that_are_drawn(self, client: Client) -> None:
        response = client.get("/en/network?tie=member")
        assert len(response.context["rows"]) == len(response.context["drawing"].edges) == 5
        words = page_words(client, "/en/network")
        assert "6 organisations are drawn. They have 5 ties. 2 have no tie known on that day." in words

    def test_of_a_large_network_the_best_tied_are_drawn_and_the_others_counted(self) -> None:
        network = get_network(actor=PUBLIC, on=TODAY, limit=3)
        assert [each.key for each in network.organisations] == ["o1", "o2", "hub"]
        assert (len(network.ties), network.left_out, network.untied, network.ties_left_out) == (2, 3, 2, 3)

    def test_what_is_hidden_is_neither_drawn_nor_counted(self, client: Client) -> None:
        Organisation.objects.filter(key="o1").update(visibility="organisation")
        Tie.objects.filter(subject__key="o2").update(visibility="organisation")
        html = client.get("/en/network").content.decode()
        assert "The o1" not in html
        assert len(client.get("/en/network").context["drawing"].edges) == 3
        assert "4 organisations are drawn. They have 3 ties" in page_words(client, "/en/network")


class TestLabelsOverTime:
    @pytest.fixture(autouse=True)
    def _register(self, db: None) -> None:
        label = Label.objects.create(key="star", name_fr="Étoile", name_en="Star", period_start="2011")
        for key, start, end in (("a", "2012", "2015"), ("b", "2014", ""), ("c", "", "")):
            holder = organisation(key)
            Award.objects.create(label=label, holder=holder, period_start=start, period_end=end)
        Award.objects.create(label=label, holder=organisation("d"), period_start="2012", simulated=True)

    def test_years_are_counted_for_certain_and_perhaps(self, client: Client) -> None:
        [row] = client.get("/en/labels/timeline").context["labels"]
        counts = {year.year: (year.sure, year.unsure) for year in row.label.years}
        assert min(counts) == 2012
        assert (counts[2012], counts[2014], counts[2020]) == ((1, 1), (2, 1), (0, 2))

    def test_the_day_slides_without_script(self, client: Client) -> None:
        html = client.get("/en/labels/timeline").content.decode()
        assert re.search(r'<input id="year"\s+type="range"\s+name="year"', html)
        response = client.get("/en/labels/timeline?year=2014&label=star")
        assert response["Location"] == "/en/labels/timeline?label=star&on=2014-12-31"
        assert "On 31 December 2014, 2 organisations hold it; whether 1 other does is not known." in page_words(
            client, response["Location"]
        )

    def test_who_holds_a_label_is_drawn_and_listed(self, client: Client) -> None:
        response = client.get("/en/labels/timeline?label=star&on=2013-01-01")
        drawn = [(bar.full_name, bool(bar.width)) for bar in response.context["drawing"].bars]
        assert drawn == [("The a", True), ("The b", True), ("The c", False)]
        assert [row.holder for row in response.context["awards"]] == ["The a", "The b", "The c"]


class TestFiguresByYear:
    def test_each_year_is_counted_as_far_as_dates_are_known(self, db: None, client: Client) -> None:
        organisation("old", period_start="2012", period_end="2020")
        organisation("new", period_start="2016-05")
        organisation("undated", period_start="", period_end="")
        response = client.get("/en/figures?on=2021-06-30")
        [chart] = response.context["charts"]
        counts = {year.day.year: (year.sure, year.unsure) for year in chart.figures.years}
        assert (counts[2011], counts[2012], counts[2016], counts[2021]) == ((0, 1), (1, 1), (2, 1), (1, 1))
        assert "30 June 2021 1 (1)" in page_words(client, "/en/figures?on=2021-06-30")


class TestTheMap:
    @pytest.fixture(autouse=True)
    def _register(self, db: None) -> None:
        here = {"city": "Lyon", "country": "FR"}
        organisation("located", **here, latitude=45.76, longitude=4.84)
        organisation("same-town", **here | {"city": "LYON"})
        organisation("elsewhere", city="Nowhere", country="FR")
        organisation("no-town")
        for key, latitude in (("north", 48.9), ("south", -20.9)):
            organisation(key, city="Saint-Denis", country="FR", latitude=latitude, longitude=2.3)
        for region, latitude in (("FR-69", 45.8), ("FR-31", 43.6)):
            organisation(region, city="Villette", country="FR", region=region, latitude=latitude, longitude=4.9)
        organisation("abroad", city="Porto", country="PT", latitude=41.15, longitude=-8.61, period_end="2020")

    def test_organisations_lie_where_records_of_their_town_do(self, client: Client) -> None:
        response = client.get("/en/map")
        towns = [(row.town.name, row.town.count, row.words) for row in response.context["rows"]]
        assert towns[0] == ("Lyon", 2, "The located, The same-town")
        assert sorted(towns[1:]) == [("Villette", 1, "The FR-31"), ("Villette", 1, "The FR-69")]
        words = page_words(client, "/en/map")
        assert "The place of 4 organisations is known. 4 cannot be placed" in words

    def test_it_is_that_of_the_day_and_of_the_country(self, client: Client) -> None:
        everywhere = client.get("/en/map?on=2015-01-01&country=all")
        assert {row.town.name for row in everywhere.context["rows"]} == {"Lyon", "Porto", "Villette"}
        assert [row.town.name for row in client.get("/en/map?on=2015-01-01&country=PT").context["rows"]] == ["Porto"]
        assert client.get("/en/map?country=XX").status_code == 200

    def test_a_point_leads_to_the_organisations_of_its_town(self, client: Client) -> None:
        row = client.get("/en/map").context["rows"][0]
        listed = client.get(row.url).content.decode()
        assert "The located" in listed
        assert "The elsewhere" not in listed

    def test_what_is_hidden_has_no_point(self, client: Client) -> None:
        Organisation.objects.exclude(latitude=None).update(visibility="organisation")
        assert client.get("/en/map").context["drawing"] is None

    def test_names_of_towns_do_not_meet(self, client: Client) -> None:
        for number in range(60):
            place = {"latitude": 44 + number % 8 * 0.1, "longitude": 2 + number // 8 * 0.1}
            organisation(f"t{number}", city=f"A town with a name {number}", country="FR", **place)
        drawing = client.get("/en/map").context["drawing"]
        named = [point for point in drawing.points if point.name]
        assert 10 < len(named) < len(drawing.points)
        assert drawing == client.get("/en/map").context["drawing"]
        for one, other in itertools.combinations(named, 2):
            same_line = abs(one.text_y - other.text_y) < 14
            assert not (same_line and one.anchor == other.anchor and abs(one.text_x - other.text_x) < 120)


def test_pictures_of_a_large_register_take_few_queries(example: None, client: Client) -> None:
    for address in ("/en/network", "/en/map", "/en/labels/timeline", "/en/figures"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= 14, address
