"""How many queries each list costs, over the API and as a page, is recorded: a change fails until it is recorded too.

`MAILLAGE_RECORD=1 pytest tests/api/test_query_counts.py` records what it measures.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.kernel.listing import LISTINGS
from maillage.web import urls  # noqa: F401 - every room declares its lists

RECORDED = Path(__file__).with_name("query_counts.json")


@pytest.fixture
def measured(example, client: Client) -> dict[str, int]:
    found = {}
    for name in sorted(LISTINGS):
        for address in (f"/api/v1/{name}", f"/en/{name}/"):
            client.get(address)
            with CaptureQueriesContext(connection) as told:
                assert client.get(address).status_code == 200
            found[address] = len(told)
    return found


def test_the_lists_cost_the_queries_recorded(measured):
    if os.environ.get("MAILLAGE_RECORD"):
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
    assert measured == json.loads(RECORDED.read_text("utf-8"))


def test_more_rows_cost_no_more_queries(example, client: Client):
    for name in sorted(LISTINGS):
        counts = []
        for limit in (2, 200):
            with CaptureQueriesContext(connection) as told:
                client.get(f"/api/v1/{name}", {"limit": limit})
            counts.append(len(told))
        assert counts[0] == counts[1], name
