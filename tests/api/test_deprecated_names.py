"""Old names of the API are answered, and say that they are deprecated."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from maillage.api.action_endpoints import arguments_model
from maillage.api.deprecated_names import ACTIONS, ARGUMENTS, KINDS
from maillage.api.openapi_schema import get_openapi_schema
from maillage.api.webhooks.actions.webhooks import create_webhook
from maillage.api.webhooks.models import Delivery
from maillage.core.action_registry import REGISTRY
from maillage.core.actions.contradictions import settle_contradiction
from maillage.core.actors import SYSTEM
from maillage.core.models import Contradiction
from maillage.people.queries import actor_of
from maillage.register.models import Organisation

# The whole API is built for them, which takes seconds.
pytestmark = pytest.mark.programs

ROOT = "/api/v1/actions/"
# Every action that version 0.1 had over the API, with its arguments.
ACTIONS_OF_0_1 = json.loads((Path(__file__).parent / "actions_of_0_1.json").read_text("utf-8"))
RENAMED = sorted(set(ACTIONS) & set(ACTIONS_OF_0_1))
MORE = {"side": "a", "reason": "Read again."}


@pytest.fixture
def client(officer, with_token) -> Client:
    return with_token(officer, "read", "write")


@pytest.fixture
def contradiction(db) -> Contradiction:
    return Contradiction.objects.create(topic_en="How many?", a_en="Two", b_en="Three")


@pytest.mark.parametrize("name", sorted(ACTIONS_OF_0_1))
def test_every_action_of_before_takes_its_old_arguments(name):
    current = ACTIONS.get(name, name)
    assert REGISTRY[current].over_api
    old_arguments = dict.fromkeys(ACTIONS_OF_0_1[name])
    model = arguments_model(REGISTRY[current], name if name in ACTIONS else "")
    renamed = {ARGUMENTS.get(current, {}).get(argument, argument) for argument in old_arguments}
    assert renamed <= set(model.model_fields)
    assert not [added for added in model.model_fields.keys() - renamed if model.model_fields[added].is_required()]


def test_every_old_name_is_answered_as_deprecated(client):
    for name in RENAMED:
        response = client.post(ROOT + name, '{"unknown": 1}', "application/json")
        assert response.status_code == 422, name
        assert response["Deprecation"].startswith("@")
        assert response["Link"] == f'<{ROOT}{ACTIONS[name]}>; rel="successor-version"'


def test_an_old_name_runs_the_action_with_its_old_answer(client, contradiction):
    body = json.dumps({"contradiction_id": contradiction.pk, **MORE})
    response = client.post(f"{ROOT}kernel.settle_contradiction", body, "application/json")
    assert response.status_code == 200
    assert response["Deprecation"]
    assert response.json()["result"]["id"] == contradiction.pk
    contradiction.refresh_from_db()
    assert contradiction.settled_side == "a"


def test_old_arguments_are_taken_under_old_and_new_names(client):
    for name in ("calls.send_dossier", "reviews.file_appeal"):
        body = {"dossier_id": 1} | ({"text": "Why?"} if name == "reviews.file_appeal" else {})
        response = client.post(ROOT + name, json.dumps(body), "application/json")
        assert response.status_code in (403, 404), response.content.decode()
    response = client.post(f"{ROOT}calls.send_dossier", '{"dossier_id": "x"}', "application/json")
    assert response.json()["errors"][0]["place"] == "dossier_id"


def test_old_kinds_of_record_are_taken(client):
    organisation = Organisation.objects.create(key="here", kind="other", name_en="Here")
    assert organisation.pk
    assert client.get("/api/v1/files?record_kind=calls.dossier").status_code == 200
    for name in KINDS.values():
        assert apps.get_model(name)


def test_unknown_names_and_current_ones_are_not_deprecated(client):
    response = client.post(f"{ROOT}kernel.nothing", "{}", "application/json")
    assert response.status_code == 404
    assert "Deprecation" not in response
    response = client.post(f"{ROOT}core.settle_contradiction", "{}", "application/json")
    assert "Deprecation" not in response


def test_the_description_marks_old_names():
    operations = {
        path.removeprefix(ROOT): item["post"] for path, item in get_openapi_schema()["paths"].items() if ROOT in path
    }
    assert sorted(name for name, operation in operations.items() if operation.get("deprecated")) == RENAMED
    assert "Deprecation" in operations[RENAMED[0]]["responses"]["200"]["headers"]


@pytest.mark.django_db
def test_a_webhook_subscribed_to_an_old_name_gets_it(officer, contradiction):
    at = timezone.now()
    names = ["kernel.settle_contradiction"]
    create_webhook(actor=actor_of(officer, at), at=at, url="https://example.org/hook", names=names)
    settle_contradiction(actor=SYSTEM, at=at, contradiction_id=contradiction.pk, **MORE)
    assert json.loads(Delivery.objects.get().body)["type"] == "kernel.settle_contradiction"
