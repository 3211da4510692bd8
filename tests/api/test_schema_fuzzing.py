"""Whatever is sent, the API answers as its description says: a program that tries what it allows, and more.

`MAILLAGE_FUZZ=10000 scripts/test tests/api/test_robust.py` sends that many to each class of addresses.
"""

import os

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from maillage.api.openapi_schema import get_openapi_schema
from maillage.wsgi import application

pytestmark = pytest.mark.django_db

# To each class of addresses: half of what fits the description, half of what does not.
REQUESTS = int(os.environ.get("MAILLAGE_FUZZ", "400"))
SCHEMA = schemathesis.openapi.from_dict(get_openapi_schema())
SCHEMA.app = application
OPERATIONS = {one.ok().label: one.ok() for one in SCHEMA.get_all_operations()}

AS_DESCRIBED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def kind(label: str) -> str:
    """The class of an address: a list, a record, or an action."""
    return "actions" if label.startswith("POST") else "records" if "{slug}" in label else "lists"


CLASSES = {kind(label) for label in OPERATIONS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("place", sorted(CLASSES))
def test_no_request_breaks_it(example, officer, with_token, place, mode):
    # Each request has its own transaction, as when it is served.
    token = with_token(officer, "read", "write").defaults["HTTP_AUTHORIZATION"]
    chosen = [one for label, one in OPERATIONS.items() if kind(label) == place and "revoke_token" not in label]
    for operation in chosen:
        _try(operation, mode, token, -(-REQUESTS // (2 * len(chosen))))


def _try(operation: schemathesis.APIOperation, mode: GenerationMode, token: str, times: int) -> None:
    @settings(
        max_examples=times,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case) -> None:
        response = case.call(headers={"Authorization": token})
        assert response.status_code < 500, (case.as_curl_command(), response.text)
        case.validate_response(response, checks=AS_DESCRIBED)

    attempt()


@pytest.mark.django_db
def test_a_body_too_large_is_a_problem(client: Client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/api/v1/actions/core.settle_contradiction", "x" * 2000, "application/json")
    assert response["Content-Type"] == "application/problem+json"
    assert response.status_code < 500
