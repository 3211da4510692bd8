"""The small networks of other rooms; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    from tests.partnerships.sample_needs import create_sample_network as made

    return made()


@pytest.fixture
def wave(db: None) -> Any:
    from tests.calls.sample_call import publish_sample_call as made

    return made()


@pytest.fixture
def followed(db: None) -> Any:
    from tests.charter.sample_charter import publish_sample_charter as made

    return made()
