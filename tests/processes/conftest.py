"""Definitions in force."""

import datetime as dt

import pytest


@pytest.fixture
def shipped(db: None) -> None:
    from maillage.kernel.processes.actions import publish_shipped  # Django is not set up when this file is read

    publish_shipped(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
