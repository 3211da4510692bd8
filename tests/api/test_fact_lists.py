"""Facts over the API: the schema of a row, the lasting key of a fact, and the example of the documentation."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
from django.test import Client

from maillage.core.models import WithdrawnFact
from maillage.core.rows.list_register import FACT_LISTS
from maillage.register.models import Organisation, Tie

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
pytestmark = pytest.mark.django_db


def documented_calls() -> list[tuple[str, str]]:
    """The action and the body of each call on facts in the documentation."""
    calls = re.findall(r"api/v1/actions/(core\.\w+_fact) .*?-d '(\{.*?\})'\n", DOCS.read_text("utf-8"), re.DOTALL)
    return [(str(action), str(body)) for action, body in calls]


def test_the_documented_example_records_corrects_ends_and_withdraws(officer, with_token: Callable[..., Client]) -> None:
    client = with_token(officer, "read", "write")
    for key in ("opale", "inserm"):
        Organisation.objects.create(key=key, name_fr=key, kind="other")
    seen, fact_id = [], ""
    for action, documented in documented_calls():
        body = json.loads(documented)
        body |= {"fact_id": fact_id} if "fact_id" in body else {}
        validator = jsonschema_rs.validator_for(client.get(f"/api/v1/schemas/{body['list_name']}").json())
        assert action != "core.record_fact" or validator.is_valid(body["values"])
        answer = client.post(f"/api/v1/actions/{action}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        items = client.get("/api/v1/ties").json()["items"]
        fact_id = items[0]["fact"]["fact_id"] if items else ""
        seen.append(Tie.objects.values_list("period_start", "period_end").first())
    assert seen == [("2020-02", ".."), ("2020-02-07", ".."), ("2020-02-07", "2024-06"), None]
    assert WithdrawnFact.objects.count() == 1


def test_a_record_gives_the_key_of_its_fact(client: Client) -> None:
    organisation = Organisation.objects.create(key="opale", name_fr="Opale", kind="other")
    organisation.refresh_from_db()
    fact = {"list_name": "organisations", "fact_id": str(organisation.uid)}
    assert client.get("/api/v1/organisations/opale").json()["fact"] == fact
    assert client.get("/api/v1/organisations").json()["items"][0]["fact"] == fact


def test_each_list_has_a_schema_and_no_other(client: Client) -> None:
    assert set(client.get("/api/v1/schemas").json()["schemas"]) == set(FACT_LISTS)
    for name in FACT_LISTS:
        jsonschema_rs.meta.validate(client.get(f"/api/v1/schemas/{name}").json())
    assert client.get("/api/v1/schemas/nothing").status_code == 404
