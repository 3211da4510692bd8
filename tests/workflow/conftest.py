"""Definitions in force."""

import datetime as dt
from collections.abc import Iterator

import pytest


@pytest.fixture
def shipped(db: None) -> None:
    from maillage.workflow.shipped_definitions import (
        publish_shipped_definitions,  # Django is not set up when this file is read
    )

    publish_shipped_definitions(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.fixture
def changeable_guards() -> Iterator[None]:
    """Guards may be set and removed within the test."""
    from maillage.workflow.guards import GUARDS  # as above

    with GUARDS.temporary_changes():
        yield
