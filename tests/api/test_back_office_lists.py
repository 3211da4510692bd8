"""What is worked with behind the register, over the API: each sees what is theirs, with the numbers for actions."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from pghistory.models import Context

from maillage.calls.models import Application, Call, CallVersion
from maillage.charter.models import Certificate, Finding, FollowUp
from maillage.core.actors import SYSTEM
from maillage.files.actions.files import attach_file
from maillage.files.uploads import receive_file
from maillage.labels.models import Award, Label
from maillage.listing.listing import BACK_OFFICE
from maillage.notifications.models import Notice
from maillage.offers.models import Offer
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.people.actions.invitations import invite
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.actions.merges import merge_organisations
from maillage.register.models import Lookalike, Organisation
from maillage.reviews.models import Assignment, Decision, Reviewer
from maillage.workflow.actions.cases import open_case
from maillage.workflow.models import Case, ProcessDefinition
from maillage.workflow.shipped_definitions import publish_shipped_definitions
from tests.calls.sample_call import TEXT
from tests.files import sample_files

pytestmark = pytest.mark.django_db

OFFICERS = {"audit", "lookalikes", "merges"}
MANAGERS = {"cases", "mandates", "invitations", "notices", "files", "team-requests", "certificates", "findings"}
MANAGERS |= {"replies", "assignments", "decisions"}


@dataclass(frozen=True)
class House:
    """The clients of those who look, and one record of each kind that belongs to the manager or to the site."""

    manager: Client
    neighbour: Client
    officer: Client
    own: Organisation
    numbers: dict[str, object]


def body(key: str) -> Organisation:
    return Organisation.objects.create(key=key, kind="other", name_en=key.title())


def manager_of(organisation: Organisation) -> Mandate:
    person = User.objects.create(email=f"{organisation.key}@example.org", name=organisation.key)
    return Mandate.objects.create(person=person, organisation=organisation, role="manager", first_day="2020-01-01")


def asked(own: Organisation) -> TeamRequest:
    need = Need.objects.create(
        key="n", title="A need", text="A need", language="en", stated_at=timezone.now(), visibility="organisation"
    )
    institute = Organisation.objects.create(key="institute", kind="institute", name_fr="Institut")
    NeedAddress.objects.create(need=need, organisation=own, role=NeedAddressRole.ASKED, since=timezone.now())
    answering = {"role": NeedAddressRole.ADDRESSEE, "since": timezone.now(), "promised_day": "2099-01-01"}
    NeedAddress.objects.create(need=need, organisation=institute, **answering)
    offer = Offer.objects.create(key="o", provider=own, title_en="An offer")
    return TeamRequest.objects.create(need=need, offer=offer, asked_at=timezone.now(), readers=[own.pk])


def followed(own: Organisation) -> dict[str, object]:
    """A certificate and a finding of a label that the body holds."""
    label, day = Label.objects.create(key="mark", name_fr="Label"), timezone.localdate()
    award = Award.objects.create(label=label, holder=own)
    follow_up = FollowUp.objects.create(award=award, label=label, holder=own, begun_on=day)
    certificate = Certificate(follow_up=follow_up, standard="ISO 9001", valid_from=day, valid_until=day)
    finding = Finding(follow_up=follow_up, commitment="plan", text="Old.", due_on=day, found_on=day)
    certificate.save()
    finding.save()
    return {"certificates": certificate.pk, "findings": finding.pk}


def judged(own: Organisation) -> dict[str, object]:
    """What a dossier of the body says, what is asked and decided of one that was sent to it."""
    at = timezone.now()
    label = Label.objects.create(key="another", name_fr="Label", authority=own)
    call = Call.objects.create(key="call", label=label, opens_at=at, closes_at=at + dt.timedelta(days=1))
    version = CallVersion.objects.create(call=call, version=1, text=TEXT, published_at=at, reason="r")
    application = Application.objects.create(key="d", version=version, title="D", begun_at=at)
    application.parties.create(organisation=own, part="lead")
    reply = application.replies.create(section="summary", question="abstract", value="Said.", at=at)
    reviewer = Reviewer.objects.create(
        call=call, person=User.objects.create(email="r@example.org"), operator_ids=[own.pk]
    )
    asked = Assignment.objects.create(reviewer=reviewer, application=application)
    decision = Decision.objects.create(application=application, outcome="award", proposed_at=at, readers=[own.pk])
    return {"replies": reply.pk, "assignments": asked.pk, "decisions": decision.pk}


@pytest.fixture
def house(officer: User, with_token: Callable[..., Client]) -> House:
    at = timezone.now()
    publish_shipped_definitions(at)
    own, other, twin, copy = (body(key) for key in ("own", "other", "twin", "copy"))
    held, foreign = manager_of(own), manager_of(other)
    acting, chief = actor_of(held.person, at, held.pk), actor_of(officer, at)
    with receive_file("report.pdf", [sample_files.PDF]) as incoming:
        where = {"record_kind": "register.organisation", "record_id": own.pk, "organisation_id": own.pk}
        file = attach_file(actor=SYSTEM, at=at, incoming=incoming, **where)
    offered = {"email": "new@example.org", "name": "New", "role": "lead", "first_day": timezone.localdate()}
    numbers = {
        "cases": open_case(actor=acting, at=at, process="correction", record=("register.organisation", own.pk)).pk,
        "mandates": held.pk,
        "invitations": invite(actor=acting, at=at, organisation_id=own.pk, **offered).pk,
        "notices": Notice.objects.create(
            person=held.person, kind="k", subject_en="News", subject_fr="Avis", pace="none", created_at=at
        ).pk,
        "files": file.pk,
        **followed(own),
        **judged(own),
        "team-requests": asked(own).pk,
        "processes": ProcessDefinition.objects.get(name="correction").pk,
        "lookalikes": Lookalike.objects.create(organisation=own, incoming=other).pk,
        "merges": merge_organisations(actor=chief, at=at, kept_id=twin.pk, absorbed_id=copy.pk, reason="One body.").pk,
        "audit": str(Context.objects.get(metadata__action="register.merge_organisations").pk),
    }
    tokens = [with_token(one.person, "read", "write", mandate_id=one.pk) for one in (held, foreign)]
    return House(*tokens, with_token(officer, "read", "write"), own, numbers)


def seen(client: Client, name: str) -> dict[object, dict]:
    answer = client.get(f"/api/v1/{name}")
    assert answer.status_code == 200, answer.content
    return {item["number"]: item for item in json.loads(answer.content)["items"]}


def test_every_list_is_tried(house):
    assert set(house.numbers) == set(BACK_OFFICE)


@pytest.mark.parametrize("name", sorted(BACK_OFFICE))
def test_each_sees_what_is_theirs_and_no_other_does(house, name):
    number = house.numbers[name]
    sees = {
        who: number in seen(client, name)
        for who, client in {"public": Client(), "neighbour": house.neighbour, "manager": house.manager}.items()
    }
    everybody = name == "processes"
    assert sees == {"public": everybody, "neighbour": everybody, "manager": everybody or name in MANAGERS}
    assert (number in seen(house.officer, name)) is (name not in {"notices", "team-requests"})


@pytest.mark.parametrize("name", sorted(BACK_OFFICE))
def test_each_record_has_its_address_for_the_same_readers(house, name):
    client = house.officer if name in OFFICERS else house.manager
    item = seen(client, name)[house.numbers[name]]
    record = client.get(item["href"])
    assert json.loads(record.content) == {"listing": name, **item}
    assert client.get(item["href"], headers={"If-None-Match": record["ETag"]}).status_code == 304
    assert house.neighbour.get(item["href"]).status_code == (200 if name == "processes" else 404)


@pytest.mark.parametrize("name", sorted(BACK_OFFICE))
def test_every_sort_walks_the_whole_list_and_files_hold_it(house, name):
    client = house.officer if name in OFFICERS else house.manager
    every = set(seen(client, name))
    for sort in BACK_OFFICE[name].sorts:
        found, address = [], f"/api/v1/{name}?limit=1&sort={sort.key}"
        while address:
            page = json.loads(client.get(address).content)
            found += [item["number"] for item in page["items"]]
            address = page["next"]
        assert (len(found), set(found)) == (len(every), every)
    sheet = b"".join(client.get(f"/api/v1/{name}", headers={"Accept": "text/csv"}).streaming_content).decode()
    assert len(sheet.splitlines()) > len(every)
    assert client.get(f"/api/v1/{name}", headers={"Accept": "application/ld+json"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "query", "other"),
    [
        ("cases", {"process": "correction", "running": "yes", "q": "own"}, {"running": "no"}),
        ("mandates", {"role": "manager", "organisation": "own"}, {"organisation": "other"}),
        ("invitations", {"unanswered": "yes", "open": "yes"}, {"unanswered": "no"}),
        ("notices", {"unread": "yes"}, {"unread": "no"}),
        ("files", {"record_kind": "register.organisation"}, {"record_id": "0"}),
        ("audit", {"action": "register.merge_organisations", "q": "an officer"}, {"q": "nobody"}),
        ("merges", {"standing": "yes"}, {"standing": "no"}),
        ("processes", {"process": "correction"}, {"process": "none"}),
    ],
)
def test_lists_are_narrowed(house, name, query, other):
    client = house.officer if name in OFFICERS else house.manager
    narrowed = [json.loads(client.get(f"/api/v1/{name}", asked).content)["items"] for asked in (query, other)]
    assert house.numbers[name] in [item["number"] for item in narrowed[0]]
    assert house.numbers[name] not in [item["number"] for item in narrowed[1]]


@pytest.mark.parametrize("query", ["known=2026-01-01T00:00", "after=WyJ4Il0", "organisation_id=many", "colour=red"])
def test_what_cannot_be_read_is_a_problem(house, query):
    answer = house.manager.get(f"/api/v1/cases?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def act(client: Client, name: str, **arguments: object) -> dict:
    answer = client.post(f"/api/v1/actions/{name}", arguments, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_the_numbers_are_those_that_actions_ask_for(house):
    case = next(iter(seen(house.officer, "cases").values()))
    done = act(house.officer, "workflow.apply_transition", case_id=case["number"],
               transition=case["fields"]["transitions"][0], reason="Seen.")  # fmt: skip
    assert done["result"] == {"kind": "workflow.case", "id": case["number"], "href": case["href"]}
    record = json.loads(house.manager.get("/api/v1/organisations/own").content)
    changed = {"organisation_id": record["number"], "changes": {"city": "Lyon"}, "reason": "It moved."}
    act(house.manager, "register.describe_organisation", **changed)
    act(house.manager, "notifications.mark_notices_read", up_to=house.numbers["notices"])
    assert seen(house.manager, "notices")[house.numbers["notices"]]["fields"]["read_at"]
    act(house.manager, "people.withdraw_invitation", invitation_id=house.numbers["invitations"])
    act(house.officer, "files.remove_file", file_id=house.numbers["files"], reason="Wrong one.")
    assert not seen(house.manager, "files")
    act(house.officer, "register.undo_merge", merge_id=house.numbers["merges"], reason="Two bodies.")
    act(house.officer, "register.decide_lookalike", lookalike_id=house.numbers["lookalikes"],
        decision="different", reason="Two.")  # fmt: skip
    assert Case.objects.get(pk=case["number"]).state != case["fields"]["state_key"]


def test_who_is_no_manager_sees_their_own_mandate_alone(house, with_token):
    lead = Mandate.objects.create(
        person=User.objects.create(email="lead@example.org", name="Lead"), organisation=house.own, role="lead",
        first_day="2020-01-01",
    )  # fmt: skip
    client = with_token(lead.person, "read", mandate_id=lead.pk)
    assert set(seen(client, "mandates")) == {lead.pk}
    assert seen(client, "invitations") == {}
    assert {lead.pk, house.numbers["mandates"]} <= set(seen(house.manager, "mandates"))


def test_a_file_is_not_told_to_who_may_not_see_its_record(house):
    Organisation.objects.filter(pk=house.own.pk).update(visibility="named")
    assert seen(house.manager, "files") == {}
    assert set(seen(house.officer, "files")) == {house.numbers["files"]}


def test_the_secret_of_an_invitation_is_in_no_answer(house):
    item = seen(house.manager, "invitations")[house.numbers["invitations"]]
    assert not {"secret", "link", "token"} & set(item["fields"])
