"""The label of `world`; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    from tests.charter.sample_charter import publish_sample_charter as made

    return made()
