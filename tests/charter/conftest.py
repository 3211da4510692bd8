"""The label of `world`; Django is not set up when this file is read."""

from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    from tests.charter.world import world as made

    return made()
