"""How many queries each list costs, over the API and as a page, is recorded: a change fails until it is recorded too.

Measured for a visitor, for a person who holds six mandates and uses one of them, and for a program with a token.

`MAILLAGE_RECORD=1 pytest tests/api/test_query_counts.py` records what it measures.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.listing.listing import BACK_OFFICE, LISTINGS
from maillage.people.models import Mandate, User
from maillage.register.models import Organisation

pytestmark = pytest.mark.django_db

RECORDED = Path(__file__).with_name("query_counts.json")


@pytest.fixture
def holder(example, person: User) -> Client:
    """Who holds six mandates, and uses one."""
    visitor = Client()
    visitor.force_login(person)
    session = visitor.session
    session["mandate"] = hold(person, 6)
    session.save()
    return visitor


def hold(person: User, number: int) -> int:
    """Give a person the mandates of managers for so many organisations; returns the last of them."""
    bodies = Organisation.objects.exclude(mandates__person=person).order_by("pk")[:number]
    given = [
        Mandate.objects.create(person=person, organisation=body, role="manager", first_day="2020-01-01")
        for body in bodies
    ]
    return given[-1].pk


def cost(client: Client, address: str) -> int:
    """The queries of an address that was asked for before."""
    client.get(address)
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told)


@pytest.fixture
def program(example, with_token: Callable[..., Client]) -> Client:
    """What reads with the token of a manager."""
    manager = User.objects.create(email="manager@example.org", name="A manager")
    return with_token(manager, "read", mandate_id=hold(manager, 1))


@pytest.fixture
def measured(example, client: Client, holder: Client, program: Client) -> dict[str, int]:
    found = {}
    for name in sorted(LISTINGS):
        for address in (f"/api/v1/{name}", f"/en/{name}/"):
            found[address] = cost(client, address)
        found[f"/en/{name}/ with six mandates"] = cost(holder, f"/en/{name}/")
        found[f"/api/v1/{name} with a token"] = cost(program, f"/api/v1/{name}")
    for name in sorted(BACK_OFFICE):
        found[f"/api/v1/{name} with a token"] = cost(program, f"/api/v1/{name}")
    return found | {"/en/desk with six mandates": cost(holder, "/en/desk")}


def test_the_lists_cost_the_queries_recorded(measured):
    if os.environ.get("MAILLAGE_RECORD"):
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
    assert measured == json.loads(RECORDED.read_text("utf-8"))


@pytest.mark.parametrize("address", ["/en/organisations/", "/en/desk"])
def test_more_mandates_cost_no_more_queries(holder: Client, person: User, address):
    before = cost(holder, address)
    hold(person, 12)
    assert cost(holder, address) == before


def test_more_rows_cost_no_more_queries(example, client: Client):
    for name in (*sorted(LISTINGS), *sorted(BACK_OFFICE)):
        counts = []
        for limit in (2, 200):
            with CaptureQueriesContext(connection) as told:
                client.get(f"/api/v1/{name}", {"limit": limit})
            counts.append(len(told))
        assert counts[0] == counts[1], name
