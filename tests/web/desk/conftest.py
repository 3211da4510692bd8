"""The small network of `needs`; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    from tests.partnerships.sample_needs import create_sample_network as made

    return made()
