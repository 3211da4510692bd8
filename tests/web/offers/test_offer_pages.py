"""The pages on which offers are proposed, revised, ended and joined, and those on capacity, promise and demand."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.actors import PUBLIC, Actor
from maillage.offers.models import Capacity, Offer
from maillage.partnerships.actions.answers import answer_need, decline_need
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.actions.requester import agree_to_pass_on
from maillage.partnerships.demand import network_demand
from maillage.partnerships.models import Need
from maillage.partnerships.need_inputs import ProposedOfferInput, RequestedCapabilityInput, RequesterInput
from maillage.people.models import Mandate
from maillage.people.queries import actor_of
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for, get_organisation, page_text

pytestmark = pytest.mark.django_db

DRAFT = {
    "title_fr": "Criblage de médicaments sur cellules de malades",
    "title_en": "Drug screening on patient cells",
    "keywords": "drug screening, criblage de médicaments",
    "languages": ["fr", "en"],
}
NEED = "We look for drug screening on patient cells of acute myeloid leukaemia."


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(timezone.now())


@pytest.fixture
def lab() -> Client:
    """The lead of a unit of the example."""
    return client_for("alfa", "lead")


def proposed(lab: Client, **change) -> Offer:
    sent = lab.post("/en/organisations/alfa/offers/new", DRAFT | change)
    assert sent.status_code == 302, page_text(sent)
    return Offer.objects.get(key=sent.headers["Location"].rsplit("/", 1)[-1])


def version(page: str) -> str:
    return re.search(r'name="version" value="([^"]+)"', page)[1].replace("&quot;", '"')


def test_an_offer_is_found_as_soon_as_it_is_proposed(client: Client, lab: Client):
    before = page_text(client.post("/en/answer", {"need": NEED}))
    offer = proposed(lab)
    after = page_text(client.post("/en/answer", {"need": NEED}))
    assert offer.title_en not in before
    assert offer.title_en in after
    assert "Criblage de médicaments sur cellules" in page_text(client.post("/fr/answer", {"need": NEED}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"trl_low": 12}, "less than or equal to 9"),
        ({"title_fr": ""}, "required"),
        ({"trl_low": 7, "trl_high": 2}, "TRL"),
    ],
)
def test_what_an_offer_cannot_say_is_told_on_its_form(lab: Client, change, told):
    sent = lab.post("/en/organisations/alfa/offers/new", DRAFT | change)
    assert sent.status_code == 422
    assert told.casefold() in page_text(sent).casefold()
    assert DRAFT["keywords"] in page_text(sent)


def test_an_offer_is_revised_once_read_and_not_over_anothers_change(lab: Client):
    offer = proposed(lab)
    page = f"/en/offers/{offer.key}/revise"
    read = version(page_text(lab.get(page)))
    change = DRAFT | {"title_en": "Drug screening, ten plates a week", "reason": "More plates.", "version": read}
    assert lab.post(page, change).status_code == 302
    assert "ten plates a week" in page_text(lab.get(offer.get_absolute_url()))
    late = lab.post(page, change | {"title_en": "Something else"})
    assert late.status_code == 422
    assert "somebody has changed it" in page_text(late)


def test_an_offer_that_ended_is_matched_no_more(client: Client, lab: Client):
    offer = proposed(lab)
    page = f"/en/offers/{offer.key}/end"
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Offer.objects.filter(pk=offer.pk).update(period_start="2020")
    sent = lab.post(page, {"last_day": yesterday.isoformat(), "reason": "The platform closes."})
    assert sent.status_code == 302
    assert offer.title_en not in page_text(client.post("/en/answer", {"need": NEED}))
    assert client.get(offer.get_absolute_url()).status_code == 200


def offers_of(page: str) -> list[str]:
    """The lines of the offers of an answer, above those of laboratories."""
    return page.partition("Public laboratories nearest")[0].split("<h3>")[1:]


def test_who_is_full_comes_last_and_says_until_when(client: Client, lab: Client):
    proposed(lab)
    first = page_text(client.post("/en/answer", {"need": NEED}))
    free = timezone.localdate() + dt.timedelta(days=60)
    assert lab.post("/en/organisations/alfa/capacity", {"free_from": free.isoformat()}).status_code == 302
    page = page_text(client.post("/en/answer", {"need": NEED}))
    hits = offers_of(page)
    full = ["Full at the moment" in one for one in hits]
    assert len(hits) == len(offers_of(first))
    assert True in full
    assert full == sorted(full)
    assert not full[0]
    assert "Complet pour le moment" in page_text(client.post("/fr/answer", {"need": NEED}))
    assert "Disponibilités" in page_text(client.get("/fr/organisations/alfa"))


def test_a_promise_opens_a_body_to_needs(client: Client):
    assert "IRSL" not in page_text(client.get("/en/needs/new"))
    manager = client_for("irsl")
    assert manager.post("/en/organisations/irsl/promise", {"working_days": 12}).status_code == 302
    page = page_text(client.get("/en/organisations/irsl"))
    assert "within 12 working days" in page
    assert "?to=irsl" in page
    chosen = page_text(client.get("/en/needs/new?to=irsl"))
    assert re.search(rf'<option value="{get_organisation("irsl").pk}" selected', chosen)


@pytest.mark.parametrize(
    "path", ["organisations/irsl/offers/new", "organisations/irsl/capacity", "organisations/irsl/promise",
             "organisations/irsl/offers/joint", "organisations/irsl/offers/asked"],
)  # fmt: skip
def test_a_neighbour_is_refused_before_the_form(client: Client, path):
    assert client.get(f"/en/{path}").status_code == 403
    assert client_for("opale").get(f"/en/{path}").status_code == 403


def test_a_strangers_offer_shows_no_way_to_change_it(lab: Client):
    offer = proposed(lab)
    assert "/revise" in page_text(lab.get(offer.get_absolute_url()))
    neighbour = client_for("irsl")
    assert "/revise" not in page_text(neighbour.get(offer.get_absolute_url()))
    assert neighbour.get(f"/en/offers/{offer.key}/revise").status_code == 403


def mandate_of(key: str, role: str) -> Actor:
    """Somebody who acts for a body."""
    client_for(key, role)
    held = Mandate.objects.get(person__email=f"{role}-{key}@example.org")
    return actor_of(held.person, timezone.now(), held.pk)


def member_offers() -> list[Offer]:
    """Offers of two members of the network."""
    made = []
    for key in ("alfa", "graall"):
        made.append(
            Offer.objects.create(key=f"part-{key}", provider=get_organisation(key), title_fr=f"Part de {key}",
                                 title_en=f"Part of {key}", keywords=["drug screening"], period_start="2020")
        )  # fmt: skip
    return made


def stated(concepts: list[str], *, addressee: str = "opale", sector: str = "21") -> Need:
    asker = RequesterInput("A small company", "company@example.org", sector=sector)
    asked = [RequestedCapabilityInput(one) for one in concepts]
    given = {"text": NEED, "asker": asker, "addressee_id": get_organisation(addressee).pk, "asked": asked}
    return state_need(actor=PUBLIC, at=timezone.now(), **given).need


def test_a_network_joins_offers_of_its_members(client: Client):
    pilot = client_for("opale", "pilot")
    parts = member_offers()
    page = page_text(pilot.get("/en/organisations/opale/offers/joint?concept=drug-screening"))
    assert page.index("Part of graall") < page.rindex("checkbox")
    assert re.search(rf'value="{parts[0].pk}"[^>]*checked', page)
    sent = pilot.post("/en/organisations/opale/offers/joint", DRAFT | {"parts": [parts[0].pk]})
    assert "at least two" in page_text(sent)
    sent = pilot.post("/en/organisations/opale/offers/joint", DRAFT | {"parts": [one.pk for one in parts]})
    assert sent.status_code == 302
    shown = page_text(client.get(sent.headers["Location"]))
    assert "Made of" in shown
    assert "Part of alfa" in shown
    assert "Part of joint offers" in page_text(client.get(parts[1].get_absolute_url()))
    assert DRAFT["title_en"] in page_text(client.post("/en/answer", {"need": NEED}))


def test_what_was_asked_without_answer_leads_to_a_joint_offer():
    member_offers()
    manager = mandate_of("opale", "manager")
    answered, refused = stated(["drug-screening", "aml"]), stated(["drug-screening"])
    offer = Offer.objects.get(key="part-alfa")
    by = {"actor": manager, "at": timezone.now()}
    answer_need(need_id=answered.pk, letter="We do.", team=[ProposedOfferInput(offer.pk, ["drug-screening"])], **by)
    decline_need(need_id=refused.pk, reason="Nobody is free.", **by)
    agree_to_pass_on(actor=PUBLIC, at=timezone.now(), need_id=refused.pk, agrees=True)
    # The network has it before it then, and finds nobody either.
    decline_need(
        need_id=refused.pk, reason="Nobody at all.", actor=mandate_of("carnot-mti", "pilot"), at=timezone.now()
    )
    stated(["mrd"])
    pilot = client_for("opale", "pilot")
    page = page_text(pilot.get("/en/organisations/opale/offers/asked"))
    row = re.search(r"<tr>\s*<th[^>]*>\s*drug screening\s*</th>(.*?)</tr>", page, re.DOTALL | re.IGNORECASE)
    assert row, page
    assert re.findall(r'class="figure[^"]*">(\d+)', row[1]) == ["2", "1"]
    assert "pharmaceuticals" in page
    assert "1 still has time" in page
    assert "pharmacie" in page_text(pilot.get("/fr/organisations/opale/offers/asked"))


def test_how_a_promise_was_kept_is_shown_to_those_who_act(client: Client):
    need = stated(["aml"])
    lead = client_for("opale")
    page = lead.get("/en/organisations/opale")
    assert "1 need received" in page_text(page)
    assert "need received" not in page_text(client.get("/en/organisations/opale"))
    assert "need received" not in page_text(client_for("calym").get("/en/organisations/opale"))
    assert need.key not in page_text(client.get("/en/organisations/opale"))


def test_capacity_said_again_replaces_what_was_said(lab: Client):
    for days in (10, 20):
        free = timezone.localdate() + dt.timedelta(days=days)
        lab.post("/en/organisations/alfa/capacity", {"free_from": free.isoformat(), "note_en": f"In {days} days"})
    assert [one.note_en for one in Capacity.objects.all()] == ["In 20 days"]
    lab.post("/en/organisations/alfa/capacity", {"free_from": "", "note_en": ""})
    assert "When it can take work" not in page_text(lab.get("/en/organisations/alfa"))


def test_small_numbers_of_needs_that_are_not_for_the_reader_are_not_told():
    def told() -> tuple[int, list[int]]:
        found = network_demand(get_organisation("carnot-mti").pk, actor=mandated, at=timezone.now())
        return found.needs, [line.asked for line in found.lines if line.concept == "mrd"]

    mandated = mandate_of("carnot-mti", "pilot")
    for _number in range(2):
        stated(["mrd"])
        assert told() == (0, [])
    stated(["mrd"])
    assert told() == (3, [3])
