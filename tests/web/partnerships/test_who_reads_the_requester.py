"""Who reads by whose account a need was stated, on its page, in its history and on its case; and what stays then."""

import pytest
from django.utils import timezone
from pghistory.models import Context

from maillage.core.actors import SYSTEM
from maillage.core.security.session_scope import actor_scope
from maillage.partnerships.access_tokens import make_erasure_token
from maillage.partnerships.actions.needs import state_need
from maillage.partnerships.actions.requester import complain, reword_need, withdraw_need
from maillage.partnerships.actions.undelivered import note_undelivered
from maillage.partnerships.models import Message, Need, RequestedCapability, Requester, TeamRequest
from maillage.partnerships.need_inputs import RequestedCapabilityInput, RequesterInput
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.web.mandate_choice import MANDATE_SESSION_KEY
from maillage.workflow.models import Case, CaseStep
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for, client_of, get_organisation, page_text, page_words

pytestmark = pytest.mark.django_db

PERSON = "Zqxavier Durand"


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(timezone.now())


@pytest.fixture
def person(example):
    return actor_of(User.objects.create(email="zq@example.org", name=PERSON), timezone.now())


@pytest.fixture
def need(person) -> Need:
    now = timezone.now()
    need = state_need(
        actor=person, at=now, text="A phase I trial in AML, in adults.", title="A trial",
        asker=RequesterInput("A small company", "company@example.org", "The scientific director"),
        addressee_id=get_organisation("opale").pk, asked=[RequestedCapabilityInput("phase-1", True)],
    ).need  # fmt: skip
    reword_need(actor=person, at=now, need_id=need.pk, text="A phase I trial in AML, soon.", title="A trial")
    complain(actor=person, at=now, need_id=need.pk, text="Nobody has written to us.")
    return need


def ask_team(manager, need: Need) -> TeamRequest:
    offer = get_organisation("alfa").offers.order_by("pk").first()
    manager.post(f"/en/needs/{need.key}/ask", {"offers": [offer.pk], "message": ""})
    return TeamRequest.objects.get(need=need)


def test_who_states_a_confidential_need_with_an_account_is_named_to_nobody_by_the_history(need):
    manager = client_for("opale")
    ask_team(manager, need)
    address = f"/en/needs/{need.key}"
    for client in (manager, client_for("alfa", "lead")):
        words = page_words(client, address)
        assert "recorded · the requester" in words
        assert PERSON not in words
    for case in Case.objects.filter(record_id=need.pk):
        assert PERSON not in page_words(manager, f"/en/cases/{case.pk}")


def test_the_link_that_erases_does_not_record_whoever_is_signed_in(need, person):
    Case.objects.filter(definition__name="complaint").update(ended_at=timezone.now())
    withdraw_need(actor=person, at=timezone.now(), need_id=need.pk)
    client_of(person).post(f"/en/needs/erase/{make_erasure_token(need)}")
    need.refresh_from_db()
    assert need.is_erased
    assert not Context.objects.filter(metadata__user=person.user_id).exists()
    words = page_words(client_for("opale"), f"/en/needs/{need.key}")
    assert PERSON not in words
    assert "Words not understood" not in words


def test_a_team_reads_no_state_of_others_and_cannot_reply_once_the_need_is_dealt_with(need, person):
    request, lead = ask_team(client_for("opale"), need), client_for("alfa", "lead")
    assert "not asked yet" not in page_words(lead, f"/en/needs/{need.key}")
    assert "Send the reply" in page_words(lead, f"/en/requests/{request.pk}")
    withdraw_need(actor=person, at=timezone.now(), need_id=need.pk)
    assert "awaited" not in page_words(lead, f"/en/needs/{need.key}")
    words = page_words(lead, f"/en/requests/{request.pk}")
    assert "Send the reply" not in words
    assert "nothing to reply to any more" in words


def test_the_address_is_corrected_by_those_who_may_and_only_if_a_mail_came_back(need, person):
    manager, lead = client_for("opale"), client_for("opale", "lead")
    page, address = f"/en/needs/{need.key}", f"/en/needs/{need.key}/requester"
    assert manager.get(address).url == page
    note_undelivered(actor=SYSTEM, at=timezone.now(), need_id=need.pk, why="unknown")
    assert f'href="{address}"' in page_text(manager.get(page))
    assert manager.get(address).status_code == 200
    for other in (lead, client_of(person)):
        assert f'href="{address}"' not in page_text(other.get(page))


@pytest.mark.parametrize("role", ["reviewer", "clinical", "label-officer"])
def test_who_does_not_deal_with_needs_reads_neither_one_nor_the_reasons_of_its_steps(need, role):
    reviewer = client_for("opale", role)
    assert reviewer.get(f"/en/needs/{need.key}").status_code == 404
    assert need.title not in page_text(reviewer.get("/en/needs/"))
    for case in Case.objects.filter(record_id=need.pk):
        assert reviewer.get(f"/en/cases/{case.pk}").status_code == 404
    reader = actor_of(
        User.objects.get(email=f"{role}-opale@example.org"), timezone.now(), reviewer.session[MANDATE_SESSION_KEY]
    )
    with actor_scope(reader):
        for model in (Need, RequestedCapability, Case, CaseStep, Requester, Message):
            assert not model.objects.exists()
    Case.objects.update(roles=[role])
    with actor_scope(reader):
        assert Case.objects.exists()
        assert not Need.objects.exists()
