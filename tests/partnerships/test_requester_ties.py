"""What ties laboratories to who asks: a small rise, its reason, and the click that switches it off."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.matching.match_result import ConceptMatch, Proposal, ProposalReasons
from maillage.matching.tie_rise import rise_tied
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.models import Need, TeamReply, TeamRequest
from maillage.partnerships.need_inputs import RequesterInput
from maillage.partnerships.offer_matching import match_offers
from maillage.partnerships.requester_ties import Asker
from maillage.projects.models import Participation, Party, Project
from maillage.register.localities import locality_of_text
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for, get_organisation, page_text

TEXT = "Paired samples at diagnosis and relapse of acute myeloid leukaemia, with consent."


def proposal(key: str, score: float, *concepts: str) -> Proposal:
    met = tuple(ConceptMatch(concept, concept, 0, concept, concept, False, None) for concept in concepts)
    return Proposal(key, score, 1.0, ProposalReasons(met, (), (), ()))


@pytest.mark.parametrize(
    ("tied", "expected"),
    [
        (proposal("tied", 0.95, "aml", "samples"), ["tied", "first"]),
        (proposal("tied", 0.85, "aml", "samples"), ["first", "tied"]),
        (proposal("tied", 0.99, "aml"), ["first", "tied"]),
    ],
    ids=["as good comes first", "much weaker stays", "meeting less stays"],
)
def test_a_tie_raises_only_what_serves_as_well(tied, expected):
    ranked = rise_tied([proposal("first", 1.0, "aml", "samples"), tied], {"tied": 1})
    assert [one.offer for one in ranked] == expected


def asker_of(**values: str) -> Asker:
    return Asker("A small company", **values)


def reasons(asker: Asker, actor=PUBLIC) -> dict[str, tuple[str, ...]]:
    with override("en"):
        matches = match_offers(TEXT, actor=actor, on=timezone.localdate(), past=False, asker=asker)
    return {match.offer.provider.key: match.ties for match in matches.proposed if match.ties}


@pytest.mark.usefixtures("example")
class TestReasons:
    def test_a_region_is_known_by_its_name_its_department_and_a_town_of_the_register(self):
        places = [locality_of_text(text, PUBLIC) for text in ("Île-de-France", "Hauts-de-Seine", "paris")]
        assert [place.region for place in places] == ["FR-IDF"] * 3
        assert locality_of_text("Nowhere at all", PUBLIC).region == ""

    @pytest.mark.parametrize("text", ["Paris", "75013 Paris", "Paris, France", "F-75013  Paris, France"])
    def test_a_town_is_known_before_the_region_that_has_its_name(self, text):
        place = locality_of_text(text, PUBLIC, country="FR")
        assert (place.town, place.region) == ("Paris", "FR-IDF")

    def test_laboratories_in_the_region_of_the_requester_say_so(self):
        said = reasons(asker_of(country="FR", place="Île-de-France"))
        assert said
        assert {words for words, *_others in said.values()} == {"in your region (Île-de-France)"}
        assert not reasons(asker_of(country="FR", place="Bretagne"))

    def test_who_worked_with_the_requester_says_when(self):
        provider = match_offers(TEXT, actor=PUBLIC, on=timezone.localdate(), past=False).proposed[0].offer.provider
        project = Project.objects.create(
            key="p1", funder="cordis", number="1", title="A project", acronym="OLD", status="CLOSED",
            signed_on="2022-03-01", year=2022, visibility="public",
        )  # fmt: skip
        for key, name, body in (("a", "A small company", None), ("b", "Laboratory", provider)):
            tie = "name" if body else ""
            party = Party.objects.create(
                key=key, funder="cordis", number=key, name=name, kind="PRC", organisation=body, tie=tie
            )
            Participation.objects.create(project=project, party=party, number=key, role="participant", position=1)
        assert reasons(asker_of())[provider.key] == ("worked with you in 2022 (OLD)",)
        assert not reasons(Asker("Another company"))


@pytest.fixture
def need(example) -> Need:
    publish_shipped_definitions(timezone.now())
    asker = RequesterInput("A small company", "company@example.org", country="FR", sector="21", place="Paris")
    opale = get_organisation("opale").pk
    return state_need(actor=PUBLIC, at=timezone.now(), text=TEXT, asker=asker, addressee_id=opale).need


def test_the_form_says_what_ties_a_laboratory_and_one_click_leaves_it_out(client: Client, example):
    form = {"text": TEXT, "organisation": "A small company", "place": "Paris", "country": "FR"}
    page = page_text(client.post("/en/needs/matches", form))
    assert "in your town (Paris)" in page
    assert re.search(r'name="ties"\s+value="off"', page)
    without = page_text(client.post("/en/needs/matches", form | {"ties": "off"}))
    assert "in your" not in without
    later = page_text(client.post("/en/needs/matches", form | {"ties_were": "off"}))
    assert re.search(r'name="ties"\s+value="on"', later)


def test_the_switch_works_without_script_and_keeps_what_was_typed(client: Client, example):
    form = {"text": TEXT, "place": "Paris", "ties": "off"}
    answer = client.post("/en/needs/new", form)
    page = page_text(answer)
    assert answer.status_code == 200
    assert TEXT in page
    assert 'value="Paris"' in page
    assert not Need.objects.exists()


def test_who_says_who_asks_reads_ties_on_the_page_of_answers_and_carries_them_along(client: Client, example):
    assert "in your town" not in page_text(client.post("/en/answer", {"need": TEXT}))
    form = {"need": TEXT, "organisation": "A small company", "place": "Paris"}
    page = page_text(client.post("/en/answer", form))
    assert "in your town (Paris)" in page
    carried = re.findall(r'type="hidden" name="(organisation|place)" value="([^"]+)"', page)
    assert set(carried) == {("organisation", "A small company"), ("place", "Paris")}
    without = page_text(client.post("/en/answer", form | {"ties": "off"}))
    assert "in your town" not in without
    assert 'value="Paris"' in without
    begun = page_text(client.post("/en/needs/new", form | {"do": "begin", "ties_were": "off"}))
    assert 'value="Paris"' in begun
    assert "What ties laboratories to you is left out." in begun


def test_who_asks_teams_reads_what_ties_them_and_may_leave_it_out(need):
    client = client_for("opale", "manager")
    page = page_text(client.get(f"/en/needs/{need.key}/ask"))
    assert "in the requester’s town (Paris)" in page
    ticked = re.findall(r'name="offers"\s+value="(\d+)"', page)[-1]
    posted = {"offers": ticked, "message": "By Friday, please.", "ties": "off"}
    without = page_text(client.post(f"/en/needs/{need.key}/ask", posted))
    assert "in the requester’s" not in without
    assert "Use it again" in without
    assert "By Friday, please." in without
    assert re.search(rf'value="{ticked}"[^>]*checked', without)
    assert not need.requests.exists()
    refused = page_text(client.post(f"/en/needs/{need.key}/ask", {"message": "By Friday.", "ties_were": "off"}))
    assert "in the requester’s" not in refused


def test_a_sector_counts_for_those_who_may_read_its_needs_alone(need):
    match = match_offers(TEXT, actor=PUBLIC, on=timezone.localdate(), past=False).proposed[0]
    TeamRequest.objects.create(need=need, offer=match.offer, asked_at=timezone.now(), reply=TeamReply.YES)
    assert not reasons(asker_of(sector="21"))
    said = reasons(Asker("Another company", sector="21"), SYSTEM)
    assert said[match.offer.provider.key] == ("said yes to 1 other need of the sector “pharmaceuticals”",)
    assert not reasons(Asker("Another company", sector="21", need_id=need.pk), SYSTEM)
    assert not reasons(Asker("Another company", sector="00"), SYSTEM)
