"""The page of a need for those who act on it: the next act, the clock, what is asked and the teams, in each state."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from maillage.core.actors import PUBLIC, SYSTEM
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.actions.requester import agree_to_pass_on, withdraw_need
from maillage.partnerships.models import Need, TeamRequest
from maillage.partnerships.need_inputs import RequestedCapabilityInput, RequesterInput
from maillage.partnerships.queries import running_need_cases
from maillage.people.models import Mandate, User
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for, get_organisation, page_text, page_words

pytestmark = pytest.mark.django_db

TEXT = "A bispecific antibody in adult AML: phase I/II, measurable residual disease, paired samples, against CD123."
ASKED = [("bispecific-antibody", True), ("phase-1", True), ("aml", True), ("mrd", True), ("proteomics", False)]
SIGNED = {"signer_name": "Claire", "signer_function": "Partnerships", "signer_contact": "+33 1 00 00 00 00"}


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(timezone.now())


@pytest.fixture
def need() -> Need:
    return stated()


def stated(asked: list[tuple[str, bool]] = ASKED) -> Need:
    return state_need(
        actor=PUBLIC,
        at=timezone.now(),
        text=TEXT,
        title="An antibody",
        asker=RequesterInput("A small company", "company@example.org", "The scientific director"),
        addressee_id=get_organisation("opale").pk,
        asked=[RequestedCapabilityInput(key, essential) for key, essential in asked],
    ).need


def address(need: Need) -> str:
    return f"/en/needs/{need.key}"


def ask(manager, need: Need, *keys: str) -> list[TeamRequest]:
    offers = [get_organisation(key).offers.order_by("pk").first().pk for key in keys]
    manager.post(f"/en/needs/{need.key}/ask", {"offers": offers, "message": ""})
    return list(TeamRequest.objects.filter(need=need).order_by("pk"))


def next_act(client, need: Need) -> str:
    """What the box of the next act says; it has one primary button at most."""
    [box] = re.findall(r'<section class="now.*?</section>', page_text(client.get(address(need))), re.DOTALL)
    assert len(re.findall(r'class="(?:button )?go"', box)) <= 1
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", box))


def test_a_fresh_need_says_what_the_register_has_and_who_carries_it(need):
    manager = client_for("opale")
    assert "Next act: compose a team No team is asked yet. The register has offers for" in next_act(manager, need)
    page = page_words(manager, address(need))
    assert "10 working days left of 10" in page
    assert "nobody carries it take it" in page
    assert "confidential: who asks is known to those who answer alone" in page
    assert "“bispecific antibody” essential" in page
    assert "CD123" in page[page.index("Words not understood") :]
    assert "not asked yet" in page


def test_what_no_word_of_the_register_names_is_said_first():
    manager, need = client_for("opale"), stated([])
    need.asked.all().delete()
    assert "Next act: say what is asked" in next_act(manager, need)


def test_the_next_act_follows_what_the_teams_reply(need):
    manager, lead = client_for("opale"), client_for("alfa", "lead")
    first, second = ask(manager, need, "alfa", "filo")
    assert "has not answered yet" not in next_act(manager, need)
    waiting = next_act(manager, need)
    assert "Next act: wait for the teams ALFA and FILO have not answered yet, asked since" in waiting
    assert "Remind the teams" not in waiting  # they were written to today
    TeamRequest.objects.update(asked_at=timezone.now() - dt.timedelta(days=2))
    assert "Next act: wait for the teams" in next_act(manager, need)
    lead.post(f"/en/requests/{first.pk}", {"takes_part": "yes"})
    assert "Next act: write the answer ALFA said yes. FILO has not answered yet" in next_act(manager, need)
    page = page_words(manager, address(need))
    assert "covered ALFA" in page
    assert "by nobody" in page
    for request in (first, second):
        request.refresh_from_db()
        request.reply, request.replied_at = "no", timezone.now()
        request.save()
    assert "Next act: compose another team ALFA and FILO said no." in next_act(manager, need)


def test_a_team_is_reminded_once_a_day_from_the_page(need):
    manager = client_for("opale")
    (request,) = ask(manager, need, "alfa")
    assert f'value="{request.pk}">Remind' not in page_text(manager.get(address(need)))
    TeamRequest.objects.update(asked_at=timezone.now() - dt.timedelta(days=2))
    assert f'value="{request.pk}">Remind' in page_text(manager.get(address(need)))
    reminding = {"request": request.pk}
    done = page_text(manager.post(f"/en/needs/{need.key}/remind", reminding, follow=True))
    assert "ALFA is reminded by mail." in done
    assert "reminded on" in done
    again = page_text(manager.post(f"/en/needs/{need.key}/remind", reminding, follow=True))
    assert "remind it tomorrow, or call" in again


def test_a_need_that_waits_for_its_requester_says_for_what(need):
    manager = client_for("opale")
    manager.post(f"/en/needs/{need.key}/question", {"text": "How many pairs do you need?"})
    act = next_act(manager, need)
    assert "Next act: wait for the requester" in act
    assert "How many pairs do you need?" in act
    assert "clock stopped since" in act
    assert "Start the clock again" in act


def test_an_answered_need_says_what_was_sent_line_by_line(need):
    manager, lead = client_for("opale"), client_for("alfa", "lead")
    (request,) = ask(manager, need, "alfa")
    lead.post(f"/en/requests/{request.pk}", {"takes_part": "yes"})
    manager.post(f"/en/needs/{need.key}/answer?offer={request.offer_id}", SIGNED | {"letter": "Here is our team."})
    act = next_act(manager, need)
    assert "Next act: say what came of it The answer was sent on" in act
    assert "Note the meeting" in act
    assert "Compose a team" not in act
    page = page_words(manager, address(need))
    assert "covered ALFA" in page
    assert "working days left" not in page


def test_a_need_that_is_dealt_with_has_no_act(need):
    manager = client_for("opale")
    manager.post(f"/en/needs/{need.key}/decline", {"reason": "Nobody here does this."})
    assert "declined it on" in next_act(manager, need)
    withdrawn = stated()
    withdraw_need(actor=PUBLIC, at=timezone.now(), need_id=withdrawn.pk)
    act = next_act(manager, withdrawn)
    assert "The requester withdrew it on" in act
    assert "Decline" not in act


def test_a_declined_need_that_may_go_on_waits_for_a_yes(need):
    manager = client_for("opale")
    page = page_text(manager.get(f"/en/needs/{need.key}/decline"))
    (network,) = re.findall(r'name="pass_on_to" value="(\d+)"', page)
    manager.post(f"/en/needs/{need.key}/decline", {"reason": "Nobody here does this.", "pass_on_to": network})
    assert "wait for the requester’s yes" in next_act(manager, need)
    agree_to_pass_on(actor=PUBLIC, at=timezone.now(), need_id=need.pk, agrees=True)
    assert "wait for the requester’s yes" not in next_act(manager, need)


def test_a_need_that_stays_with_its_organisation_is_not_said_to_be_with_a_network(need):
    (case,) = running_need_cases(need.pk)
    apply_transition(actor=SYSTEM, at=timezone.now(), case_id=case.pk, transition="seek-agreement")
    agree_to_pass_on(actor=PUBLIC, at=timezone.now(), need_id=need.pk, agrees=False)
    page = page_words(client_for("opale"), address(need))
    assert "5 working days left" in page
    assert re.search(r"Stays with the organisation, since \d", page)
    assert "network" not in page[page.index("Next act") : page.index("What is asked")]


def test_a_colleague_is_handed_the_need_by_name(need):
    manager = client_for("opale")
    colleague = User.objects.create(email="colleague@example.org", name="Dominique Petit")
    Mandate.objects.create(
        person=colleague, organisation=get_organisation("opale"), role="manager", first_day="2020-01-01"
    )
    page = page_text(manager.get(address(need)))
    (row,) = re.findall(r'name="row" value="([^"]+)"', page)
    assert f'<option value="{colleague.pk}">Dominique Petit</option>' in page
    handing = {"do": "give", "row": row, "person": colleague.pk, "next": address(need)}
    assert "carried by Dominique Petit since" in page_text(manager.post("/en/desk/rows", handing, follow=True))


def test_who_changed_what_is_asked_stands_in_the_history(need):
    manager = client_for("opale")
    manager.post(f"/en/needs/{need.key}/specify", {"cap:aml": "no", "cap:mrd": "wished", "more": "paired samples"})
    page = page_words(manager, address(need))
    history = page[page.index("History") :]
    assert re.search(r"Also asked: paired samples?; Not asked any more: acute myeloid leukemia", history)
    assert "A wish now: " in history
    assert "by you" in history


def test_earlier_needs_of_the_same_requester_are_shown(need):
    later = stated()
    page = page_text(client_for("opale").get(address(later)))
    assert f'<a href="{address(need)}">An antibody</a>' in page


def test_a_team_that_is_asked_reads_the_need_without_the_acts(need):
    manager, lead = client_for("opale"), client_for("alfa", "lead")
    ask(manager, need, "alfa", "filo")
    page = page_words(lead, address(need))
    assert "Next act" not in page
    assert "FILO " not in page[page.index("Teams asked") :]
    assert "History" not in page
