"""Actions over the API: done once, on the version that was read, refused as the page refuses them."""

import json
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from maillage.api.action_endpoints import arguments_model, exposed_actions
from maillage.api.models import StoredResponse
from maillage.core.action_registry import REGISTRY, Action
from maillage.core.models import Contradiction
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation
from maillage.workflow.models import Case
from maillage.workflow.shipped_definitions import publish_shipped_definitions

# The whole API is built for them, which takes seconds.
pytestmark = pytest.mark.programs

ROOT = "/api/v1/actions/"
SETTLE, REOPEN = "core.settle_contradiction", "core.reopen_contradiction"
DESCRIBE = "register.describe_organisation"
MORE = {"side": "a", "reason": "Read again."}


@pytest.fixture
def contradiction(db) -> Contradiction:
    return Contradiction.objects.create(topic_en="How many?", a_en="Two", b_en="Three")


@pytest.fixture
def client(officer, with_token) -> Client:
    return with_token(officer, "read", "write")


def run(client: Client, name: str, body: object, status: int, **headers: str) -> dict:
    text = body if isinstance(body, str) else json.dumps(body)
    response = client.post(ROOT + name, text, "application/json", headers=headers)
    assert response.status_code == status, response.content.decode()[:500]
    if status >= 400:
        assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content) | {"headers": response.headers}


def manages(person: User, organisation: Organisation) -> Mandate:
    first_day = timezone.localdate()
    return Mandate.objects.create(person=person, organisation=organisation, role="manager", first_day=first_day)


def test_an_action_is_done_with_its_history(client, contradiction, officer):
    done = run(client, SETTLE, {"contradiction_id": contradiction.pk, **MORE}, 200)
    contradiction.refresh_from_db()
    assert (contradiction.settled_side, contradiction.settled_by) == ("a", officer.name)
    href = f"/api/v1/contradictions/{contradiction.pk}"
    assert done["result"] == {"kind": "core.contradiction", "id": contradiction.pk, "href": href}
    assert client.get(href)["ETag"].startswith(done["headers"]["ETag"].rstrip('"'))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"side": "a", "reason": "r"}, "contradiction_id"),
        ({"contradiction_id": "one", **MORE}, "contradiction_id"),
        ({"contradiction_id": 1, **MORE, "actor": "me"}, "actor"),
        ({"contradiction_id": 1, **MORE, "reason": 3}, "reason"),
    ],
)
def test_a_body_that_does_not_fit_names_the_place(client, body, place):
    [error] = run(client, SETTLE, body, 422)["errors"]
    assert error["place"] == place
    assert error["detail"]


def test_refusals_are_those_of_the_action(client, contradiction, person, with_token):
    body = {"contradiction_id": contradiction.pk, **MORE}
    assert "officer" in run(with_token(person, "write"), SETTLE, body, 403)["detail"]
    run(client, SETTLE, body, 200)
    assert "reopen it first" in run(client, SETTLE, body, 409)["detail"]
    run(client, SETTLE, {"contradiction_id": 10**30, **MORE}, 404)
    run(client, SETTLE, "{", 400)
    run(client, SETTLE, {"contradiction_id": contradiction.pk, "side": "a", "reason": "\0"}, 422)


def test_the_same_key_does_it_once(client, contradiction):
    body = {"contradiction_id": contradiction.pk, **MORE}
    key = {"Idempotency-Key": "one"}
    first, second = (run(client, SETTLE, body, 200, **key) for _time in range(2))
    assert first["result"] == second["result"]
    assert second["headers"]["Idempotent-Replayed"] == "true"
    assert run(client, SETTLE, {**body, "side": "b"}, 422, **key)["errors"][0]["place"] == "Idempotency-Key"
    StoredResponse.objects.update(given_at=timezone.now() - timezone.timedelta(hours=24))
    run(client, SETTLE, body, 409, **key)


def test_a_key_belongs_to_its_person(client, contradiction, person, with_token):
    body = {"contradiction_id": contradiction.pk, **MORE}
    run(client, SETTLE, body, 200, **{"Idempotency-Key": "one"})
    run(with_token(person, "write"), SETTLE, body, 403, **{"Idempotency-Key": "one"})


def test_a_key_belongs_to_its_token_and_mandate(person, with_token):
    here, there = (Organisation.objects.create(key=key, kind="other", name_en=key) for key in ("here", "there"))
    one, other = (manages(person, body) for body in (here, there))
    body = {"organisation_id": here.pk, "changes": {"city": "Lyon"}, "reason": "It moved."}
    key = {"Idempotency-Key": "one"}
    client = with_token(person, "write", mandate_id=one.pk)
    run(client, DESCRIBE, body, 200, **key)
    assert run(client, DESCRIBE, body, 200, **key)["headers"]["Idempotent-Replayed"] == "true"
    run(with_token(person, "write", mandate_id=other.pk), DESCRIBE, body, 403, **key)
    run(with_token(person, "write", mandate_id=one.pk), DESCRIBE, body, 422, **key)


def test_a_key_belongs_to_the_version_wanted(client, contradiction):
    body = {"contradiction_id": contradiction.pk, **MORE}
    version = client.get(f"/api/v1/contradictions/{contradiction.pk}")["ETag"]
    key = {"Idempotency-Key": "one", "If-Match": version}
    run(client, SETTLE, body, 200, **key)
    assert run(client, SETTLE, body, 200, **key)["headers"]["Idempotent-Replayed"] == "true"
    run(client, SETTLE, body, 422, **{**key, "If-Match": '"another"'})
    run(client, SETTLE, body, 422, **{"Idempotency-Key": "one"})


def test_what_went_out_of_reach_by_the_request_itself_is_answered_again(person, with_token):
    here = Organisation.objects.create(key="here", kind="other", name_en="Here")
    client = with_token(person, "write", mandate_id=manages(person, here).pk)
    later = timezone.localdate() + timezone.timedelta(days=9)
    lead = Mandate.objects.create(person=person, organisation=here, role="lead", first_day=later)
    # One that has not begun is removed, and concerns no organisation any more.
    body = {"mandate_id": lead.pk, "last_day": timezone.localdate().isoformat(), "reason": "A mistake."}
    key = {"Idempotency-Key": "one"}
    run(client, "people.end_mandate", body, 200, **key)
    assert run(client, "people.end_mandate", body, 200, **key)["headers"]["Idempotent-Replayed"] == "true"
    run(client, "people.end_mandate", body, 403, **{"Idempotency-Key": "two"})
    Mandate.objects.filter(role="manager").update(role="lead")
    run(client, "people.end_mandate", body, 403, **key)


def test_a_refused_action_can_be_sent_again_with_its_key(client, contradiction):
    key = {"Idempotency-Key": "again"}
    body = {"contradiction_id": contradiction.pk, **MORE}
    Contradiction.objects.update(settled_side="b")
    run(client, SETTLE, body, 409, **key)
    Contradiction.objects.update(settled_side="")
    run(client, SETTLE, body, 200, **key)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_sent_at_once_does_it_once(client, contradiction):
    body = {"contradiction_id": contradiction.pk, **MORE}
    codes: list[int] = []

    def send() -> None:
        response = client.post(ROOT + SETTLE, json.dumps(body), "application/json", headers={"Idempotency-Key": "same"})
        codes.append(response.status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 4


def test_a_stale_reading_is_refused(client, contradiction):
    href = f"/api/v1/contradictions/{contradiction.pk}"
    body = {"contradiction_id": contradiction.pk, **MORE}
    version = client.get(href)["ETag"]
    Contradiction.objects.update(b_en="Four")
    run(client, SETTLE, body, 412, **{"If-Match": version})
    contradiction.refresh_from_db()
    assert contradiction.is_open
    run(client, SETTLE, body, 200, **{"If-Match": client.get(href)["ETag"]})
    run(client, REOPEN, {"contradiction_id": contradiction.pk, "reason": "r"}, 200, **{"If-Match": "*"})
    run(client, "api.revoke_token", {"token_id": 1}, 422, **{"If-Match": "*"})


def test_who_may_not_act_learns_no_version(contradiction, person, with_token):
    body = {"contradiction_id": contradiction.pk, **MORE}
    run(with_token(person, "write"), SETTLE, body, 403, **{"If-Match": '"wrong"'})


def test_every_action_has_an_address_or_says_that_it_has_none(client):
    named = {one["name"] for one in json.loads(client.get("/api/v1/actions").content)["actions"]}
    assert named == {name for name, one in REGISTRY.items() if one.over_api}
    assert {"offers.load_vocabulary", "publishing.load_lists"} <= set(REGISTRY) - named
    for action in exposed_actions():
        assert arguments_model(action).model_json_schema()["additionalProperties"] is False


class _Stream:
    """What no JSON makes."""


def test_an_action_that_takes_no_json_must_say_so():
    def run(*, actor: object, at: object, stream: _Stream) -> None:
        """Never run."""

    with pytest.raises(TypeError, match="over_api=False"):
        arguments_model(Action("room.take", "Take", frozenset(), run))


def test_files_of_the_server_are_no_arguments():
    taken = [field.annotation for one in exposed_actions() for field in arguments_model(one).model_fields.values()]
    assert not [each for each in taken if each is Path]


def test_a_case_is_opened_and_taken_on(client):
    publish_shipped_definitions(timezone.now())
    town = Organisation.objects.create(key="town", kind="other", name_fr="Une ville")
    body = {"process": "correction", "record": ["register.organisation", town.pk]}
    case = run(client, "workflow.open_case", body, 200)["result"]["id"]
    assert Case.objects.get(pk=case).state == "received"
    run(client, "workflow.apply_transition", {"case_id": case, "transition": "accept"}, 409)
    run(client, "workflow.apply_transition", {"case_id": case, "transition": "accept", "reason": "Read."}, 200)
    assert Case.objects.get(pk=case).state == "accepted"
    run(client, "workflow.apply_transition", {"case_id": case, "transition": "no-such-way", "reason": "Read."}, 409)


def test_what_a_stolen_token_must_not_do_has_no_address():
    names = {one.name for one in exposed_actions()}
    assert not names & {
        "api.create_token",
        "people.accept_invitation",
        "people.create_account",
        "people.end_session",
        "people.erase_account",
        "people.open_account",
    }
