"""The pages of processes and cases, and the report of an error."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from maillage.people.models import Mandate, User
from maillage.projects.models import Party
from maillage.register.models import Organisation
from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.web.clients import client_for
from tests.workflow.sample_cases import MONDAY, open_sample_case

pytestmark = pytest.mark.django_db

REPORT = "/fr/reports/new/parties/thema"
WRONG = "La ville n’est pas la bonne : voir https://example.org."


@pytest.fixture(autouse=True)
def _in_force(example) -> None:
    publish_shipped_definitions(MONDAY)


@pytest.fixture(autouse=True)
def _parties(_in_force: None) -> None:
    """The parties of past projects, which are no facts of a list: an error of theirs is told as a case."""
    for key in ("thema", "alfa"):
        organisation = Organisation.objects.get(key=key)
        Party.objects.create(key=key, number=key, name=key, kind="REC", organisation=organisation, tie="name")


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(User.objects.create(email="officer@example.org", name="An officer", is_officer=True))
    return client


@pytest.fixture
def manager() -> Client:
    """A manager of THEMA, acting in that mandate."""
    person = User.objects.create(email="manager@example.org", name="A manager")
    thema = Organisation.objects.get(key="thema")
    mandate = Mandate.objects.create(person=person, organisation=thema, role="manager", first_day="2020-01-01")
    visitor = Client()
    visitor.force_login(person)
    session = visitor.session
    session["mandate"] = mandate.pk
    session.save()
    return visitor


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_process_is_drawn_and_told_in_words(client: Client, language):
    assert "/processes/correction/" in text(client.get(f"/{language}/processes/"))
    page = text(client.get(f"/{language}/processes/correction/"))
    definition = ProcessDefinition.objects.get(name="correction").definition
    for name in definition.states:
        assert f'href="#state-{name}"' in page
        assert f'id="state-{name}"' in page
    for name in definition.transitions:
        assert f'href="#way-{name}"' in page
        assert f'id="way-{name}"' in page
    assert re.search(r"<svg[^>]*>\s*<title[^>]*>[^<]+</title>\s*<desc", page)
    assert "style=" not in page


@pytest.mark.parametrize("path", ["nothing/", "correction/versions/9", "correction/versions/99999999999999999999"])
def test_what_is_not_there_is_told(client: Client, path):
    assert client.get(f"/fr/processes/{path}").status_code == 404


def test_only_officers_edit(client: Client, manager: Client):
    assert client.get("/fr/processes/correction/edit").status_code == 403
    assert manager.post("/fr/processes/correction/edit", {"text": "x", "do": "publish"}).status_code == 403


def test_an_officer_tries_then_publishes(officer: Client):
    open_sample_case()
    known = ProcessDefinition.objects.get(name="correction").text
    renamed = known.replace("  received:", "  arrived:").replace(": received", ": arrived")
    page = text(officer.post("/en/processes/correction/edit", {"text": renamed, "do": "try"}))
    assert "1 could not go on" in page
    assert ProcessDefinition.objects.filter(name="correction").count() == 1
    refused = officer.post("/en/processes/correction/edit", {"text": renamed, "do": "publish", "reason": ""})
    assert refused.status_code == 422
    officer.post("/en/processes/correction/edit", {"text": renamed, "do": "publish", "reason": "Plainer."})
    assert ProcessDefinition.objects.get(version=2).reason == "Plainer."
    assert "Plainer." in text(officer.get("/en/processes/correction/"))
    case = Case.objects.get()
    move = {"version": "2", "state": "arrived", "reason": "One way for all."}
    officer.post(f"/en/cases/{case.pk}/move", move)
    case.refresh_from_db()
    assert (case.state, case.definition.version) == ("arrived", 2)


def test_faults_are_shown_with_their_lines(officer: Client):
    known = ProcessDefinition.objects.get(name="correction").text
    line = known.splitlines().index("    to: accepted") + 1
    response = officer.post(
        "/en/processes/correction/edit", {"text": known.replace("to: accepted", "to: nowhere"), "do": "try"}
    )
    assert response.status_code == 422
    assert f"Line {line}: “nowhere” is not known here" in text(response)


def test_a_page_of_one_process_publishes_no_other(officer: Client):
    known = ProcessDefinition.objects.get(name="correction").text
    other = known.replace("process: correction", "process: other")
    assert officer.post("/en/processes/correction/edit", {"text": other, "do": "publish"}).status_code == 422


def test_a_reader_reports_an_error_and_reads_the_answer(client: Client, manager: Client):
    assert REPORT in text(client.get("/fr/parties/thema"))
    sent = client.post(REPORT, {"text": WRONG})
    assert sent.status_code == 302
    case = Case.objects.get()
    waiting = text(manager.get("/fr/desk"))
    assert f"/fr/cases/{case.pk}" in waiting
    assert WRONG in text(manager.get(f"/fr/cases/{case.pk}"))
    manager.post(f"/fr/cases/{case.pk}/take-on", {"transition": "answer", "reason": "Vérifié : c’est bien Paris."})
    assert "Vérifié : c’est bien Paris." in text(client.get(sent["Location"]))
    step = case.steps.last()
    assert (step.actor, step.on_behalf) == ("A manager", "THEMA")


def test_a_neighbour_sees_and_does_nothing(client: Client, manager: Client):
    client.post("/fr/reports/new/parties/alfa", {"text": WRONG})
    pk = Case.objects.get().pk
    for visitor in (manager, client):
        assert visitor.get(f"/fr/cases/{pk}").status_code == (302 if visitor is client else 404)
        answer = {"transition": "refuse", "reason": "x"}
        assert visitor.post(f"/fr/cases/{pk}/take-on", answer).status_code == 404
    assert f"/cases/{pk}" not in text(manager.get("/fr/desk"))
    assert Case.objects.get().state == "received"


def test_a_decision_without_reason_is_told(officer: Client):
    pk = open_sample_case().pk
    page = officer.post(f"/en/cases/{pk}/take-on", {"transition": "refuse", "reason": " "}, follow=True)
    assert "Say why." in text(page)
    page = officer.post(f"/en/cases/{pk}/take-on", {"transition": "fly", "reason": "x"}, follow=True)
    assert "choose again" in text(page)


@pytest.mark.parametrize("sent", ["", "short", "x" * 5000, "\0" * 20])
def test_a_report_that_says_nothing_is_refused(client: Client, sent):
    assert client.post(REPORT, {"text": sent}).status_code == 422


def test_a_flood_of_reports_is_stopped(client: Client):
    answers = [client.post(REPORT, {"text": WRONG}).status_code for _number in range(7)]
    assert answers == [302] * 5 + [422] * 2


@pytest.mark.parametrize(
    "path",
    ["reports/new/organisations/nothing", "reports/new/nothing/1", "reports/new/ties/x", "reports/abc"],
)
def test_odd_addresses_do_no_harm(client: Client, path):
    assert client.get(f"/fr/{path}").status_code == 404


def test_every_page_says_what_waits_by_any_mandate_and_what_is_overdue(manager: Client):
    thema = Organisation.objects.get(key="thema")
    open_sample_case(organisation_id=thema.pk, title="Overdue since the spring")
    for _visit in range(2):
        page = text(manager.get("/en/"))
        assert "1 thing waits for you" in page
        assert "1 overdue" in page
        # It is not missed with no mandate in use either.
        manager.post("/en/mandates/use", {"mandate": ""})
    assert "Overdue since the spring" in text(manager.get("/en/desk"))
    mandate = Mandate.objects.get(person__email="manager@example.org")
    used = manager.post("/en/mandates/use", {"mandate": mandate.pk, "next": "/en/desk"})
    assert used.headers["Location"] == "/en/desk"
    away = manager.post("/en/mandates/use", {"mandate": mandate.pk, "next": "https://example.org/"})
    assert away.headers["Location"] == "/en/mandates/"


def test_a_case_that_waits_by_several_ways_counts_once(manager: Client):
    person = User.objects.get(email="manager@example.org")
    User.objects.filter(pk=person.pk).update(is_officer=True)
    thema, opale = Organisation.objects.get(key="thema"), Organisation.objects.get(key="opale")
    Mandate.objects.create(person=person, organisation=thema, role="lead", first_day="2020-01-01")
    Mandate.objects.create(person=person, organisation=opale, role="manager", first_day="2020-01-01")
    for organisation in (thema, thema, opale):
        open_sample_case(organisation_id=organisation.pk)
    page = text(manager.get("/en/desk"))
    assert page.count('name="row" value="correction:') == 3
    assert "3 overdue" in page


@pytest.mark.parametrize(
    ("number", "said"), [(100, "100 things wait for you"), (101, "More than 100 things wait for you")]
)
def test_what_waits_is_counted_up_to_a_hundred(manager: Client, number: int, said: str):
    thema = Organisation.objects.get(key="thema")
    for _case in range(number):
        open_sample_case(organisation_id=thema.pk)
    page = text(manager.get("/en/"))
    assert said in page
    assert said.replace("things wait for you", "overdue").lower() in page


def test_nobody_else_is_told_what_waits(client: Client):
    open_sample_case(organisation_id=Organisation.objects.get(key="thema").pk)
    client.force_login(User.objects.create(email="other@example.org", name="Another"))
    assert "case waits for you" not in text(client.get("/en/"))


def test_whoever_moved_a_case_out_of_their_sight_arrives_at_their_desk(officer: Client):
    known = ProcessDefinition.objects.get(name="correction").text
    for_reviewers = known.replace("roles: [officer, manager]", "roles: [reviewer]")
    officer.post(
        "/en/processes/correction/edit", {"text": for_reviewers, "do": "publish", "reason": "Reviewers answer."}
    )
    case = open_sample_case(organisation_id=Organisation.objects.get(key="thema").pk, at=timezone.now())
    reviewer = client_for("thema", "reviewer")
    assert reviewer.get(f"/fr/cases/{case.pk}").status_code == 200
    moved = reviewer.post(f"/fr/cases/{case.pk}/take-on", {"transition": "answer", "reason": "C’est Paris."})
    case.refresh_from_db()
    assert case.ended_at
    assert moved["Location"] == "/fr/desk"
    assert reviewer.get(moved["Location"]).status_code == 200
